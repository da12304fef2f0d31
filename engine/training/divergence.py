"""When a loss has run away: a number it still is, and yet no training any more."""

from __future__ import annotations

import math
from collections import deque

WINDOW = 10
"""Steps that are taken together, so that no single batch decides."""
_TIMES, _NATS = 2.0, 1.0
"""A loss that is this many times what it was at the start, and this much more, has run away."""


class Divergence:
    """Compares the loss with what it was in the first steps of the run."""

    def __init__(self, first: list[float]) -> None:
        """`first` is filled with the first losses; a run that goes on hands in those it began with."""
        self._first = first
        self._last: deque[float] = deque(maxlen=WINDOW)

    def add(self, loss: float) -> None:
        """A step was done."""
        if len(self._first) < WINDOW:
            self._first.append(loss)
        self._last.append(loss)

    @property
    def start(self) -> float:
        """The mean loss of the first steps; infinite while there are too few, since nothing is beyond that."""
        return sum(self._first) / WINDOW if len(self._first) == WINDOW else math.inf

    @property
    def now(self) -> float:
        """The mean loss of the newest steps; 0 while there are too few."""
        return sum(self._last) / WINDOW if len(self._last) == WINDOW else 0.0

    @property
    def suspected(self) -> bool:
        """Whether the newest loss is too high: no moment to save the weights as good ones."""
        return bool(self._last) and self._last[-1] > self._limit

    @property
    def certain(self) -> bool:
        """Whether the loss has been too high for a while."""
        return self.now > self._limit

    @property
    def _limit(self) -> float:
        return max(_TIMES * self.start, self.start + _NATS)
