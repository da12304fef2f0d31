"""The loss of each row: measured as a plain computation would, recorded as it goes, read by whoever shows it."""

from __future__ import annotations

import json
import os
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn import functional
from transformers import AutoModelForCausalLM

from data.errors import InputError
from data.formats.reading import conversations
from data.rendered_row import render_row
from data.row_digest import row_digest
from data.templates import Template
from engine.jobs.detached import launch
from engine.jobs.events import Event, RunState, StateChanged, Warned
from engine.training import row_measurement
from engine.training.control import RunControl
from engine.training.history import CUT_SHORT, RunHistory
from engine.training.job import EvaluationSection, TrainingJob, job_from
from engine.training.row_losses import (
    FILE,
    RowLoss,
    append_losses,
    places_of,
    read_losses,
    recorded_losses,
    write_losses,
)
from engine.training.row_measurement import AUTO_ROWS, arms_of
from engine.training.runs import create_run, served_model, training_spec
from engine.training.session import train
from engine.training.stopping import StopRequest
from tests.engine.training.jobs import QUIET, SLOW, of_kind, tiny_job
from tests.tiny import write_rows
from tests.waiting import wait_for


def run_here(workspace: Path, job: TrainingJob, model: Path, report: Any = None) -> tuple[StateChanged, Path]:
    """Train in this process; gives how it ended, and its folder."""
    run = create_run(workspace, job)
    return train(job, workspace, run, model, report or (lambda event: None), StopRequest(run)), run


def plain_losses(directory: Path, template: Template, file: Path, dtype: torch.dtype) -> dict[bytes, tuple[float, int]]:
    """Row by row, without padding, logits at every token: loss and targets by the row's digest."""
    model: Any = AutoModelForCausalLM.from_pretrained(directory, dtype=dtype).float()
    found: dict[bytes, tuple[float, int]] = {}
    for line, row in zip(file.read_bytes().splitlines(), conversations(file), strict=True):
        rendered = render_row(template, row)
        ids, targets = rendered.token_ids[: rendered.fed], rendered.target_mask[: rendered.fed]
        with torch.no_grad():
            logits = model(input_ids=torch.tensor([ids])).logits[0, :-1]
        losses = functional.cross_entropy(logits, torch.tensor(ids[1:]), reduction="none")
        learnt = torch.tensor(targets[1:])
        found[row_digest(line)] = (float(losses[learnt].mean()), int(learnt.sum()))
    return found


@pytest.mark.parametrize("kind", ["lora", "full"])
def test_losses_are_those_of_a_plain_computation(workspace: Path, tiny_model: Path, kind: str) -> None:
    write_rows(
        workspace / "held.jsonl", [("How fast is the chip?", "5 MHz."), ("Who?", "Number 7."), ("Where?", "Here")]
    )
    job = tiny_job(tiny_model, method={"kind": kind}, dataset={"held_out": "held.jsonl"}, training={"epochs": 6.0})
    ended, run = run_here(workspace, job, tiny_model)
    assert ended.state is RunState.FINISHED
    assert ended.t >= (run / FILE).stat().st_mtime
    losses = read_losses(run)
    places = [loss.place for loss in losses]
    assert [(place.part, place.row) for place in places] == [
        *(("train", row) for row in range(1, 25)),
        *(("held-out", row) for row in range(1, 4)),
    ]
    assert {(place.part, place.file) for place in places} == {("train", "data.jsonl"), ("held-out", "held.jsonl")}

    template = Template.from_model(tiny_model)
    for file in ("data.jsonl", "held.jsonl"):
        tuned = plain_losses(run / "model", template, workspace / file, torch.bfloat16)
        base = plain_losses(tiny_model, template, workspace / file, torch.bfloat16)
        recorded = [loss for loss in losses if loss.place.file == file]
        assert [loss.place.digest for loss in recorded] == list(tuned)
        assert [loss.tokens for loss in recorded] == [tokens for _, tokens in tuned.values()]
        assert [loss.base for loss in recorded] == pytest.approx([each for each, _ in base.values()], rel=1e-4)
        # Held-out rows were measured before the tuned weights were rounded to the bf16 in which they are saved.
        near = 1e-4 if file == "data.jsonl" else 1e-2
        assert [loss.tuned for loss in recorded] == pytest.approx([each for each, _ in tuned.values()], rel=near)
        if file == "data.jsonl":
            assert all(loss.tuned and loss.base and loss.tuned < loss.base for loss in recorded)


