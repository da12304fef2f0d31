"""What differs between two jobs, setting by setting."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from data.formats.mapping import FieldMapping
from engine.training.job import DatasetSection, MixedDataset, TrainingJob
from engine.training.job_changes import differing_settings, setting_text, settings
from tests.engine.training.jobs import tiny_job

JOB = tiny_job(Path("model"))


def changed(a: TrainingJob, b: TrainingJob) -> list[tuple[str, str, str]]:
    return [(path, setting_text(ours), setting_text(theirs)) for path, (ours, theirs) in differing_settings((a, b))]


def test_equal_jobs_differ_in_nothing() -> None:
    assert differing_settings((JOB, tiny_job(Path("model")))) == []


def test_each_different_setting_is_named_once_with_both_values() -> None:
    other = tiny_job(
        Path("other"), training={"learning_rate": 1e-4, "packing": True}, method={"target_modules": ("a",)}
    )
    assert changed(JOB, other) == [
        ("model", '"model"', '"other"'),
        ("method.target_modules", "[]", '["a"]'),
        ("training.learning_rate", "0.02", "0.0001"),
        ("training.packing", "false", "true"),
    ]


def test_a_setting_that_only_one_job_has_is_missing_in_the_other() -> None:
    mapping = FieldMapping(question="ask", answer="reply")
    mixed = replace(JOB, dataset=replace(JOB.dataset, mapping=mapping, mix=(MixedDataset("more.jsonl", weight=2.0),)))
    found = changed(JOB, mixed)
    assert ("dataset.mapping.question", "–", '"ask"') in found
    assert ("dataset.mix[1].weight", "–", "2.0") in found
    assert {path for path, ours, _ in found if ours != "–"} == set(), found


def test_every_setting_has_a_path() -> None:
    found = settings(TrainingJob(dataset=DatasetSection("data.jsonl")))
    assert found["checkpoints.every_minutes"] == 10.0
    assert found["samples.questions"] == []
    assert not [path for path, value in found.items() if isinstance(value, dict)]
