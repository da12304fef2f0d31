"""How a run ends that was cut short by something: failed, or paused until a person has mended it, and one sentence."""

from __future__ import annotations

import errno
from pathlib import Path

from data.errors import BurnishError
from engine.jobs.events import RunState, StateChanged
from engine.training.checkpoints import latest_checkpoint, step_of
from engine.training.room import DiskFullError, disk_full

_FULL = (
    "No space left on device",
    "Disk quota exceeded",
    "PytorchStreamWriter failed",
    "enforce fail at inline_container",
)
"""How the operating system, safetensors and torch say that a file could not be written to its end."""
_NO_MEMORY = ("can't allocate memory", "out of memory", "Cannot allocate memory", "std::bad_alloc")


class PauseError(BurnishError):
    """A run ends itself before it does harm, and can go on once a person has changed something."""


def ending_for(error: BaseException, run_folder: Path) -> StateChanged:
    """The last word of a run that this error ended."""
    sentence = sentence_for(error, run_folder)
    if _is_full(error):
        saved = latest_checkpoint(run_folder)
        rest = f"the run can be resumed from step {step_of(saved)}" if saved else "the run can start over then"
        return StateChanged(RunState.PAUSED, f"{sentence.removesuffix('.')}: {rest}.")
    return StateChanged(RunState.PAUSED if isinstance(error, PauseError) else RunState.FAILED, sentence)


def sentence_for(error: BaseException, run_folder: Path) -> str:
    """What happened and what to do, without a traceback."""
    words = str(error)
    if _is_full(error) and not isinstance(error, DiskFullError):
        return disk_full(run_folder, "what this run writes").sentence
    if isinstance(error, BurnishError):
        return error.sentence
    if is_memory(error):
        return (
            "There was not enough memory; lower training.batch_size or training.max_length, set "
            "training.gradient_checkpointing to true, choose a smaller model, or close something large."
        )
    if isinstance(error, OSError) and error.strerror:
        where = f" ({error.filename})" if error.filename else ""
        return f"A file could not be read or written: {error.strerror}{where}; the details are in log.txt."
    first = words.strip().splitlines()[0] if words.strip() else "no message"
    return f"Training failed: {type(error).__name__}: {first[:200]}; the details are in log.txt."


def is_memory(error: BaseException) -> bool:
    """Whether memory ran out, on the processor or on a GPU."""
    return isinstance(error, MemoryError) or any(each in str(error) for each in _NO_MEMORY)


def _is_full(error: BaseException | None) -> bool:
    """Whether the disk was full, also when that was first put into other words."""
    if error is None or isinstance(error, DiskFullError):
        return error is not None
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    said = not isinstance(error, BurnishError) and any(each in str(error) for each in _FULL)
    return said or _is_full(error.__cause__)