def test_rows_are_known_by_their_bytes_at_the_start(workspace: Path, tiny_model: Path) -> None:
    lines = (workspace / "data.jsonl").read_bytes().splitlines()

    def edit_then(event: Event) -> None:
        if isinstance(event, StateChanged) and event.state is RunState.RUNNING:
            write_rows(workspace / "data.jsonl", [("Another?", "Yes.")])

    job = tiny_job(tiny_model, dataset={"held_out_fraction": 0.25, "max_rows": 20}, training={"epochs": 1.0})
    _, run = run_here(workspace, job, tiny_model, edit_then)
    losses = read_losses(run)
    assert sorted(loss.place.row for loss in losses) == list(range(1, 21))
    assert all(loss.place.digest == row_digest(lines[loss.place.row - 1]) for loss in losses)
    assert sum(loss.place.part == "held-out" for loss in losses) == 5


def test_a_row_that_is_too_long_shifts_no_other(workspace: Path, tiny_model: Path) -> None:
    write_rows(workspace / "data.jsonl", [("Why?", "3"), ("x " * 400, "1"), ("Who?", "2")])
    _, run = run_here(workspace, tiny_job(tiny_model, training={"epochs": 1.0}), tiny_model)
    lines = (workspace / "data.jsonl").read_bytes().splitlines()
    assert [loss.place.row for loss in read_losses(run)] == [1, 3]
    assert list(recorded_losses(workspace, Path("data.jsonl"))) == [row_digest(lines[0]), row_digest(lines[2])]


@pytest.mark.parametrize(
    ("setting", "rows", "arms"),
    [
        ("auto", AUTO_ROWS, ("tuned", "base")),
        ("auto", AUTO_ROWS + 1, ()),
        ("both", AUTO_ROWS + 1, ("tuned", "base")),
        ("tuned", 1, ("tuned",)),
        ("off", 1, ()),
    ],
)
def test_the_setting_decides(setting: Any, rows: int, arms: tuple[str, ...]) -> None:
    assert arms_of(EvaluationSection(row_losses=setting), rows) == arms


def test_another_setting_is_refused() -> None:
    with pytest.raises(InputError, match=r"evaluation\.row_losses is 'all'; it can be auto, both, tuned, off"):
        job_from({"dataset": {"path": "x"}, "evaluation": {"row_losses": "all"}})


def test_nothing_is_measured_where_it_is_off(workspace: Path, tiny_model: Path) -> None:
    job = tiny_job(tiny_model, evaluation={"row_losses": "off"}, training={"epochs": 1.0})
    ended, run = run_here(workspace, job, tiny_model)
    assert ended.state is RunState.FINISHED
    assert not (run / FILE).exists()
    assert recorded_losses(workspace, workspace / "data.jsonl") == {}


def stop_at(workspace: Path, words: str, said: list[Event]) -> Any:
    """Takes what a run says and asks it to stop at the first event with these words."""

    def report(event: Event) -> None:
        said.append(event)
        if words in getattr(event, "text", ""):
            (run,) = (workspace / "runs").iterdir()
            (run / "control").write_text("stop\n")

    return report


@pytest.mark.parametrize(("arm", "tuned", "base"), [("tuned", 8, 0), ("base", 24, 8)])
def test_a_stop_ends_the_measuring_and_the_run_is_finished(
    workspace: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch, arm: str, tuned: int, base: int
) -> None:
    monkeypatch.setattr(row_measurement, "_NOTE_SECONDS", 0.0)
    said: list[Event] = []
    report = stop_at(workspace, f"measuring the rows under the {arm} model, 8 of 24", said)
    ended, run = run_here(workspace, tiny_job(tiny_model, training={"epochs": 1.0}), tiny_model, report)
    assert ended.state is RunState.FINISHED
    assert served_model(run) is not None
    losses = read_losses(run)
    assert sum(loss.tuned is not None for loss in losses) == tuned
    assert sum(loss.base is not None for loss in losses) == base


def test_a_base_model_that_is_gone_leaves_the_other_losses(workspace: Path, tiny_model: Path, tmp_path: Path) -> None:
    directory = tmp_path / "copy"
    shutil.copytree(tiny_model, directory)
    said: list[Event] = []

    def report(event: Event) -> None:
        said.append(event)
        if isinstance(event, StateChanged) and event.state is RunState.MEASURING:
            (directory / "config.json").unlink()

    ended, _ = run_here(workspace, tiny_job(directory, training={"epochs": 1.0}), directory, report)
    assert ended.state is RunState.FINISHED
    assert len(recorded_losses(workspace, Path("data.jsonl"))) == 24
    (warning,) = [event.text for event in said if isinstance(event, Warned)]
    assert warning.startswith("Not every row could be measured: The model in ")


