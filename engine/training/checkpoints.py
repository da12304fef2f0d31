"""Checkpoints of a run: which are whole, which is the newest, which may go.

A checkpoint is written under another name, gets its list of files last, and is renamed when that list is on the disk.
A folder without the list, or whose files differ from it, was torn and is never loaded (transformers itself does not
check: `get_last_checkpoint` takes the highest number).
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from data.atomic import sync_folder, write_atomically

FOLDER = "checkpoints"
PARTIAL = ".partial"
"""Where a checkpoint is written until it is whole, inside `FOLDER`."""
_PREFIX = "checkpoint-"
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
    """Whether every file of a checkpoint is there with the size it had when it was sealed."""
    try:
        sizes = json.loads((folder / _LIST).read_bytes())["files"]
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def checkpoints(run_folder: Path) -> list[Path]:
    """The whole checkpoints of a run, oldest first."""
    found = [path for path in (run_folder / FOLDER).glob(f"{_PREFIX}*") if _step(path) is not None and whole(path)]
    return sorted(found, key=step_of)


def latest_checkpoint(run_folder: Path) -> Path | None:
    """The newest whole checkpoint of a run."""
    found = checkpoints(run_folder)
    return found[-1] if found else None


def rotate(run_folder: Path, keep: int) -> None:
    """Delete all but the newest `keep` whole checkpoints, and every torn one."""
    kept = set(checkpoints(run_folder)[-keep:])
    for path in (run_folder / FOLDER).glob("*"):
        if path.is_dir() and path not in kept:
            shutil.rmtree(path, ignore_errors=True)


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
