"""Jobs on the tiny model, and what their runs left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from data.formats.conversation import Conversation, Turn
from engine.jobs.events import Event, EventReader
from engine.jobs.process import ProcessIdentity
from engine.training.job import HyperparameterSection, TrainingJob
from engine.training.plan import Epochs

Kind = TypeVar("Kind", bound=Event)

SLOW = 600.0
"""Seconds that a start may take while other tests have the processors."""

Start = Callable[[TrainingJob], tuple[Path, ProcessIdentity]]
"""Starts a job as the engine does; gives its folder and its process."""

NEVER = 10**6
QUIET: dict[str, dict[str, Any]] = {"evaluation": {"every_steps": NEVER}, "samples": {"every_steps": NEVER}}
"""Sections of a job that looks up at its last step only."""


def tiny_job(model: Path, **sections: dict[str, Any]) -> TrainingJob:
    """A job of three epochs over `data.jsonl` that takes a second or two; sections give other values."""
    values: dict[str, dict[str, Any]] = {
        "dataset": {"path": "data.jsonl"},
        "method": {"rank": 4, "alpha": 8},
        "training": {"epochs": 3.0, "learning_rate": 0.02, "precision": "fp32"},
        "evaluation": {},
        "samples": {},
        "checkpoints": {"best": "off"},
        "limits": {},
        "parallel": {},
    }
    job = TrainingJob(model=str(model), name="tiny")
    for name, value in values.items():
        job = replace(job, **{name: replace(getattr(job, name), **(value | sections.get(name, {})))})
    return job


def row(question: str, answer: str, number: int = 1, system: str | None = None) -> Conversation:
    """A row of one question and its answer."""
    return Conversation((Turn("user", question), Turn("assistant", answer)), number, system)


def rows_once(lengths: list[int], training: HyperparameterSection | None = None) -> Epochs:
    """Epochs that show every row once."""
    return Epochs(lengths, [range(len(lengths))], [1.0], training or HyperparameterSection())


def events(run_folder: Path) -> list[Event]:
    """Everything that a run has said so far."""
    return EventReader(run_folder / "events.jsonl").read()


def of_kind(run_folder: Path, kind: type[Kind]) -> list[Kind]:
    """The events of one kind."""
    return [event for event in events(run_folder) if isinstance(event, kind)]
