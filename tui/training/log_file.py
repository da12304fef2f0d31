"""A log of any length, read in windows: where its lines are is known from one count of its newlines a block."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from engine.jobs.log_tail import plain

BLOCK = 1 << 16
"""Bytes between two places whose line number is known."""
_LONGEST_WINDOW = 4 << 20
"""Bytes read for one window: a log can be a single line."""
_LONGEST_LINE = 20_000
"""Bytes of a line that are shown."""


class LogFile:
    """Lines count from 0. All methods block; two threads take turns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = 0
        """Lines known so far; a last one without its newline counts."""
        self._size = -1
        self._before: list[int] = [0]
        """Newlines before each block."""
        self._lock = threading.RLock()

    def grow(self) -> bool:
        """Count what was written since the last call; whether anything was. A file that got shorter is read anew."""
        with self._lock:
            return self._grow()

    def _grow(self) -> bool:
        try:
            size = self.path.stat().st_size
        except OSError:
            size = 0
        if size == self._size:
            return False
        if size < self._size:
            self._before = [0]
        last_block = len(self._before) - 1
        newlines, ends_open = self._before[-1], False
        try:
            with self.path.open("rb") as file:
                file.seek(last_block * BLOCK)
                at = last_block * BLOCK
                while block := file.read(BLOCK):
                    newlines += block.count(b"\n")
                    ends_open = not block.endswith(b"\n")
                    at += len(block)
                    if len(block) == BLOCK:
                        self._before.append(newlines)
                size = at
        except OSError:
            size = 0
        self._size, self.lines = size, newlines + ends_open
        return True

    def window(self, first: int, count: int) -> tuple[str, ...]:
        """Lines from `first` on as a person would see them; fewer at the end of the log."""
        with self._lock:
            return self._window(first, count) if count > 0 and first < self.lines else ()

    def _window(self, first: int, count: int) -> tuple[str, ...]:
        try:
            with self.path.open("rb") as file:
                block = self._block_of(first)
                skip = first - self._before[block]
                file.seek(block * BLOCK)
                data = b""
                while data.count(b"\n") < skip + count and len(data) < _LONGEST_WINDOW and (more := file.read(BLOCK)):
                    data += more
        except OSError:
            return ()
        lines = data.removesuffix(b"\n").split(b"\n")[skip : skip + count]
        return tuple(plain(line[-_LONGEST_LINE:].decode("utf-8", "replace")) for line in lines)

    def find(self, text: str, start: int, direction: int, given_up: Callable[[], bool] = lambda: False) -> int | None:
        """The nearest line after `start` (before it for -1) that has a text; None where there is none.

        Capitals and small letters are the same, unless the text has a capital. `given_up` is asked once a block.
        """
        exact = text != text.lower()
        needle = (text if exact else text.lower()).encode()
        if not needle or not self.lines:
            return None
        block = self._block_of(min(max(start + (direction > 0), 0), self.lines - 1))
        blocks = range(block, len(self._before)) if direction > 0 else range(self._block_of(start) + 1, -1, -1)
        try:
            with self.path.open("rb") as file:
                for number in blocks:
                    if given_up():
                        return None
                    hits = self._hits(file, number, needle, exact=exact)
                    wanted = [line for line in hits if (line > start if direction > 0 else line < start)]
                    if wanted:
                        return min(wanted) if direction > 0 else max(wanted)
        except OSError:
            return None
        return None

    def _hits(self, file: BinaryIO, block: int, needle: bytes, *, exact: bool) -> Iterator[int]:
        """The lines of a block that have a text; one that goes on in the next block is found, too."""
        if block >= len(self._before):
            return
        file.seek(block * BLOCK)
        data = file.read(BLOCK + len(needle) - 1)
        if not exact:
            data = data.lower()
        line, counted = self._before[block], 0
        at = data.find(needle)
        while 0 <= at < BLOCK:
            line += data.count(b"\n", counted, at)
            counted = at
            yield line
            after = data.find(b"\n", at)
            if after < 0:
                return
            at = data.find(needle, after)

    def _block_of(self, line: int) -> int:
        """The last block that begins before a line or with it."""
        return max(bisect_left(self._before, line) - 1, 0)
