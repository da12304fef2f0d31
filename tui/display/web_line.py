"""The browser as a terminal: Textual's web driver, with a line that may be slow and a server that may be gone."""

from __future__ import annotations

import asyncio
import os
import threading
from queue import Queue
from typing import Any

from textual import messages
from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver, _ExitInput
from textual.events import Resize
from textual.geometry import Size

from tui.display.intake import Intake
from tui.display.quiet_mouse import QuietMouse

_ANSWER = b"\x1b[?2026;0$y"
"""What xterm.js 5 says to the question of synchronized updates: it does not know them, and takes no harm from them.

That it answers in order is all that tui/display/flow.py needs to know how much is on its way to the browser.
"""


class PipeWriter(threading.Thread):
    """Writes to the web server's pipe, so that a browser which reads slowly does not hold up the app.

    Its `_queue` has what waits, as that of Textual's WriterThread has; LineApp holds frames back by it.
    """

    def __init__(self, fileno: int) -> None:
        super().__init__(daemon=True, name="web-output")
        self._fileno = fileno
        self._queue: Queue[bytes | None] = Queue()

    def write(self, block: bytes) -> None:
        """Have a block written when all before it are."""
        self._queue.put(block)

    def run(self) -> None:
        """Write until the end; when nobody reads any more, throw away what is left."""
        gone = False
        while (block := self._queue.get()) is not None:
            left = memoryview(block)
            while left and not gone:
                try:
                    left = left[os.write(self._fileno, left) :]
                except OSError:
                    gone = True

    def stop(self, seconds: float) -> None:
        """Write what waits, for so long at most."""
        self._queue.put(None)
        self.join(seconds)


class WebLineDriver(QuietMouse, WebDriver):
    """A web driver that writes on a thread of its own, and ends the app when the server is gone."""

    LAST_WORDS = 3.0
    """Seconds that the last frame may take at the end."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._writer_thread = PipeWriter(self.fileno)
        self._write = self._writer_thread.write

    def start_application_mode(self) -> None:
        """Start the writer before anything is written."""
        self._writer_thread.start()
        super().start_application_mode()
        if self.quiet:
            self.write("\x1b[?1003l\x1b[?1002h")  # no moves of the mouse without a button

    def stop_application_mode(self) -> None:
        """Say goodbye, and wait until that is written."""
        super().stop_application_mode()
        self._writer_thread.stop(self.LAST_WORDS)

    def on_meta(self, packet_type: str, payload: dict[str, Any]) -> None:
        """Take what the server says beside keys. A size goes the way of the first one, which it must not overtake."""
        if packet_type != "resize":
            super().on_meta(packet_type, payload)
            return
        size = Size(payload["width"], payload["height"])
        self._size = (size.width, size.height)
        asyncio.run_coroutine_threadsafe(self._app._post_message(Resize(size, size)), self._loop)

    def run_input_thread(self) -> None:
        """Read what the page sends, until the app ends; where that ends first, the server was killed."""
        intake, packets = Intake("utf-8"), ByteStream()
        try:
            for data in self._input_reader:
                for kind, payload in packets.feed(data) if data else ():
                    if kind == "D":
                        for _ in range(payload.count(_ANSWER)):
                            self._app.post_message(messages.TerminalSupportsSynchronizedOutput())
                        for message in intake.feed(payload):
                            self.process_message(message)
                    else:
                        self._on_meta(kind, payload)
                # A packet has whole keys: what has begun in it is all there is.
                for message in intake.rest():
                    self.process_message(message)
        except _ExitInput:
            return
        if not self.exit_event.is_set():
            self._app.post_message(messages.ExitApp())
