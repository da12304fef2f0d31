"""Runs as folders: numbered, never shared, started with the Python that can train."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data.errors import BurnishError, InputError
from engine.training.job import DatasetSection, TrainingJob, read_job
from engine.training.runs import create_run, request_stop, served_model, training_spec
from engine.training.stopping import StopRequest

JOB = TrainingJob(dataset=DatasetSection("data.jsonl"))


def test_runs_are_numbered_and_keep_their_job(tmp_path: Path) -> None:
    first, second = create_run(tmp_path, JOB), create_run(tmp_path, JOB)
    assert first == tmp_path / "runs" / "smollm2-lora-001"
    assert second.name == "smollm2-lora-002"
    assert read_job(first / "job.toml") == JOB
    shutil.rmtree(first)
    assert create_run(tmp_path, JOB).name == "smollm2-lora-003"


def test_a_name_becomes_a_safe_folder(tmp_path: Path) -> None:
    for name in ("../../Évil / naïve\n", "...", "a" * 300):
        folder = create_run(tmp_path, TrainingJob(model="m", name=name))
        assert folder.parent == tmp_path / "runs"
        assert len(folder.name) < 60


def test_runs_made_at_once_do_not_share_a_folder(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        folders = list(pool.map(lambda _: create_run(tmp_path, JOB), range(24)))
    assert len(set(folders)) == 24


def test_a_workspace_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(BurnishError, match="No run can be made in"):
        create_run(tmp_path, JOB)


def test_the_worker_is_started_with_the_python_that_has_torch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = create_run(tmp_path, JOB)
    spec = training_spec(run)
    assert spec.command == (sys.executable, "-m", "engine.training.worker", str(run))
    assert (spec.name, spec.folder) == (run.name, run)

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(InputError, match="There is no Python with torch: install"):
        training_spec(run)
    own = tmp_path / "burnish" / "train" / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.touch()
    assert training_spec(run).command[0] == str(own)


def test_a_stop_is_asked_for_through_the_control_file(tmp_path: Path) -> None:
    stop = StopRequest(tmp_path)
    assert not stop.made()
    (tmp_path / "control").write_text("something else")
    assert not stop.made()
    request_stop(tmp_path)
    assert stop.made()


def test_a_model_is_served_only_when_it_is_complete(tmp_path: Path, tiny_model: Path) -> None:
    assert served_model(tmp_path) is None
    shutil.copytree(tiny_model, tmp_path / "model")
    assert served_model(tmp_path) == tmp_path / "model"
    (tmp_path / "model" / "model.safetensors").unlink()
    assert served_model(tmp_path) is None
