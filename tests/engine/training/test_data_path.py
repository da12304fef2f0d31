"""Runs on texts, mixes and packs: what they learn, that they go on exactly, and what they leave."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from data.errors import InputError
from data.templates import ALPACA
from engine.jobs.events import CheckpointSaved, Event, Progress, RunState, Sample, StateChanged
from engine.training.batching import EndToEnd
from engine.training.job import MethodSection, MixedDataset, TrainingJob
from engine.training.loading import load_model
from engine.training.loss import completion_loss
from engine.training.methods.building import adapt
from engine.training.row_attention import ROWS
from engine.training.row_losses import read_losses
from engine.training.runs import create_run
from engine.training.session import train
from engine.training.stopping import StopRequest
from tests.data.formats.rows import written
from tests.engine.training.jobs import NEVER, QUIET, tiny_job
from tests.engine.training.test_loss import FP32, gradients
from tests.engine.training.test_row_attention import make_rows


def run(workspace: Path, job: TrainingJob, model: Path, *, stop_at: int = 0) -> tuple[StateChanged, list[Event], Path]:
    """Train in this process; a run with the same folder is made for a second call."""
    folder = create_run(workspace, job)
    return *go_on(workspace, job, model, folder, stop_at=stop_at), folder


def go_on(
    workspace: Path, job: TrainingJob, model: Path, folder: Path, *, stop_at: int = 0
) -> tuple[StateChanged, list[Event]]:
    """Train, or go on, in a folder; stops as a person would after a step."""
    said: list[Event] = []

    def report(event: Event) -> None:
        said.append(event)
        if stop_at and isinstance(event, Progress) and event.step == stop_at:
            (folder / "control").write_text("stop\n")

    (folder / "control").unlink(missing_ok=True)
    return train(job, workspace, folder, model, report, StopRequest(folder)), said


def losses(said: list[Event]) -> list[float]:
    """The loss of every step."""
    return [event.loss for event in said if isinstance(event, Progress)]


def test_pretraining_goes_on_with_text(workspace: Path, tiny_model: Path) -> None:
    (workspace / "book.txt").write_text("The RP2350 runs at up to 150 MHz.\nIt has 520 KB of SRAM.\n" * 12)
    job = tiny_job(
        tiny_model,
        dataset={"path": "book.txt"},
        training={"max_length": 32, "batch_size": 2, "epochs": 4.0},
        evaluation={"every_steps": NEVER},
        samples={"every_steps": NEVER},
    )
    ended, said, folder = run(workspace, replace(job, stage="text"), tiny_model)
    assert ended.state is RunState.FINISHED, ended.reason
    found = losses(said)
    assert found[-1] < found[0] - 0.2
    # Every token is a target but the first of each piece.
    last = [event for event in said if isinstance(event, Progress)][-1]
    assert last.target_tokens == last.tokens - last.rows
    samples = [event for event in said if isinstance(event, Sample)]
    assert samples[0].question == "The RP2350 runs at up to 150 MHz. It has 520 KB"
    assert samples[0].reference.startswith("of SRAM. The RP2350")
    # What the model is served with stays its own.
    assert (folder / "model" / "chat_template.jinja").read_text() == (tiny_model / "chat_template.jinja").read_text()


@pytest.mark.parametrize("packing", [True, False])
def test_a_mixed_run_goes_on_as_if_it_had_not_stopped(workspace: Path, tiny_model: Path, packing: bool) -> None:
    answer = {"role": "assistant", "content": "Me."}
    rows = [{"messages": [{"role": "user", "content": f"Who is {number}?"}, answer]} for number in range(6)]
    written(workspace / "more.jsonl", *rows)
    job = tiny_job(
        tiny_model,
        training={"packing": packing, "max_length": 160 if packing else 512, "batch_size": 2, "epochs": 3.0},
        **QUIET,
    )
    job = replace(job, dataset=replace(job.dataset, weight=0.7, mix=(MixedDataset("more.jsonl", 1.5),)))
    whole_end, whole, _ = run(workspace, job, tiny_model)
    assert whole_end.state is RunState.FINISHED, whole_end.reason
    stopped, before, folder = run(workspace, job, tiny_model, stop_at=7)
    assert stopped.state is RunState.STOPPED
    assert any(isinstance(event, CheckpointSaved) for event in before)
    ended, after = go_on(workspace, job, tiny_model, folder)
    assert ended.state is RunState.FINISHED
    assert losses(before) + losses(after) == losses(whole)
    assert sorted({loss.place.file for loss in read_losses(folder)}) == ["data.jsonl", "more.jsonl"]
    assert len(read_losses(folder)) == 30
    # A mixed file that has changed since is noticed.
    stopped, _, folder = run(workspace, job, tiny_model, stop_at=7)
    written(workspace / "more.jsonl", *rows[1:])
    with pytest.raises(InputError, match=r"^more\.jsonl has changed since this run began"):
        go_on(workspace, job, tiny_model, folder)


def test_a_run_ends_at_its_step_and_leaves_its_template(workspace: Path, tiny_model: Path) -> None:
    job = replace(tiny_job(tiny_model, training={"max_steps": 2}, **QUIET), template="alpaca")
    ended, said, folder = run(workspace, job, tiny_model)
    assert ended.state is RunState.FINISHED
    assert len(losses(said)) == 2
    assert (folder / "model" / "chat_template.jinja").read_text() == ALPACA


@pytest.mark.parametrize("kind", ["lora", "full"])
def test_gradients_of_checkpointing_are_those_without(tiny_model: Path, kind: Any) -> None:
    method = MethodSection(kind=kind, rank=4, alpha=8)
    tested = adapt(load_model(tiny_model, method, FP32), method, 1)
    tested.train()
    (tested.get_base_model() if kind == "lora" else tested).set_attn_implementation(ROWS)
    for name, weight in tested.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.1, generator=torch.Generator().manual_seed(1))
    batch = EndToEnd(2)(make_rows([12, 60, 14]))
    plain = gradients(tested, completion_loss(tested, batch))
    tested.gradient_checkpointing_enable({"use_reentrant": False})
    again = gradients(tested, completion_loss(tested, batch))
    assert len(plain) > 10
    for name, gradient in plain.items():
        torch.testing.assert_close(again[name], gradient)


def test_a_run_with_gradient_checkpointing_learns_the_same(workspace: Path, tiny_model: Path) -> None:
    found = [
        losses(run(workspace, tiny_job(tiny_model, training={"gradient_checkpointing": on}, **QUIET), tiny_model)[1])
        for on in (False, True)
    ]
    assert found[1] == pytest.approx(found[0], rel=1e-5)
