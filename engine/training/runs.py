"""Runs as folders of a workspace: made, started, asked to stop, served."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.atomic import write_atomically
from data.errors import BurnishError, InputError
from engine.jobs.process import read_identity
from engine.jobs.spec import JobSpec
from engine.models.catalog import missing_part
from engine.training.environment import training_python
from engine.training.job import TrainingJob, job_text, read_job
from engine.training.stopping import CONTROL_FILE, STOP

RUNS = "runs"
JOB_FILE = "job.toml"
ADAPTER = "adapter"
"""Folder of the trained adapter, where the method has one."""
MODEL = "model"
"""Folder of the whole tuned model, where it can be had."""
MACHINE = "machine-"
"""Begins the folder of a further machine, with its log and its process."""
_UNSAFE = re.compile(r"[^a-z0-9._]+")


def create_run(workspace: Path, job: TrainingJob) -> Path:
    """Make the folder of a new run, named after the job and numbered, with its job file.

    Raises BurnishError when the folder cannot be made.
    """
    label = _UNSAFE.sub("-", job.label.lower()).strip("-.")[:40] or "run"
    runs = workspace / RUNS
    try:
        runs.mkdir(parents=True, exist_ok=True)
        number = max((_number(path.name, label) for path in runs.iterdir()), default=0) + 1
        folder = runs / f"{label}-{number:03d}"
        while not _claimed(folder):
            number += 1
            folder = runs / f"{label}-{number:03d}"
    except OSError as error:
        raise BurnishError(f"No run can be made in {runs}: {error.strerror}.", title="Run not started") from error
    write_atomically(folder / JOB_FILE, job_text(job))
    return folder


def run_folder(workspace: Path, run_id: str) -> Path:
    """The folder of a run. Raises InputError when the workspace has no such run."""
    folder = workspace / RUNS / run_id
    if Path(run_id).name != run_id or run_id.startswith(".") or not (folder / JOB_FILE).is_file():
        raise InputError(f"There is no run {run_id} in {workspace}; `burnish runs` lists them.")
    return folder


def run_folders(workspace: Path) -> list[Path]:
    """The folders of a workspace's runs, newest first (by the job file, which keeps the time at which it was made)."""
    found: list[tuple[float, Path]] = []
    for job in (workspace / RUNS).glob(f"*/{JOB_FILE}"):
        # A folder that begins with a dot is on its way out (`engine.training.deleting`).
        if job.parent.name.startswith("."):
            continue
        try:
            found.append((job.stat().st_mtime, job.parent))
        except FileNotFoundError:
            continue
    return [folder for _, folder in sorted(found, reverse=True)]


def at_work(folder: Path) -> bool:
    """Whether any process of a run still lives."""
    identity = read_identity(folder)
    return identity is not None and identity.group_alive()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep a second screen from starting or deleting the same run in this moment. Raises InputError when one does."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise InputError(f"The run {folder.name} has just been deleted.") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise InputError(f"{folder.name} is being started or deleted by another screen.") from error
    try:
        yield
    finally:
        os.close(descriptor)


def training_spec(run_folder: Path, machine: int = 0) -> JobSpec:
    """How a run is started on one of its machines. Raises InputError when no Python has torch.

    What the first machine leaves lies in the run's folder; the others have a folder in it, which may be shared.
    """
    several = read_job(run_folder / JOB_FILE).parallel.world_size > 1
    module = ("engine.training.processes",) if several else ("engine.training.worker",)
    return JobSpec(
        name=f"{run_folder.name}-{MACHINE}{machine}" if machine else run_folder.name,
        folder=run_folder / f"{MACHINE}{machine}" if machine else run_folder,
        command=(str(training_python()), "-m", *module, str(run_folder), *([str(machine)] if machine else [])),
        # Threads that wait for each other by spinning eat the turns of those they wait for when the processors are
        # shared: with a second busy process an epoch of 64 rows took 556 s instead of 60 s.
        environment={"OMP_WAIT_POLICY": "PASSIVE"},
        gives_way=True,
    )


def request_stop(run_folder: Path) -> None:
    """Ask a run to finish its step, save a checkpoint and end. Raises BurnishError when that cannot be written."""
    write_atomically(run_folder / CONTROL_FILE, f"{STOP}\n")


def withdraw_stop(run_folder: Path) -> None:
    """Take back an earlier request to stop, before a run is started again."""
    (run_folder / CONTROL_FILE).unlink(missing_ok=True)


def served_model(run_folder: Path) -> Path | None:
    """The directory of a run's tuned model, complete with its tokenizer; None while there is none."""
    folder = run_folder / MODEL
    return folder if folder.is_dir() and missing_part(folder) is None else None


def _claimed(folder: Path) -> bool:
    """Make the folder; False when somebody else was quicker."""
    try:
        folder.mkdir()
    except FileExistsError:
        return False
    return True


def _number(name: str, label: str) -> int:
    number = name.removeprefix(f"{label}-")
    return int(number) if number.isdecimal() else 0
