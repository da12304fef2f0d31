"""Other values for single settings of a job: any before it is started, a few once its run has begun."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data.atomic import write_atomically
from data.errors import InputError
from engine.training.job import TrainingJob, job_from, job_text, read_values

CHANGEABLE = (
    "training.learning_rate",
    "training.max_grad_norm",
    "evaluation.stop_after",
    "checkpoints.every_minutes",
    "checkpoints.every_steps",
    "checkpoints.keep",
    "checkpoints.best",
    "limits.hours",
    "limits.memory_gib",
)
"""Nothing that the rows, their order, the number of steps or the shapes of the weights depend on."""


def job_with(path: Path, assignments: Sequence[str]) -> TrainingJob:
    """A job file with other values, each given as `section.key=value` (`model=…` for those above all sections).

    A value is written as in the file; the quotes around a text may be left out. Raises InputError, for an unknown
    setting with the nearest one.
    """
    values = read_values(path)
    for each in assignments:
        _assign(values, *_parts(each))
    return job_from(values, where=f"{path.name} with --set" if assignments else path.name)


def changed_job(job: TrainingJob, assignments: Sequence[str]) -> TrainingJob:
    """The job of a run that has begun with other values, given as for `job_with`. Raises InputError."""
    values = tomllib.loads(job_text(job))
    for each in assignments:
        key, text = _parts(each)
        if key not in CHANGEABLE:
            raise InputError(
                f"{key} cannot be changed for a run that has begun, only {', '.join(CHANGEABLE)}; start a new run."
            )
        _assign(values, key, text)
    return job_from(values, where="--set")


def write_changed(path: Path, job: TrainingJob) -> None:
    """Replace a run's job file, which keeps its time: runs are listed in the order in which they were made."""
    before = path.stat()
    write_atomically(path, job_text(job))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _parts(assignment: str) -> tuple[str, str]:
    key, equals, text = (part.strip() for part in assignment.partition("="))
    if not equals or not key:
        raise InputError(f"{assignment} is not a change; write it as training.learning_rate=0.0001.")
    return key, text


def _assign(values: dict[str, Any], key: str, text: str) -> None:
    *sections, name = key.split(".")
    table = values
    for section in sections:
        table = table.setdefault(section, {})
        if not isinstance(table, dict):
            raise InputError(f"--set: there is no setting {key}; {section} has no settings of its own.")
    try:
        table[name] = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        table[name] = text
