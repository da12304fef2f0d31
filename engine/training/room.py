"""Whether there is room for a run: on the disk and in memory."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from data.errors import BurnishError
from engine.hardware.sampler import read_memory
from engine.training.job import MethodSection, TrainingJob
from engine.training.methods.registry import method_of

_SLACK = 64 << 20
"""Bytes that stay free on the disk after a save, for logs and whatever else happens there."""
_KEPT = ("checkpoints", "model", "adapter")
_PROCESS = 700 << 20
"""Memory of a process that has loaded torch, transformers and TRL, before any model."""


class DiskFullError(BurnishError):
    """There is no room for what is to be written; nothing that was saved before is harmed."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a run writes, in bytes."""

    model: int
    """The tuned model in bf16, as it is left to be served."""
    trained: int
    """The trained weights in fp32: an adapter, or the whole model."""

    @property
    def checkpoint(self) -> int:
        """Trained weights and the optimizer's two moments of each."""
        return 3 * self.trained


def require_disk(folder: Path, size: int, what: str) -> None:
    """Raise BurnishError unless `size` bytes fit on the disk of a folder."""
    free = shutil.disk_usage(folder).free
    if free < size + _SLACK:
        raise disk_full(folder, what, f"{_megabytes(size + _SLACK)} are needed and {_megabytes(free)} are free")


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


def require_memory(parameters: int, method: MethodSection) -> None:
    """Raise BurnishError when the weights, gradients and optimizer alone are more than the memory that is available.

    A lower bound, without activations: it refuses only what cannot work. Full fine-tuning holds weights, gradients
    and two moments in fp32 (16 bytes a parameter); under an adapter the weights are held in bf16 at best.
    """
    need = _PROCESS + parameters * (16 if method_of(method).base == "trained" else 2)
    available = read_memory().available
    if need > available:
        smaller = "a smaller model or the method lora" if method_of(method).base == "trained" else "a smaller model"
        raise BurnishError(
            f"This run needs at least {_megabytes(need)} of memory and {_megabytes(available)} are available; "
            f"close something large, or choose {smaller}.",
            title="Not enough memory",
        )


def disk_full(folder: Path, what: str, detail: str = "") -> DiskFullError:
    """The error for a disk that has no room for `what`."""
    return DiskFullError(
        f"The disk is too full for {what} in {folder}{f': {detail}' if detail else ''}; free some space and try again.",
        title="Disk full",
    )


def _megabytes(size: int) -> str:
    return f"{size / (1 << 30):.1f} GB" if size >= 1 << 30 else f"{max(1, size >> 20)} MB"
