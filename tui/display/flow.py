"""How much is on its way to the terminal: by the answers to a question that is sent along.

What a program has written is not what a person sees: sshd, TCP and the slow line between hold hundreds of kilobytes,
and a screen that is behind by so much shows what was true seconds ago. A terminal answers a question when it has come
so far; what lies behind the last answer is on its way, and where that is much, nothing is added to it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable

QUESTION = "\x1b[?2026$p"
"""Whether the terminal knows synchronized updates (DECRQM): asked by Textual at the start, and answered in order."""

WINDOW = 4096
"""Bytes that may be on the way when more is sent: what 100 kbit/s carry in 0.3 s, there and back."""
ASK_EVERY = 1024
"""Bytes between two questions."""
PATIENCE = 5.0
"""Seconds after which a terminal that says other things, but does not answer, is taken for one that does not."""
SILENCE = 10.0
"""Seconds after which something is sent although nothing at all was heard."""


class Flow:
    """Counts what is sent and what has arrived. Open until the terminal has answered once: not every one does."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answers = False
        self._sent = 0
        self._arrived = 0
        self._asked: deque[tuple[int, float]] = deque()
        """How much had been sent with each question that is not answered, and when."""
        self._asked_at = 0

    @property
    def open(self) -> bool:
        """Whether more may be sent now."""
        if self._asked and self._clock() - self._asked[0][1] > SILENCE:
            self.forget()
        return not self._answers or self._sent - self._arrived < WINDOW

    @property
    def asking(self) -> bool:
        """Whether an answer is on its way."""
        return bool(self._asked)

    def send(self, pieces: Iterable[str]) -> str:
        """What is to be written, with the questions that belong between its pieces."""
        out: list[str] = []
        for piece in pieces:
            out.append(piece)
            self._sent += len(piece.encode())
            if self._answers and self._sent - self._asked_at >= ASK_EVERY:
                out.append(QUESTION)
                self._asked_at = self._sent
                self._asked.append((self._sent, self._clock()))
        return "".join(out)

    def answered(self) -> None:
        """The terminal has answered the oldest question."""
        if not self._answers:
            self._answers = True
            self.forget()
        elif self._asked:
            self._arrived = self._asked.popleft()[0]

    def heard(self) -> None:
        """Something else came from the terminal."""
        if self._asked and self._clock() - self._asked[0][1] > PATIENCE:
            self._answers = False
            self.forget()

    def forget(self) -> None:
        """Take everything for arrived."""
        self._asked.clear()
        self._arrived = self._asked_at = self._sent
