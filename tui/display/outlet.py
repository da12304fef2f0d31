"""Where frames leave: a terminal that may be slow, gone, or of another encoding."""

from __future__ import annotations

import os
import select
from io import TextIOBase

from tui.display.characters import SUBSTITUTE


class Outlet(TextIOBase):
    """A text file over a terminal. What the encoding lacks becomes ASCII; once the terminal is gone, nothing is sent.

    An error here would end the thread that writes, and with it the screen's way out.
    """

    def __init__(self, descriptor: int, encoding: str) -> None:
        self._descriptor = descriptor
        self._encoding = encoding
        self._waiting: list[str] = []
        self.closed_off = False
        """Whether what is written from now on is dropped."""

    def fileno(self) -> int:
        """The terminal's descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """Yes."""
        return True

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, text: str) -> int:
        """Keep text until the next flush."""
        self._waiting.append(text)
        return len(text)

    def flush(self) -> None:
        """Send what was written; returns when the terminal has taken it, or is gone."""
        data = memoryview("".join(self._waiting).encode(self._encoding, SUBSTITUTE))
        self._waiting.clear()
        while data and not self.closed_off:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:  # another program on this terminal has made it non-blocking
                select.select([], [self._descriptor], [], 0.1)
            except OSError:
                self.closed_off = True
