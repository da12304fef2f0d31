"""What may be changed of a job whose run has begun."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from pathlib import Path

from data.atomic import write_atomically
from data.errors import InputError
from engine.training.job import TrainingJob, job_from, job_text

CHANGEABLE = ("training.learning_rate", "training.max_grad_norm", "checkpoints.every_steps", "checkpoints.keep")
"""Nothing that the rows, their order, the number of steps or the shapes of the weights depend on."""


def changed_job(job: TrainingJob, assignments: Sequence[str]) -> TrainingJob:
    """The job with other values, each given as `section.key=value`. Raises InputError."""
    values = tomllib.loads(job_text(job))
    for each in assignments:
        key, equals, text = (part.strip() for part in each.partition("="))
        if not equals:
            raise InputError(f"{each} is not a change; write it as training.learning_rate=0.0001.")
        if key not in CHANGEABLE:
            raise InputError(
                f"{key} cannot be changed for a run that has begun, only {', '.join(CHANGEABLE)}; start a new run."
            )
        section, _, name = key.partition(".")
        values[section][name] = _value(text, key)
    return job_from(values, where="--set")


def write_changed(path: Path, job: TrainingJob) -> None:
    """Replace a run's job file, which keeps its time: runs are listed in the order in which they were made."""
    before = path.stat()
    write_atomically(path, job_text(job))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _value(text: str, key: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        raise InputError(f"{text} is no value for {key}; write a number.") from None
