"""The terminal itself: what Textual's driver leaves open about signals, odd input, other encodings and thin lines."""

from __future__ import annotations

import os
import selectors
import signal
import termios
from queue import Full
from typing import TYPE_CHECKING, Any, cast

from textual import constants
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Resize
from textual.geometry import Size

from tui.display.characters import terminal_encoding
from tui.display.intake import Intake
from tui.display.outlet import Outlet
from tui.display.quiet_mouse import QuietMouse

if TYPE_CHECKING:
    from tui.display.line_app import LineApp

_PATIENCE = 1.0
"""Seconds that the end of the screen waits for a terminal which does not read."""

_ENDS = {signal.SIGHUP: 0, signal.SIGTERM: 128 + signal.SIGTERM, signal.SIGINT: 128 + signal.SIGINT}
"""Signals that end the screen, and nothing else, and the exit codes that tell of them; a lost line is no failure."""


class LineDriver(QuietMouse, LinuxDriver):
    """A terminal at the other end of a line, which can be stopped, taken over, garbled or lost."""

    def __init__(self, app: Any, **settings: Any) -> None:
        super().__init__(app, **settings)
        self._encoding = terminal_encoding()
        self._file = cast(Any, self._outlet())
        self._raw: list[Any] | None = None
        """The terminal's attributes while it is ours."""
        # The loop runs these between two events. Textual's own handlers come in the middle of one, which may hold
        # what they wait for.
        self._loop.add_signal_handler(signal.SIGTSTP, self._sigtstp_application)
        self._loop.add_signal_handler(signal.SIGCONT, self._sigcont_application)
        for number, code in _ENDS.items():
            self._loop.add_signal_handler(number, self._end, number, code)

    def _outlet(self) -> Outlet:
        return Outlet(2, self._encoding)  # stderr, which Textual draws on

    def _end(self, number: int, code: int) -> None:
        """Leave the screen; a second signal of the kind does not wait for that."""
        self._loop.remove_signal_handler(number)
        self._app.exit(return_code=code)

    # -- stopped and continued ----------------------------------------------------------------------------------------

    def start_application_mode(self) -> None:
        """Take the terminal."""
        super().start_application_mode()
        try:
            self._raw = termios.tcgetattr(self.fileno)
        except termios.error:
            self._raw = None

    def _sigtstp_application(self, *_: Any) -> None:
        """Stop, as ctrl+z asks for: not while an answer is on its way, which the shell would take for typed."""
        cast("LineApp[Any]", self._app).after_answers(super()._sigtstp_application)

    def _sigcont_application(self, *_: Any) -> None:
        """Come back: after ctrl+z as Textual does; after a stop from outside, the terminal may show and do anything."""
        if self._must_signal_resume:
            super()._sigcont_application()
        elif self._auto_restart and self._raw is not None and self._in_foreground():
            termios.tcsetattr(self.fileno, termios.TCSANOW, self._raw)
            self.write("\x1b[?1049h\x1b[?25l\x1b[?1004h\x1b[?2004h\x1b[?7l")
            self._enable_mouse_support()
            size = Size(*self._get_terminal_size())
            self.send_message(Resize(size, size))

    def _in_foreground(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:  # no terminal that controls jobs
            return True

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        self._raw = None
        super().stop_application_mode()

    def close(self) -> None:
        """Wait for what is left to be written, but not for ever."""
        writer, outlet = self._writer_thread, cast(Outlet, self._file)
        if writer is None or not writer.is_alive():
            return
        try:
            writer._queue.put(None, timeout=_PATIENCE)
            writer.join(_PATIENCE)
        except Full:
            pass
        if writer.is_alive():
            outlet.closed_off = True
            self._file = cast(Any, self._outlet())

    # -- what comes in ------------------------------------------------------------------------------------------------

    def _enable_mouse_support(self) -> None:
        """Ask for clicks and drags; for every move only where a line is not thin."""
        if self._mouse and self.quiet:
            self.write("\x1b[?1000h\x1b[?1002h\x1b[?1015h\x1b[?1006h")
        else:
            super()._enable_mouse_support()

    def _disable_mouse_support(self) -> None:
        if self._mouse and self.quiet:
            self.write("\x1b[?1002l")
        super()._disable_mouse_support()

    def run_input_thread(self) -> None:
        """Read what the terminal sends, until the app ends or the terminal is gone."""
        intake = Intake(self._encoding)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(min(constants.ESCAPE_DELAY, 0.1)):
                    try:
                        data = os.read(self.fileno, 1 << 16)
                    except OSError:
                        data = b""
                    if not data:
                        self._loop.call_soon_threadsafe(self._app.exit, 0)
                        return
                    messages = intake.feed(data)
                else:
                    messages = intake.rest()
                for message in messages:
                    self.process_message(message)
