"""The checkpoint with the lowest held-out loss: kept, used, and the end of a run when nothing gets better."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from data.errors import InputError
from data.templates import Template
from engine.jobs.events import CheckpointSaved, Evaluation, Event, Note, Progress, RunState, Warned
from engine.training.check import check_job
from engine.training.checkpoints import checkpoint_of, checkpoints, trained_seconds
from engine.training.examples import encode_rows
from engine.training.job import TrainingJob
from engine.training.monitor import Monitor, Rhythms
from engine.training.plan import Rhythm
from engine.training.runs import create_run
from engine.training.stopping import StopRequest
from tests.engine.training.conftest import QUESTIONS
from tests.engine.training.jobs import NEVER, QUIET, tiny_job
from tests.engine.training.test_resuming import Attempts, at_step, equal
from tests.engine.training.test_session import FP32, trainer
from tests.tiny import write_rows


def job_that_turns(model: Path, workspace: Path, **sections: dict[str, Any]) -> TrainingJob:
    """24 steps, measured after each; the held-out loss falls for a few of them and then rises for good.

    The held-out rows are answered as no training row is: once the model has learnt what letters look like, every step
    makes that answer less likely. So it is on every processor, whatever the last bits of a sum are.
    """
    write_rows(workspace / "held-out.jsonl", [(question, "It is not known.") for question, _ in QUESTIONS[:6]])
    values: dict[str, dict[str, Any]] = {
        "dataset": {"held_out": "held-out.jsonl"},
        "method": {"kind": "full"},
        "training": {"epochs": 8.0, "schedule": "constant", "learning_rate": 0.01, "warmup_fraction": 0.0},
        "evaluation": {"every_steps": 1, "row_losses": "off"},
        "samples": {"every_steps": NEVER},
        "checkpoints": {"best": "use", "keep": 1},
    }
    return tiny_job(model, **{name: values.get(name, {}) | sections.get(name, {}) for name in {*values, *sections}})


def minima(evaluations: Iterable[Evaluation]) -> list[int]:
    """The steps at which the loss was lower than ever, without the untrained model's."""
    found: list[int] = []
    lowest = float("inf")
    for each in evaluations:
        if each.step and each.loss < lowest:
            lowest = each.loss
            found.append(each.step)
    return found


def best_of(run: Attempts) -> Evaluation:
    return min((each for each in run.last(Evaluation) if each.step), key=lambda each: each.loss)


def test_the_best_checkpoint_is_kept_and_becomes_the_model(workspace: Path, tiny_model: Path) -> None:
    run = Attempts(workspace, job_that_turns(tiny_model, workspace), tiny_model)
    ended = run.start()
    assert ended is not None
    best = best_of(run)
    saved = run.last(CheckpointSaved)
    assert 1 < best.step < 20, "the held-out loss should turn in the middle of this run"
    assert [each.step for each in saved if each.best and not each.final] == minima(run.last(Evaluation))
    assert {path.name for path in checkpoints(run.folder)} == {f"checkpoint-{best.step}", "checkpoint-24"}
    assert (saved[-1].step, saved[-1].final, saved[-1].best) == (best.step, True, True)
    assert ended.reason == (
        f"all 24 steps done; the tuned model is that of step {best.step} (held-out loss {best.loss:.3f})."
    )
    theirs = load_file(checkpoint_of(run.folder, best.step) / "model.safetensors")
    ours = run.weights()
    assert all(torch.equal(ours[name], theirs[name].to(torch.bfloat16)) for name in ours)


def test_the_best_is_kept_beside_the_last_model_and_a_killed_run_knows_it(workspace: Path, tiny_model: Path) -> None:
    checkpoint = {"best": "keep", "every_steps": 5}
    straight, killed = (
        Attempts(workspace, job_that_turns(tiny_model, workspace, checkpoints=checkpoint), tiny_model) for _ in range(2)
    )
    ended = straight.start()
    assert ended is not None
    assert ended.reason == "all 24 steps done; the tuned model is saved."
    best = best_of(straight).step
    for step in (best - 1, best + 2, best + 4):
        assert killed.start(at_step(step)) is None
    again = killed.start()
    assert again is not None
    assert again.reason == ended.reason
    assert [path.name for path in checkpoints(killed.folder)] == [path.name for path in checkpoints(straight.folder)]
    assert best in [int(path.name.split("-")[1]) for path in checkpoints(killed.folder)]
    assert equal(straight.weights(), killed.weights())


def saving_the_model(event: Event) -> bool:
    return isinstance(event, Note) and event.text == "saving the model"


