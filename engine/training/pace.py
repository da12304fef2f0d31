"""How fast a run goes, and how long it still takes, learnt from the run itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

_WINDOW = 20
"""Steps that the rate is taken over."""


class Pace:
    """Durations of steps and of what comes between them (evaluations, samples, checkpoints)."""

    def __init__(self) -> None:
        self._steps: deque[tuple[float, int]] = deque(maxlen=_WINDOW)
        self._pauses: dict[str, deque[float]] = {}

    def add_step(self, seconds: float, tokens: int) -> None:
        """A step was done."""
        self._steps.append((seconds, tokens))

    def add_pause(self, kind: str, seconds: float) -> None:
        """Something between two steps was done."""
        self._pauses.setdefault(kind, deque(maxlen=_WINDOW)).append(seconds)

    @property
    def tokens_per_second(self) -> float:
        """Real tokens a second over the last steps, training time only; 0 before the first."""
        seconds = sum(duration for duration, _ in self._steps)
        return sum(tokens for _, tokens in self._steps) / seconds if seconds > 0 else 0.0

    def remaining(self, steps: int, pauses: Iterable[tuple[str, int]]) -> float | None:
        """Seconds for so many more steps and pauses (kind, count).

        A kind of pause that has not happened yet counts nothing. None before the first step.
        """
        if not self._steps:
            return None
        # The first step warms caches up and is no measure for the others.
        durations = [duration for duration, _ in self._steps][1 if 1 < len(self._steps) < _WINDOW else 0 :]
        total = steps * sum(durations) / len(durations)
        for kind, count in pauses:
            known = self._pauses.get(kind)
            if known:
                total += count * sum(known) / len(known)
        return total
