"""Whether there is room on the disk for a run."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from data.errors import BurnishError
from data.wording import byte_size
from engine.training.checkpoints import FOLDER as CHECKPOINTS
from engine.training.job import TrainingJob
from engine.training.methods.registry import method_of
from engine.training.runs import ADAPTER, MODEL

_SLACK = 64 << 20
"""Bytes that stay free on the disk after a save, for logs and whatever else happens there."""
_KEPT = (CHECKPOINTS, MODEL, ADAPTER)


class DiskFullError(BurnishError):
    """There is no room for what is to be written; nothing that was saved before is harmed."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a run writes, in bytes."""

    model: int
    """The tuned model in bf16, as it is left to be served."""
    trained: int
    """The trained weights in fp32: an adapter, or weights of the model."""
    frozen: int = 0
    """Weights that do not learn and are in a checkpoint all the same, in fp32: where no adapter keeps them apart."""

    @property
    def checkpoint(self) -> int:
        """Trained weights, the optimizer's two moments of each, and what lies beside them."""
        return 3 * self.trained + self.frozen


def require_disk(folder: Path, size: int, what: str) -> None:
    """Raise BurnishError unless `size` bytes fit on the disk of a folder."""
    free = shutil.disk_usage(folder).free
    if free < size + _SLACK:
        raise disk_full(folder, what, f"{byte_size(size + _SLACK)} are needed and {byte_size(free)} are free")


def require_start(folder: Path, job: TrainingJob, sizes: Sizes, *, present: int = 0) -> None:
    """Raise BurnishError unless the disk has room for all that the run will keep at once.

    `present` are the bytes that a run which goes on has there already.
    """
    saves = job.checkpoints
    # One more than is kept: the next checkpoint is whole before the oldest goes.
    kept = saves.keep + 1 if saves.every_steps or saves.every_minutes else 1
    held_out = job.dataset.held_out or job.dataset.held_out_fraction
    kept += 1 if held_out and saves.best != "off" else 0
    method = method_of(job.method)
    left = (sizes.model if method.merged else 0) + (sizes.trained if method.adapter else 0)
    need = kept * sizes.checkpoint + left
    require_disk(folder, max(0, need - present), "the run's checkpoints and model")


def present_size(run_folder: Path) -> int:
    """Bytes that a run has already written of what `require_start` counts."""
    return sum(path.stat().st_size for name in _KEPT for path in (run_folder / name).rglob("*") if path.is_file())


def disk_full(folder: Path, what: str, detail: str = "") -> DiskFullError:
    """The error for a disk that has no room for `what`."""
    return DiskFullError(
        f"The disk is too full for {what} in {folder}{f': {detail}' if detail else ''}; free some space and try again.",
        title="Disk full",
    )
