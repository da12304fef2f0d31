"""Checkpoints of a run: which are whole, which is the newest, which may go.

A checkpoint is written under another name, gets its list of files last, and is renamed when that list is on the disk.
A folder without the list, whose files differ from it, or whose files are shorter than they say themselves, was torn and
is never loaded (transformers itself does not check: `get_last_checkpoint` takes the highest number).
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from pathlib import Path

from data.atomic import sync_folder, write_atomically
from data.errors import InputError
from engine.models.weights import read_weights

FOLDER = "checkpoints"
PARTIAL = ".partial"
"""Where a checkpoint is written until it is whole, inside `FOLDER`."""
COUNTS_FILE = "counts.json"
"""What a run has counted up to a checkpoint, beside what transformers keeps in it."""
_PREFIX = "checkpoint-"
_REJECTED = "rejected-"
_LIST = "complete.json"


def seal(partial: Path, final: Path) -> None:
    """Make what was written to `partial` the checkpoint `final`. Raises OSError."""
    files = [path for path in sorted(partial.rglob("*")) if path.is_file()]
    for path in files:
        _sync_file(path)
    sizes = {str(path.relative_to(partial)): path.stat().st_size for path in files}
    write_atomically(partial / _LIST, json.dumps({"files": sizes}) + "\n")
    shutil.rmtree(final, ignore_errors=True)
    partial.rename(final)
    sync_folder(final.parent)


def whole(folder: Path) -> bool:
    """Whether every file of a checkpoint is there, with the size it had when it was sealed and as long as it says.

    The tensors end where the header of a safetensors file says, and what torch wrote has its directory at the end.
    """
    try:
        sizes: dict[str, int] = json.loads((folder / _LIST).read_bytes())["files"]
        if not all((folder / name).stat().st_size == size for name, size in sizes.items()):
            return False
        read_weights(folder)
        for name in sizes:
            if name.endswith((".pt", ".pth")):
                zipfile.ZipFile(folder / name).close()
        return True
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InputError, zipfile.BadZipFile):
        return False


def checkpoints(run_folder: Path) -> list[Path]:
    """The whole checkpoints of a run, oldest first."""
    found = [path for path in (run_folder / FOLDER).glob(f"{_PREFIX}*") if _step(path) is not None and whole(path)]
    return sorted(found, key=step_of)


def latest_checkpoint(run_folder: Path) -> Path | None:
    """The newest whole checkpoint of a run."""
    found = checkpoints(run_folder)
    return found[-1] if found else None


def checkpoint_of(run_folder: Path, step: int) -> Path:
    """Where the checkpoint of a step is, if there is one."""
    return run_folder / FOLDER / f"{_PREFIX}{step}"


def rotate(run_folder: Path, keep: int, best: int | None = None) -> None:
    """Delete all but the newest `keep` whole checkpoints and that of the step `best`, and every torn one."""
    kept = set(checkpoints(run_folder)[-keep:])
    if best is not None:
        kept.add(checkpoint_of(run_folder, best))
    for path in (run_folder / FOLDER).glob("*"):
        if path.is_dir() and path not in kept:
            shutil.rmtree(path, ignore_errors=True)


def trained_seconds(checkpoint: Path) -> float:
    """How long the run had trained when a checkpoint was written; 0 where it does not say."""
    try:
        return float(json.loads((checkpoint / COUNTS_FILE).read_bytes())["standing"]["trained_seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0.0


def set_aside(checkpoint: Path) -> None:
    """Take a checkpoint that cannot be loaded out of the list; it goes when the next one is whole. Raises OSError."""
    rejected = checkpoint.with_name(_REJECTED + checkpoint.name)
    shutil.rmtree(rejected, ignore_errors=True)
    checkpoint.rename(rejected)
    sync_folder(checkpoint.parent)


def clear_partial(run_folder: Path) -> None:
    """Delete what was being written when the disk had no more room for it."""
    shutil.rmtree(run_folder / FOLDER / PARTIAL, ignore_errors=True)
    for left in run_folder.glob(f".*{PARTIAL}"):
        shutil.rmtree(left, ignore_errors=True)


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def step_of(checkpoint: Path) -> int:
    """The optimizer steps that were done when a whole checkpoint was written."""
    return _step(checkpoint) or 0


def _step(path: Path) -> int | None:
    number = path.name.removeprefix(_PREFIX)
    return int(number) if number.isdecimal() else None


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
