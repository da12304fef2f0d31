"""What differs between two job files."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.toml_value import toml_value
from engine.training.job import TrainingJob, job_text


@dataclass(frozen=True, slots=True)
class ChangedSetting:
    """One setting that two jobs have different values for."""

    path: str
    """As `--set` and the job file name it: "training.learning_rate", "dataset.mix[1].weight"."""
    a: object | None
    """The value in the first job; None: it does not have this setting."""
    b: object | None


def changed_settings(a: TrainingJob, b: TrainingJob) -> tuple[ChangedSetting, ...]:
    """The settings that differ, in the order of the job file; () when both jobs are the same."""
    return tuple(ChangedSetting(path, ours, theirs) for path, (ours, theirs) in differing_settings((a, b)))


def differing_settings(jobs: Sequence[TrainingJob]) -> list[tuple[str, list[object | None]]]:
    """The settings that differ among several jobs, each with the value of every job (None: it has no such setting)."""
    each = [settings(job) for job in jobs]
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
