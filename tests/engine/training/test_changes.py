"""What of a job may become other once its run has begun."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data.errors import InputError
from engine.training.changes import changed_job, write_changed
from engine.training.job import TrainingJob, job_text, read_job
from tests.engine.training.jobs import tiny_job

JOB = tiny_job(Path("model"))


def test_a_rate_and_a_rhythm_can_be_changed() -> None:
    job = changed_job(JOB, ["training.learning_rate=1e-4", "checkpoints.every_steps = 5"])
    assert (job.training.learning_rate, job.checkpoints.every_steps) == (1e-4, 5)
    assert job.dataset == JOB.dataset
    assert changed_job(JOB, []) == JOB


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("training.learning_rate", "is not a change; write it as training.learning_rate=0.0001."),
        ("training.batch_size=4", "training.batch_size cannot be changed for a run that has begun"),
        ("learning_rate=1", "learning_rate cannot be changed"),
        ("training.learning_rate=low", "training.learning_rate is 'low'; it must be a number."),
        ("training.learning_rate=2", "training.learning_rate must be more than 0 and below 1"),
        ("checkpoints.every_steps=1.5", "checkpoints.every_steps"),
    ],
)
def test_what_cannot_be_changed_is_one_sentence(change: str, sentence: str) -> None:
    with pytest.raises(InputError) as told:
        changed_job(JOB, [change])
    assert sentence in told.value.sentence
    assert "\n" not in told.value.sentence


def test_a_changed_job_file_keeps_its_place_among_the_runs(tmp_path: Path) -> None:
    path = tmp_path / "job.toml"
    path.write_text(job_text(TrainingJob(dataset=JOB.dataset)))
    os.utime(path, (1000, 1000))
    job = changed_job(read_job(path), ["training.learning_rate=0.5"])
    write_changed(path, job)
    assert read_job(path) == job
    assert path.stat().st_mtime == 1000
