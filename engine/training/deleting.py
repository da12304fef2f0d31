"""Deleting runs, and how much room that makes."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from data.errors import BurnishError, InputError
from engine.serving.registry import list_servers
from engine.training.job import read_job
from engine.training.runs import JOB_FILE, alone, at_work, run_folder, run_folders

_GOING = ".deleted-"
"""What the name of a folder begins with that is no run any more."""


def run_size(folder: Path) -> int:
    """Bytes of all files of a run. A link counts as itself; what vanishes meanwhile counts nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += (Path(place) / name).lstat().st_size
    return total


def delete_run(workspace: Path, run_id: str) -> int:
    """Delete a run with everything it saved; gives the bytes that were freed. Blocks for as long as that takes.

    The folder stops being a run in one step; what an interrupted deletion left goes with the next one. Raises
    InputError for a run that is at work, whose model is served or trained on, or that lies behind a link out of the
    workspace; BurnishError when the folder cannot be changed.
    """
    folder = run_folder(workspace, run_id)
    _refuse_elsewhere(workspace, folder)
    with alone(folder):
        _refuse_use(workspace, folder)
        size = run_size(folder)
        try:
            folder.rename(folder.with_name(f"{_GOING}{run_id}-{secrets.token_hex(4)}"))
        except OSError as error:
            raise BurnishError(f"{run_id} cannot be deleted: {error.strerror}.", title="Run not deleted") from error
    for gone in folder.parent.glob(f"{_GOING}*"):
        if not gone.is_symlink():
            shutil.rmtree(gone, ignore_errors=True)
    return size


def _refuse_elsewhere(workspace: Path, folder: Path) -> None:
    real = folder.resolve()
    if folder.is_symlink() or not real.is_relative_to(workspace.resolve()):
        raise InputError(f"{folder.name} is a link to {real}; delete that folder by hand.", title="Run not deleted")


def _refuse_use(workspace: Path, folder: Path) -> None:
    if at_work(folder):
        raise InputError(f"{folder.name} is at work; stop or kill it first.", title="Run not deleted")
    real = folder.resolve()
    for server in list_servers(workspace):
        served = [server.served(role).path.resolve() for role in server.roles]
        if server.alive() and any(path.is_relative_to(real) for path in served):
            raise InputError(f"{folder.name} is served by {server.label}; stop that first.", title="Run not deleted")
    for other in run_folders(workspace):
        if other != folder and at_work(other) and _model(workspace, other).is_relative_to(real):
            raise InputError(
                f"{other.name} trains the model of {folder.name}; let it end first.", title="Run not deleted"
            )


def _model(workspace: Path, run: Path) -> Path:
    """Where the model of a run's job would be if it were a folder of the workspace."""
    try:
        return (workspace / read_job(run / JOB_FILE).model).resolve()
    except InputError:
        return Path()
