"""How a run stands, beside its weights and counts; kept in every checkpoint, so that a resumed run decides alike."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from typing import Any

from engine.jobs.events import RunState


@dataclass(slots=True)
class Standing:
    """What decides when a run saves, stops, and which of its checkpoints is the best."""

    trained_seconds: float = 0.0
    """Time spent in the training loop, evaluations and saving included; not what was lost to a kill."""
    best_loss: float = math.inf
    """The lowest held-out loss after any step; that of the untrained model does not count."""
    best_step: int | None = None
    """Where it was measured."""
    kept_step: int | None = None
    """The step of the checkpoint that is kept as the best one."""
    without_gain: int = 0
    """Evaluations since the held-out loss was last lower than ever."""

    def measured(self, step: int, loss: float) -> bool:
        """The held-out loss was measured; whether it is the lowest so far. One that is no number never is."""
        if loss < self.best_loss:
            self.best_loss, self.best_step, self.without_gain = loss, step, 0
            return True
        self.without_gain += 1
        return False

    def as_json(self) -> dict[str, Any]:
        """The values for a JSON file, which has no infinity."""
        return {name: None if value == math.inf else value for name, value in asdict(self).items()}


def standing_from(values: dict[str, Any]) -> Standing:
    """What `as_json` gave; what is not there is as at the start of a run. Raises TypeError for something else."""
    known = {each.name for each in fields(Standing)}
    given = {name: value for name, value in values.items() if name in known and value is not None}
    return Standing(**given)


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a run ends before its last step, without having failed."""

    state: RunState
    words: str
    """The beginning of a sentence: "stopped by you at step 5"."""


def stopped(step: int, *, by_signal: bool) -> Ending:
    """A person asked for it, or only a signal did."""
    who = "by a signal, as at a shutdown," if by_signal else "by you"
    return Ending(RunState.STOPPED, f"stopped {who} at step {step}; checkpoint saved")


def out_of_time(step: int, standing: Standing, hours: float) -> Ending | None:
    """The job's limit of hours, once it is reached; 0 is none."""
    if not 0 < hours * 3600 <= standing.trained_seconds:
        return None
    return Ending(
        RunState.STOPPED,
        f"stopped at step {step} after {hours:g} hours of training (limits.hours); checkpoint saved",
    )


def not_falling(step: int, standing: Standing, stop_after: int) -> Ending | None:
    """Early stopping, once so many evaluations brought nothing; 0 never stops."""
    if not 0 < stop_after <= standing.without_gain:
        return None
    best = f"; best {standing.best_loss:.3f} at step {standing.best_step}" if standing.best_step is not None else ""
    times = "the last evaluation" if stop_after == 1 else f"{standing.without_gain} evaluations"
    return Ending(
        RunState.FINISHED, f"stopped early at step {step}: the held-out loss has not fallen for {times}{best}"
    )
