"""Job files of a workspace: written under names that are free, and found again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from data.atomic import write_atomically
from data.errors import InputError
from engine.training.job import TrainingJob, job_text, read_job

_UNSAFE = re.compile(r"[^\w.-]+")
_MOST = 200
"""Files of a workspace that are looked into."""


@dataclass(frozen=True, slots=True)
class JobFile:
    """A job file that can be used."""

    path: Path
    job: TrainingJob


def job_file_name(job: TrainingJob, number: int = 1) -> str:
    """What a job's file is called: after its name, or its model and method."""
    stem = _UNSAFE.sub("-", job.label).strip("-.")[:60] or "job"
    return f"{stem}.toml" if number == 1 else f"{stem}-{number}.toml"


def write_job(workspace: Path, job: TrainingJob) -> Path:
    """Write a job file named after the job into a workspace; gives its path.

    A file of that name that says something else stays as it is, and the new one gets a number. Raises BurnishError
    when it cannot be written.
    """
    text = job_text(job)
    number = 1
    while True:
        path = workspace / job_file_name(job, number)
        if not path.exists() and not path.is_symlink():
            write_atomically(path, text)
            return path
        if _says(path, text):
            return path
        number += 1


def job_files(workspace: Path) -> list[JobFile]:
    """The job files that lie in a workspace's own folder, by name; what is no job file is passed over."""
    found: list[JobFile] = []
    for path in sorted(workspace.glob("*.toml"))[:_MOST]:
        try:
            found.append(JobFile(path, read_job(path)))
        except (InputError, OSError):
            continue
    return found


def _says(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode()
    except OSError:
        return False
