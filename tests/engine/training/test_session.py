"""Runs inside this process: what may not change their result, and what ends them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from transformers import PreTrainedTokenizerFast

from data.errors import BurnishError
from data.templates import Template
from engine.jobs.events import Event, Progress, RunState, Sample, StateChanged, Warned
from engine.training.batching import PadRight
from engine.training.check import plan_sizes
from engine.training.examples import encode_rows
from engine.training.job import TrainingJob
from engine.training.loading import Arithmetic, load_model
from engine.training.room import Sizes
from engine.training.rows import load_rows
from engine.training.runs import create_run
from engine.training.session import train
from engine.training.stopping import StopRequest
from engine.training.trainer import CompletionTrainer
from tests.engine.training.jobs import NEVER, QUIET, rows_once, tiny_job
from tests.tiny import write_rows

FP32 = Arithmetic("cpu", bf16=False)


def run_here(workspace: Path, job: TrainingJob, model: Path) -> tuple[StateChanged, list[Event], Path]:
    """Train in this process; gives how it ended, what it said, and its folder."""
    run = create_run(workspace, job)
    said: list[Event] = []
    ended = train(job, workspace, run, model, said.append, StopRequest(run))
    return ended, said, run


def losses(said: list[Event]) -> list[float]:
    """The loss of every step."""
    return [event.loss for event in said if isinstance(event, Progress)]


@pytest.mark.parametrize("kind", ["lora", "full", "qlora"])
def test_evaluations_and_samples_do_not_change_the_training(workspace: Path, tiny_model: Path, kind: str) -> None:
    values: dict[str, Any] = {"method": {"kind": kind, "dropout": 0.2}, "dataset": {"held_out_fraction": 0.25}}
    quiet = tiny_job(tiny_model, **values, **QUIET)
    often = {"evaluation": {"every_steps": 1}, "samples": {"every_steps": 1}, "checkpoints": {"every_steps": 2}}
    busy = tiny_job(tiny_model, **values, **often)
    ended, quiet_said, quiet_run = run_here(workspace, quiet, tiny_model)
    assert ended.state is RunState.FINISHED
    _, busy_said, busy_run = run_here(workspace, busy, tiny_model)
    assert len([event for event in busy_said if isinstance(event, Sample)]) == 2 * 10
    assert losses(busy_said) == losses(quiet_said)
    ours, theirs = (load_file(run / "model" / "model.safetensors") for run in (quiet_run, busy_run))
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_full_training_learns_the_rows(workspace: Path, tiny_model: Path) -> None:
    training = {"epochs": 60.0, "schedule": "one-cycle"}
    job = tiny_job(tiny_model, method={"kind": "full"}, training=training, samples={"every_steps": NEVER})
    _, said, _ = run_here(workspace, job, tiny_model)
    found = losses(said)
    assert found[0] > 5
    assert found[-1] < 0.5
    last = [event for event in said if isinstance(event, Sample)][-2:]
    assert [event.answer for event in last] == [event.reference for event in last]


def test_accumulated_batches_are_one_step(workspace: Path, tiny_model: Path) -> None:
    whole = tiny_job(tiny_model, training={"batch_size": 24, "epochs": 4.0})
    parts = tiny_job(tiny_model, training={"batch_size": 8, "gradient_accumulation": 3, "epochs": 4.0})
    (_, at_once, _), (_, in_parts, _) = (run_here(workspace, job, tiny_model) for job in (whole, parts))
    assert losses(in_parts) == pytest.approx(losses(at_once), rel=1e-4)
    last = [event for event in in_parts if isinstance(event, Progress)][-1]
    assert last.target_tokens == [event for event in at_once if isinstance(event, Progress)][-1].target_tokens


def trainer(workspace: Path, job: TrainingJob, model: Path, run: Path) -> CompletionTrainer:
    """A trainer on the workspace's rows."""
    template = Template.from_model(model)
    examples = encode_rows(template, load_rows(job.dataset, workspace).train, 256)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(model / "tokenizer.json"), **template.special_tokens)
    epochs, loaded = rows_once(examples.lengths), load_model(model, job.method, FP32)
    return CompletionTrainer(loaded, tokenizer, examples, epochs, PadRight(0), job, run, FP32)


def test_no_checkpoint_is_begun_without_room_for_it(workspace: Path, tiny_model: Path) -> None:
    job = tiny_job(tiny_model)
    run = create_run(workspace, job)
    full = trainer(workspace, job, tiny_model, run)
    full.sizes = Sizes(model=0, trained=1 << 60)
    full.args.save_strategy = "epoch"
    with pytest.raises(BurnishError, match="The disk is too full for a checkpoint"):
        full.train()
    assert not [path for path in (run / "checkpoints").rglob("*") if path.is_file()]
    assert plan_sizes(tiny_model, job.method).checkpoint < 1 << 20


def test_what_a_person_should_know_about_the_rows_is_said(workspace: Path, tiny_model: Path) -> None:
    write_rows(
        workspace / "data.jsonl", [("How fast?", "word " * 300), ("x " * 400, "1"), ("Who?", "2"), ("Why?", "3")]
    )
    write_rows(workspace / "held.jsonl", [("why", "3")])
    directory = workspace / "untemplated"
    shutil.copytree(tiny_model, directory)
    (directory / "chat_template.jinja").unlink()
    job = tiny_job(directory, dataset={"held_out": "held.jsonl"}, training={"epochs": 1.0, "max_length": 256})
    _, said, run = run_here(workspace, job, directory)
    assert [event.text for event in said if isinstance(event, Warned)] == [
        "1 row is not trained on because the same question is held out.",
        "1 row is longer than 256 tokens; what is beyond is not trained on.",
        "1 row is left out because the question alone is longer than 256 tokens.",
        "The model has no chat template of its own; it is trained with Alpaca's.",
    ]
    assert "### Response" in (run / "model" / "chat_template.jinja").read_text()


def test_rows_that_are_all_too_long_are_one_sentence(workspace: Path, tiny_model: Path) -> None:
    job = tiny_job(tiny_model, training={"max_length": 8})
    with pytest.raises(BurnishError, match=r"No row has an answer within 8 tokens; raise training\.max_length\."):
        run_here(workspace, job, tiny_model)


def test_a_stop_before_the_first_step_leaves_nothing(workspace: Path, tiny_model: Path) -> None:
    job = tiny_job(tiny_model)
    run = create_run(workspace, job)
    (run / "control").write_text("stop\n")
    ended = train(job, workspace, run, tiny_model, lambda event: None, StopRequest(run))
    assert ended.state is RunState.STOPPED
    assert ended.reason == "stopped by you before the first step; nothing was learnt."
    assert not (run / "model").exists()


def test_a_model_that_cannot_be_loaded_is_one_sentence(workspace: Path, tiny_model: Path) -> None:
    directory = workspace / "strange"
    shutil.copytree(tiny_model, directory)
    (directory / "config.json").write_text('{"model_type": "nonsense"}')
    with pytest.raises(BurnishError, match=r"^The model in .*strange cannot be loaded: "):
        run_here(workspace, tiny_job(directory), directory)
