"""A terminal at the far end of a thin line: slow, late, and with buffers on the way as an SSH connection has them."""

from __future__ import annotations

import os
import re
import select
import time
from collections import deque
from typing import Any

from tests.terminal import Terminal

RATE = 12_500.0
"""Bytes a second: 100 kbit/s."""
DELAY = 0.150
"""Seconds on the way, in each direction."""
HOLDS = 1 << 16
"""Bytes that wait at the near end before the pseudo-terminal is no longer read: less than sshd and TCP hold."""
SLICE = 0.01
"""Seconds of the line's time that depart at once."""

SYNC_START, SYNC_END, ASKED, ANSWERED = b"\x1b[?2026h", b"\x1b[?2026l", b"\x1b[?2026$p", b"\x1b[?2026;2$y"
_UNFINISHED = re.compile(rb"\x1b(\[[0-?]*[ -/]*)?\Z")


class ThinLine(Terminal):
    """Shows what has arrived. As terminals do, it shows a synchronized update when all of it is there, and answers
    the question whether it knows such updates when the question has arrived.

    The line carries something only while it is read.
    """

    def __init__(self, *arguments: Any, rate: float = RATE, delay: float = DELAY, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._rate, self._delay = rate, delay
        self._waiting = bytearray()
        self._free_at = time.perf_counter()
        self._coming: deque[tuple[float, bytes]] = deque()
        self._going: deque[tuple[float, bytes]] = deque()
        self._arrived = b""
        """What the far end does not show yet: the rest of a sequence or of a synchronized update is on its way."""
        self.unseen = 0
        """The most bytes that were on the way at once."""

    def read(self, seconds: float) -> bytes:
        """Let the line work until something is shown at the far end, at most so long; gives what was shown."""
        end = time.perf_counter() + seconds
        while True:
            self._near()
            shown = self._far()
            if shown or time.perf_counter() >= end:
                return shown
            room = [self._master] if len(self._waiting) < HOLDS else []
            select.select(room, [], [], 0.002)

    def send(self, keys: str | bytes) -> None:
        """Type at the far end."""
        typed = keys.encode() if isinstance(keys, str) else keys
        self._going.append((time.perf_counter() + self._delay, typed))

    def _near(self) -> None:
        """Take what the process has written, and let go what the line carries by now."""
        now = time.perf_counter()
        while len(self._waiting) < HOLDS and select.select([self._master], [], [], 0)[0]:
            block = os.read(self._master, 1 << 12)
            self.received += len(block)
            self._waiting += block
        self.unseen = max(self.unseen, len(self._waiting) + sum(len(block) for _, block in self._coming))
        self._free_at = max(self._free_at, now - SLICE)
        while self._waiting and self._free_at <= now:
            block = bytes(self._waiting[: max(1, int(self._rate * SLICE))])
            del self._waiting[: len(block)]
            self._free_at += len(block) / self._rate
            self._coming.append((self._free_at + self._delay, block))
        while self._going and self._going[0][0] <= now:
            os.write(self._master, self._going.popleft()[1])

    def _far(self) -> bytes:
        """Show what has arrived and is whole."""
        now = time.perf_counter()
        came = b""
        while self._coming and self._coming[0][0] <= now:
            came += self._coming.popleft()[1]
        if not came:
            return b""
        self._arrived += came
        last_start, last_end = self._arrived.rfind(SYNC_START), self._arrived.rfind(SYNC_END)
        whole = len(self._arrived)
        if last_start > last_end:
            whole = last_start
        elif (unfinished := _UNFINISHED.search(self._arrived)) is not None:
            whole = unfinished.start()
        shown, self._arrived = self._arrived[:whole], self._arrived[whole:]
        for _ in range(shown.count(ASKED)):
            self._going.append((now + self._delay, ANSWERED))
        self._stream.feed(shown.replace(b"$p", b"h"))
        return shown
