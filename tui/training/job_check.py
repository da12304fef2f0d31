"""The check of a job against its files, as the form asks for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from textual.message import Message

from data.errors import BurnishError
from engine.training.job import HyperparameterSection, TrainingJob
from engine.training.plan import Plan
from tui.crash_log import write_crash
from tui.training.draft import SettingError, setting_error

_READ_AGAIN_FOR = ("model", "stage", "template", "dataset", "method", "checkpoints", "limits", "parallel")
_NOT_FOR = HyperparameterSection()
"""Settings of a step's size and number: they change the number of steps and nothing that `check_job` reads."""


class Checked(Message):
    """The engine's check of a job has come to its end."""

    def __init__(self, job: TrainingJob, plan: Plan | None, problem: SettingError | None) -> None:
        super().__init__()
        self.job = job
        self.plan = plan
        self.problem = problem


def checked(job: TrainingJob, workspace: Path) -> Checked:
    """What a run of this job would do, or why it cannot be started. Reads files: not for the screen's own thread."""
    # Imported here, on that thread: it reads models and datasets.
    from engine.training.check import check_job

    try:
        return Checked(job, check_job(job, workspace), None)
    except BurnishError as error:
        return Checked(job, None, setting_error(error.sentence))
    except OSError as error:
        return Checked(job, None, SettingError("", f"{error.filename}: {error.strerror}."))
    except Exception as error:  # noqa: BLE001 - whatever a strange file does to a check, the form stays
        log = write_crash(error)
        sentence = f"This job cannot be checked ({type(error).__name__}); what happened is in {log}."
        return Checked(job, None, SettingError("", sentence))


def same_files(one: TrainingJob, other: TrainingJob) -> bool:
    """Whether the check of one job holds for another; only the number of steps may be another one."""
    return _read_for(one) == _read_for(other)


def _read_for(job: TrainingJob) -> tuple[object, ...]:
    """What the result of `check_job` depends on, the number of steps apart."""
    training = replace(
        job.training,
        epochs=_NOT_FOR.epochs,
        max_steps=_NOT_FOR.max_steps,
        learning_rate=_NOT_FOR.learning_rate,
        schedule=_NOT_FOR.schedule,
        warmup_fraction=_NOT_FOR.warmup_fraction,
        weight_decay=_NOT_FOR.weight_decay,
        max_grad_norm=_NOT_FOR.max_grad_norm,
        seed=_NOT_FOR.seed,
    )
    return training, *(getattr(job, name) for name in _READ_AGAIN_FOR)
