"""The browser as a terminal: Textual's web driver, with a line that may be slow and a server that may be gone."""

from __future__ import annotations

import os
import threading
from queue import Queue
from typing import Any

from textual import messages
from textual.drivers.web_driver import WebDriver


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


class WebLineDriver(WebDriver):
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

    def stop_application_mode(self) -> None:
        """Say goodbye, and wait until that is written."""
        super().stop_application_mode()
        self._writer_thread.stop(self.LAST_WORDS)

    def run_input_thread(self) -> None:
        """Read keys; where they end although the app has not, the server was killed, and so ends the app."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._app.post_message(messages.ExitApp())
