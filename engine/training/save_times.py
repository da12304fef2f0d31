"""When a run saves a checkpoint to go on from."""

from __future__ import annotations

from engine.training.plan import Rhythm


class SaveTimes:
    """Due every so many steps, after so many seconds of training since the last one, and always at the last step."""

    def __init__(self, steps: Rhythm, every_seconds: float, trained_seconds: float) -> None:
        """`every_seconds` of 0: time does not matter. `trained_seconds` is where the run stands now."""
        self._steps = steps
        self._every = every_seconds
        self._last = trained_seconds

    def due(self, step: int, trained_seconds: float) -> bool:
        """Whether a checkpoint should follow this step."""
        return self._steps.due(step) or 0 < self._every <= trained_seconds - self._last

    def saved(self, trained_seconds: float) -> None:
        """A checkpoint was written, for whatever reason: the time counts from here."""
        self._last = trained_seconds

    def left(self, step: int, seconds: float) -> int:
        """How many still come after this step when the run takes so many seconds more."""
        by_steps = self._steps.left(step)
        if self._every <= 0 or by_steps == 0:
            return by_steps
        return max(by_steps, int(seconds / self._every) + 1)
