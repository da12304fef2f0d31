"""How a run goes on that has been started before (worker side)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from data.errors import InputError
from engine.training.checkpoints import latest_checkpoint, step_of
from engine.training.record import recorded_hashes, sha256


@dataclass(frozen=True, slots=True)
class Resumption:
    """Where a run goes on."""

    checkpoint: Path | None
    """The newest whole checkpoint; None: there is none, and the run starts over."""

    @property
    def step(self) -> int:
        """Optimizer steps that are not done again."""
        return step_of(self.checkpoint) if self.checkpoint else 0


def find_resumption(run_folder: Path, datasets: list[Path]) -> Resumption | None:
    """Where the run goes on; None when it is started for the first time.

    Raises InputError when a dataset is not what it was: a checkpoint's place in the data would be another one.
    """
    before = recorded_hashes(run_folder)
    if before is None:
        return None
    checkpoint = latest_checkpoint(run_folder)
    if checkpoint is not None:
        for path in datasets:
            if before.get(str(path)) not in (None, sha256(path)):
                raise InputError(
                    f"{path.name} has changed since this run began, so the run cannot go on with it; put the old file "
                    "back, or start a new run.",
                    title="Run not resumed",
                )
    return Resumption(checkpoint)
