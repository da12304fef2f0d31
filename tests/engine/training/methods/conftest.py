"""A tiny model that has learnt something, so that every method has something to change."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from engine.training.runs import MODEL
from tests.engine.training.conftest import QUESTIONS
from tests.engine.training.jobs import NEVER, tiny_job
from tests.engine.training.test_session import run_here
from tests.tiny import write_rows, write_tiny_model


@pytest.fixture(scope="session")
def taught_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that answers the questions of the workspace with a number in MHz, though not always the right one."""
    torch.set_num_threads(1)
    workspace = tmp_path_factory.mktemp("taught")
    model = workspace / "random"
    write_tiny_model(model, hidden=64)
    write_rows(workspace / "data.jsonl", QUESTIONS)
    job = tiny_job(
        model,
        method={"kind": "full"},
        training={"epochs": 16.0, "learning_rate": 0.01, "schedule": "one-cycle"},
        evaluation={"every_steps": NEVER, "row_losses": "off"},
        samples={"every_steps": NEVER},
    )
    _, _, run = run_here(workspace, job, model)
    return run / MODEL
