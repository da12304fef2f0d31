"""What differs between two job files."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

from data.toml_value import toml_value
from engine.training.job import TrainingJob, job_text


def differing_settings(jobs: Sequence[TrainingJob | None]) -> list[tuple[str, list[object | None]]]:
    """The settings that differ among several jobs, each with the value of every job (None: it has no such setting).

    A job that is None has no setting at all.
    """
    each = [settings(job) if job is not None else {} for job in jobs]
    paths = dict.fromkeys(path for values in each for path in values)
    found = [(path, [values.get(path) for values in each]) for path in paths]
    return [(path, values) for path, values in found if any(value != values[0] for value in values)]


def settings(job: TrainingJob) -> dict[str, object]:
    """Every setting of a job by its path, in the order of the job file."""
    found: dict[str, object] = {}
    _walk(tomllib.loads(job_text(job)), "", found)
    # No further dataset: there is nothing that could have a value.
    found.pop("dataset.mix", None)
    return found


def setting_text(value: object | None) -> str:
    """A value as the job file writes it; "–" for a setting that a job does not have."""
    return "–" if value is None else toml_value(value)


def _walk(table: dict[str, Any], prefix: str, found: dict[str, object]) -> None:
    for name, value in table.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict):
            _walk(value, f"{path}.", found)
        elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            for number, item in enumerate(value, start=1):
                _walk(item, f"{path}[{number}].", found)
        else:
            found[path] = value
