"""Job files are written under names that are free, and found again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.training.job import DatasetSection, TrainingJob
from engine.training.job_files import JobFile, job_files, write_job

JOB = TrainingJob(model="org/Some-Model", dataset=DatasetSection(path="pairs.jsonl"))


def test_a_job_file_is_named_after_its_job(tmp_path: Path) -> None:
    assert write_job(tmp_path, JOB).name == "some-lora.toml"
    assert write_job(tmp_path, replace(JOB, name="../odd name")).name == "odd-name.toml"
    assert write_job(tmp_path, replace(JOB, name="…")).name == "job.toml"


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    first = write_job(tmp_path, JOB)
    text = first.read_bytes()
    assert write_job(tmp_path, JOB) == first
    second = write_job(tmp_path, replace(JOB, template="alpaca"))
    assert second.name == "some-lora-2.toml"
    assert first.read_bytes() == text
    (tmp_path / "linked.toml").symlink_to(tmp_path / "nowhere")
    assert write_job(tmp_path, replace(JOB, name="linked")).name == "linked-2.toml"


def test_job_files_are_found_among_others(tmp_path: Path) -> None:
    path = write_job(tmp_path, JOB)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (tmp_path / "broken.toml").write_bytes(b"\xff\xfe")
    assert job_files(tmp_path) == [JobFile(path, JOB)]