@pytest.mark.parametrize("by", ["the machine", "a person"])
def test_a_run_that_is_killed_while_it_measures_is_finished(workspace: Path, tiny_model: Path, by: str) -> None:
    # Measured one by one, so many take long enough to be killed meanwhile by a test that gets no processor at first.
    write_rows(workspace / "data.jsonl", [(f"How fast is chip {number}?", f"{number} MHz.") for number in range(4500)])
    job = tiny_job(
        tiny_model,
        training={"epochs": 0.003, "batch_size": 1},
        **QUIET,
    )
    run = create_run(workspace, job)
    identity = launch(training_spec(run))
    try:
        wait_for(lambda: bool(read_losses(run)), seconds=SLOW, what="the first losses of rows")
        if by == "a person":
            RunControl(workspace).kill(run.name)
        else:
            identity.signal_group(signal.SIGKILL)
        wait_for(lambda: not identity.group_alive(), seconds=SLOW, what="the end of the process")
    finally:
        identity.signal_group(signal.SIGKILL)
    assert [event.state for event in of_kind(run, StateChanged)][2] is RunState.MEASURING
    history = RunHistory(run)
    history.refresh()
    snapshot = history.snapshot()
    assert snapshot.state is RunState.FINISHED
    # Who is asked to end may still be able to say so itself.
    assert by == "a person" or snapshot.reason == CUT_SHORT
    assert snapshot.ended is not None
    assert snapshot.resumes_at is None
    assert not history.active
    folder = served_model(run)
    assert folder is not None
    AutoModelForCausalLM.from_pretrained(folder)
    assert 0 < len(recorded_losses(workspace, workspace / "data.jsonl")) < 4500


def record(run: Path, *losses: dict[str, Any], tail: bytes = b"") -> None:
    """A run that has measured these."""
    run.mkdir(parents=True)
    (run / "job.toml").write_text("")
    first = {"file": "data.jsonl", "part": "train", "base": 3.5, "tuned": 0.25, "tokens": 4}
    lines = [json.dumps(first | loss | {"digest": row_digest(str(loss["row"]).encode()).hex()}) for loss in losses]
    (run / FILE).write_bytes("\n".join(lines).encode() + b"\n" + tail)


def test_the_newest_run_that_measured_the_file_is_read(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    record(runs / "a-001", {"row": 1}, {"row": 2})
    record(runs / "a-002", {"row": 2, "tuned": 0.5, "base": None}, {"row": 3, "file": "held.jsonl"})
    record(runs / "a-003", {"row": 1, "file": "held.jsonl"})
    for age, name in enumerate(("a-003", "a-002", "a-001")):
        os.utime(runs / name / "job.toml", (1000 - age, 1000 - age))
    found = recorded_losses(tmp_path, tmp_path / "data.jsonl")
    assert [(loss.place.row, loss.tuned, loss.base) for loss in found.values()] == [(2, 0.5, None)]
    assert list(found) == [row_digest(b"2")]
    assert recorded_losses(tmp_path, Path("other.jsonl")) == {}
    assert recorded_losses(tmp_path / "nothing", Path("data.jsonl")) == {}


@pytest.mark.parametrize(
    "tail",
    [b'{"row": 3, "file": "da', b"\0" * 40, b"[1]\n\n", b'{"row": 3}\n', b'{"row": null, "digest": 4}\n', b"\xff\n"],
)
def test_what_cannot_be_read_is_passed_over(tmp_path: Path, tail: bytes) -> None:
    record(tmp_path / "runs" / "a-001", {"row": 1}, {"row": 2, "tuned": None}, tail=tail)
    found = recorded_losses(tmp_path, Path("data.jsonl"))
    assert [(loss.place.row, loss.tuned) for loss in found.values()] == [(1, 0.25), (2, None)]


def test_places_of_rows_that_are_gone(tmp_path: Path) -> None:
    write_rows(tmp_path / "data.jsonl", [("a?", "a"), ("b?", "b"), ("c?", "c")])
    rows = list(conversations(tmp_path / "data.jsonl"))
    write_rows(tmp_path / "data.jsonl", [("a?", "a"), ("b?", "b")])
    first, second, third = places_of(tmp_path / "data.jsonl", rows, "train")
    assert first is not None
    assert second is not None
    assert (first.row, second.row, third) == (1, 2, None)


def test_a_loss_that_is_no_number_is_written_as_none(tmp_path: Path) -> None:
    write_rows(tmp_path / "data.jsonl", [("a?", "a")])
    (place,) = places_of(tmp_path / "data.jsonl", list(conversations(tmp_path / "data.jsonl")), "train")
    assert place is not None
    append_losses(tmp_path, [RowLoss(place, float("inf"), 1.0, 2)])
    assert read_losses(tmp_path) == [RowLoss(place, None, 1.0, 2)]
    write_losses(tmp_path, [RowLoss(place, 2.5, float("nan"), 2)])
    assert read_losses(tmp_path) == [RowLoss(place, 2.5, None, 2)]
