"""One sentence for whatever ended a run."""

from __future__ import annotations

import errno
from pathlib import Path

from data.errors import BurnishError
from engine.training.room import disk_full

_FULL = (
    "No space left on device",
    "Disk quota exceeded",
    "PytorchStreamWriter failed",
    "enforce fail at inline_container",
)
"""How the operating system, safetensors and torch say that a file could not be written to its end."""
_NO_MEMORY = ("can't allocate memory", "out of memory", "Cannot allocate memory")


def sentence_for(error: BaseException, run_folder: Path) -> str:
    """What happened and what to do, without a traceback."""
    words = str(error)
    if isinstance(error, BurnishError):
        return error.sentence
    if _is_full(error) or any(each in words for each in _FULL):
        return disk_full(run_folder, "what this run writes").sentence
    if isinstance(error, MemoryError) or any(each in words for each in _NO_MEMORY):
        return (
            "There was not enough memory; lower training.batch_size or training.max_length, choose a smaller model, "
            "or close something large."
        )
    if isinstance(error, OSError) and error.strerror:
        where = f" ({error.filename})" if error.filename else ""
        return f"A file could not be read or written: {error.strerror}{where}; the details are in log.txt."
    first = words.strip().splitlines()[0] if words.strip() else "no message"
    return f"Training failed: {type(error).__name__}: {first[:200]}; the details are in log.txt."


def _is_full(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
