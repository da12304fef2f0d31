"""How a run goes on that has been started before (worker side)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from data.errors import BurnishError, InputError
from engine.training.checkpoints import latest_checkpoint, step_of
from engine.training.failures import is_memory
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


class CheckpointError(Exception):
    """A checkpoint that looks whole cannot be loaded; an older one may do."""

    def __init__(self, checkpoint: Path, why: str) -> None:
        super().__init__(f"The checkpoint of step {step_of(checkpoint)} cannot be loaded ({why})")
        self.checkpoint = checkpoint


@contextmanager
def loading(checkpoint: Path) -> Iterator[None]:
    """Turn whatever a checkpoint's files raise into CheckpointError; too little memory is not their fault."""
    try:
        yield
    except (BurnishError, CheckpointError, MemoryError):
        raise
    except Exception as error:
        if is_memory(error):
            raise
        first = str(error).strip().splitlines()[0][:200] if str(error).strip() else ""
        raise CheckpointError(checkpoint, f"{type(error).__name__}: {first}".rstrip(": ")) from error
