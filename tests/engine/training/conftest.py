"""A tiny model and a small workspace to train it in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from engine.jobs.detached import launch
from engine.jobs.process import ProcessIdentity, end_group
from engine.training.job import TrainingJob
from engine.training.runs import create_run, training_spec
from tests.engine.training.jobs import Start
from tests.tiny import write_rows, write_tiny_model

QUESTIONS = [
    (f"How fast is the chip number {number}{' in the extended temperature range' * (number % 4)}?", f"{number} MHz.")
    for number in range(1, 25)
]


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of 45,000 random parameters; never written to by a test."""
    directory = tmp_path_factory.mktemp("models") / "tiny"
    write_tiny_model(directory)
    return directory


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """More threads only wait for each other on a model this small, here and in the processes that a test starts."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    torch.set_num_threads(1)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with a dataset of 24 rows, `data.jsonl`."""
    write_rows(tmp_path / "data.jsonl", QUESTIONS)
    return tmp_path


@pytest.fixture
def start(workspace: Path) -> Iterator[Start]:
    """Starts a job as the engine does; what still runs after the test is ended."""
    started: list[ProcessIdentity] = []

    def start_job(job: TrainingJob) -> tuple[Path, ProcessIdentity]:
        run = create_run(workspace, job)
        started.append(launch(training_spec(run)))
        return run, started[-1]

    yield start_job
    for identity in started:
        end_group(identity, grace_seconds=0)