def test_early_stopping_counts_on_in_a_resumed_run(workspace: Path, tiny_model: Path) -> None:
    job = job_that_turns(tiny_model, workspace, evaluation={"stop_after": 3}, checkpoints={"every_steps": 1})
    straight, killed = (Attempts(workspace, job, tiny_model) for _ in range(2))
    ended = straight.start()
    assert ended is not None
    assert ended.state is RunState.FINISHED
    best, last = best_of(straight), straight.last(Progress)[-1].step
    assert last == best.step + 3 < 24
    assert ended.reason == (
        f"stopped early at step {last}: the held-out loss has not fallen for 3 evaluations; best {best.loss:.3f} at "
        f"step {best.step}; the tuned model is that of step {best.step} (held-out loss {best.loss:.3f})."
    )
    # Killed in the middle of its patience, and once more when all that was left to do was to save the model.
    assert killed.start(at_step(best.step + 2)) is None
    assert killed.start(saving_the_model) is None
    again = killed.start()
    assert again is not None
    assert not killed.last(Progress)
    assert (again.state, again.reason) == (ended.state, ended.reason)
    assert equal(straight.weights(), killed.weights())


def test_a_best_checkpoint_that_cannot_be_loaded_leaves_the_last_model(workspace: Path, tiny_model: Path) -> None:
    run = Attempts(workspace, job_that_turns(tiny_model, workspace), tiny_model)

    def spoil(event: Event) -> bool:
        if isinstance(event, CheckpointSaved) and event.step == 24 and not event.final:
            best = checkpoints(run.folder)[0] / "model.safetensors"
            # The header stays, and its metadata is no JSON any more; the size stays too.
            best.write_bytes(best.read_bytes().replace(b'"dtype"', b'"dtypo"'))
        return False

    ended = run.start(spoil)
    assert ended is not None
    assert ended.reason == "all 24 steps done; the tuned model is saved."
    assert run.last(Warned)[-1].text.endswith("; the tuned model is that of the last step.")
    theirs = load_file(checkpoint_of(run.folder, 24) / "model.safetensors")
    ours = run.weights()
    assert all(torch.equal(ours[name], theirs[name].to(torch.bfloat16)) for name in ours)


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        ({"evaluation": {"stop_after": 2}}, "evaluation.stop_after needs rows that are held out"),
        ({"checkpoints": {"best": "use"}}, 'checkpoints.best = "use" needs rows that are held out'),
    ],
)
def test_what_needs_a_held_out_loss_is_refused_without_one(
    workspace: Path, tiny_model: Path, sections: dict[str, dict[str, Any]], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        check_job(tiny_job(tiny_model, **sections), workspace)


@dataclass
class Clock:
    """A clock that only goes when a step is reported."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def timed_run(
    workspace: Path, job: TrainingJob, model: Path, seconds_a_step: float, also: Callable[[Event], None] | None = None
) -> tuple[Monitor, list[Event], Path]:
    """A run of which each step takes so many seconds."""
    run = create_run(workspace, job)
    clock, said = Clock(), list[Event]()

    def report(event: Event) -> None:
        said.append(event)
        if isinstance(event, Progress):
            clock.now += seconds_a_step

    trained = trainer(workspace, job, model, run)
    template = Template.from_model(model)
    last = Rhythm(0, 9)
    rhythms = Rhythms(last, last, Rhythm(job.checkpoints.every_steps, 9))
    nothing = encode_rows(template, [], 8)
    monitor = Monitor(trained, report, template, FP32, StopRequest(run), rhythms, nothing, [], clock)
    trained.add_callback(monitor)
    trained.train()
    return monitor, said, run


def saves(said: list[Event]) -> list[int]:
    return [event.step for event in said if isinstance(event, CheckpointSaved)]


def test_a_checkpoint_follows_as_many_minutes_of_training(workspace: Path, tiny_model: Path) -> None:
    job = tiny_job(tiny_model, checkpoints={"every_minutes": 10.0}, **QUIET)
    _, said, run = timed_run(workspace, job, tiny_model, 250.0)
    assert saves(said) == [3, 6, 9]
    assert trained_seconds(checkpoint_of(run, 9)) == 9 * 250
    often = replace(job, checkpoints=replace(job.checkpoints, every_steps=2))
    _, said, _ = timed_run(workspace, often, tiny_model, 250.0)
    assert saves(said) == [2, 4, 6, 8, 9]
    rare = replace(job, checkpoints=replace(job.checkpoints, every_minutes=0.0))
    _, said, _ = timed_run(workspace, rare, tiny_model, 250.0)
    assert saves(said) == [9]


def test_a_run_saves_and_stops_when_its_hours_are_spent(workspace: Path, tiny_model: Path) -> None:
    job = tiny_job(tiny_model, limits={"hours": 0.5}, checkpoints={"every_minutes": 0.0}, **QUIET)
    monitor, said, run = timed_run(workspace, job, tiny_model, 400.0)
    assert monitor.ending is not None
    assert monitor.ending.state is RunState.STOPPED
    assert monitor.ending.words.startswith("stopped at step 5 after 0.5 hours of training")
    assert saves(said) == [5]
    assert [path.name for path in checkpoints(run)] == ["checkpoint-5"]
