"""A run that ended early goes on as if it had not: the same steps, the same weights."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from data.errors import BurnishError, InputError
from data.templates import Template
from engine.jobs.events import CheckpointSaved, Evaluation, Event, Progress, Resumed, RunState, StateChanged
from engine.training.changes import changed_job
from engine.training.checkpoints import checkpoints, step_of
from engine.training.divergence import WINDOW
from engine.training.examples import encode_rows
from engine.training.job import TrainingJob
from engine.training.monitor import Monitor, Rhythms
from engine.training.plan import Rhythm
from engine.training.runs import create_run
from engine.training.session import train
from engine.training.stopping import StopRequest
from tests.engine.training.jobs import NEVER, QUIET, tiny_job
from tests.engine.training.test_session import FP32, trainer

SAVED_EVERY = 2
JOB: dict[str, Any] = {
    "dataset": {"held_out_fraction": 0.25},
    "training": {"epochs": 3.5, "batch_size": 4, "schedule": "cosine"},
    "samples": {"every_steps": NEVER},
    "checkpoints": {"every_steps": SAVED_EVERY, "keep": 100},
}


class Killed(BaseException):
    """Stands for a process that ends there and then; nothing in the code under test catches it."""


class Attempts:
    """One run, started as often as it takes."""

    def __init__(self, workspace: Path, job: TrainingJob, model: Path) -> None:
        self.workspace, self.job, self.model = workspace, job, model
        self.folder = create_run(workspace, job)
        self.said: list[list[Event]] = []

    def start(self, until: Callable[[Event], bool] = lambda event: False) -> StateChanged | None:
        """Train until an event is said; None when that ended it."""
        said: list[Event] = []
        self.said.append(said)

        def report(event: Event) -> None:
            said.append(event)
            if until(event):
                raise Killed

        try:
            return train(self.job, self.workspace, self.folder, self.model, report, StopRequest(self.folder))
        except Killed:
            return None

    def last(self, kind: type[Any]) -> list[Any]:
        """What the newest attempt said of a kind."""
        return [event for event in self.said[-1] if isinstance(event, kind)]

    def weights(self) -> dict[str, torch.Tensor]:
        return load_file(self.folder / "model" / "model.safetensors")


def at_step(step: int) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, Progress) and event.step == step


def figures(events: list[Progress]) -> list[tuple[object, ...]]:
    """What may not depend on when and how quickly a step was done."""
    return [
        (each.step, each.loss, each.grad_norm, each.learning_rate, each.epoch, each.tokens, each.padded_tokens)
        for each in events
    ]


def equal(ours: dict[str, torch.Tensor], theirs: dict[str, torch.Tensor]) -> bool:
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


@pytest.mark.parametrize(
    ("method", "training"),
    [
        ({"kind": "lora", "dropout": 0.2}, {"precision": "fp32"}),
        ({"kind": "full"}, {"precision": "fp32", "gradient_accumulation": 2}),
        ({"kind": "lora", "dropout": 0.2}, {"precision": "bf16"}),
    ],
    ids=["lora", "full", "bf16"],
)
def test_a_run_resumed_twice_and_from_an_older_checkpoint_ends_with_the_same_bits(
    workspace: Path, tiny_model: Path, method: dict[str, Any], training: dict[str, Any]
) -> None:
    job = tiny_job(tiny_model, **{**JOB, "method": method, "training": JOB["training"] | training})
    straight = Attempts(workspace, job, tiny_model)
    assert straight.start() is not None
    whole = straight.last(Progress)
    assert not straight.last(Resumed)

    broken = Attempts(workspace, job, tiny_model)
    assert broken.start(at_step(6)) is None
    newest = checkpoints(broken.folder)[-1]
    assert newest.name == "checkpoint-4"
    assert broken.start(at_step(7)) is None
    assert [event.step for event in broken.last(Resumed)] == [4]
    assert figures(broken.last(Progress)) == figures(whole[4:7])

    # The newest checkpoint is torn, so the one before is taken.
    torn = checkpoints(broken.folder)[-1]
    assert torn.name == "checkpoint-6"
    file = next(path for path in sorted(torn.iterdir()) if path.suffix == ".safetensors")
    file.write_bytes(file.read_bytes()[:-1])
    ended = broken.start()
    assert ended is not None
    assert ended.state is RunState.FINISHED
    assert [event.step for event in broken.last(Resumed)] == [4]
    assert figures(broken.last(Progress)) == figures(whole[4:])
    held_out = [[(each.step, each.loss) for each in run.last(Evaluation)] for run in (straight, broken)]
    assert held_out[1] == [each for each in held_out[0] if each[0] > 4]
    assert equal(straight.weights(), broken.weights())


def test_the_end_of_an_epoch_and_the_end_of_the_run_are_places_to_go_on_from(workspace: Path, tiny_model: Path) -> None:
    training = JOB["training"] | {"epochs": 2.5, "batch_size": 6}
    often = JOB["checkpoints"] | {"every_steps": 3}
    job = tiny_job(tiny_model, **{**JOB, "method": {"dropout": 0.2}, "training": training, "checkpoints": often})
    run = Attempts(workspace, job, tiny_model)
    run.start()
    bits, whole = run.weights(), run.last(Progress)
    assert [path.name for path in checkpoints(run.folder)] == ["checkpoint-3", "checkpoint-6", "checkpoint-8"]
    for step in (8, 6):
        if step < 8:
            shutil.rmtree(checkpoints(run.folder)[-1])
        # As if the process had ended while it wrote the model.
        shutil.rmtree(run.folder / "model")
        ended = run.start()
        assert ended is not None
        assert ended.reason == "all 8 steps done; the tuned model is saved."
        assert figures(run.last(Progress)) == figures(whole[step:])
        assert equal(run.weights(), bits), step


def test_a_stopped_run_goes_on(workspace: Path, tiny_model: Path) -> None:
    job = tiny_job(tiny_model, **{**JOB, "checkpoints": {}})
    straight, stopped = (Attempts(workspace, job, tiny_model) for _ in range(2))
    straight.start()

    def stop(event: Event) -> bool:
        if at_step(5)(event):
            (stopped.folder / "control").write_text("stop\n")
        return False

    ended = stopped.start(stop)
    assert ended is not None
    assert ended.state is RunState.STOPPED
    (stopped.folder / "control").unlink()
    ended = stopped.start()
    assert ended is not None
    assert ended.state is RunState.FINISHED
    assert [event.step for event in stopped.last(Resumed)] == [5]
    assert equal(straight.weights(), stopped.weights())


def test_a_run_without_a_checkpoint_starts_over(workspace: Path, tiny_model: Path) -> None:
    job = tiny_job(tiny_model, **{**JOB, "checkpoints": {}})
    run = Attempts(workspace, job, tiny_model)
    run.start(at_step(3))
    run.start()
    assert [event.step for event in run.last(Resumed)] == [0]
    assert [event.step for event in run.last(Progress)][:3] == [1, 2, 3]
    assert [event.final for event in run.last(CheckpointSaved)] == [False, True]


def test_a_changed_dataset_is_no_way_to_go_on(workspace: Path, tiny_model: Path) -> None:
    run = Attempts(workspace, tiny_job(tiny_model, **JOB), tiny_model)
    run.start(at_step(3))
    data = workspace / "data.jsonl"
    before = data.read_bytes()
    data.write_bytes(before.replace(b"3 MHz", b"4 MHz"))
    with pytest.raises(InputError, match=r"^data\.jsonl has changed since this run began, so the run cannot go on"):
        run.start()
    # It is told as often as it is tried, and the old file mends it.
    with pytest.raises(InputError):
        run.start()
    data.write_bytes(before)
    assert run.start() is not None


def test_a_loss_that_runs_away_ends_the_run_and_a_lower_rate_saves_it(workspace: Path, tiny_model: Path) -> None:
    fast = {"epochs": 40.0, "learning_rate": 0.02, "schedule": "one-cycle"}
    first = Attempts(workspace, tiny_job(tiny_model, method={"kind": "full"}, training=fast, **QUIET), tiny_model)
    first.start()
    # What has been learnt is tuned further, and after a while far too fast.
    model = first.folder / "model"
    slow = {"epochs": 40.0, "learning_rate": 0.001, "schedule": "constant", "max_grad_norm": 1e30}
    job = tiny_job(model, method={"kind": "full"}, training=slow, checkpoints={"every_steps": 2}, **QUIET)
    run = Attempts(workspace, job, model)
    run.start(at_step(13))
    start = sum(event.loss for event in run.last(Progress)[:WINDOW]) / WINDOW
    run.job = changed_job(job, ["training.learning_rate=0.9"])
    with pytest.raises(BurnishError, match=r"^The loss ran away \(.* over 10 steps, .* over the first 10\) at") as told:
        run.start()
    wild = run.last(Progress)
    assert {event.learning_rate for event in wild} == {0.9}
    step = step_of(checkpoints(run.folder)[-1])
    sentence = f"lower training.learning_rate (it was 0.9) and resume from step {step}."
    assert told.value.sentence.endswith(f"; {sentence}")
    losses = {event.step: event.loss for event in wild}
    assert losses.get(step, start) <= start + 1 < sum(event.loss for event in wild[-WINDOW:]) / WINDOW

    run.job = changed_job(job, ["training.learning_rate=0.002"])
    assert run.start(at_step(step + 30)) is None
    again = run.last(Progress)
    assert [event.step for event in again] == list(range(step + 1, step + 31))
    assert {event.learning_rate for event in again} == {0.002}
    assert again[0].loss == losses[step + 1]
    assert sum(event.loss for event in again[-WINDOW:]) / WINDOW < start + 1


@pytest.mark.parametrize(
    ("figures_of_step", "what"),
    [
        ({"loss": float("nan"), "grad_norm": float("nan")}, "The loss became nan"),
        ({"loss": 1.0, "grad_norm": float("inf")}, "The gradient became inf"),
    ],
)
def test_a_loss_or_a_gradient_that_is_no_number_is_the_end(
    workspace: Path, tiny_model: Path, figures_of_step: dict[str, float], what: str
) -> None:
    run = create_run(workspace, tiny_job(tiny_model))
    trained = trainer(workspace, tiny_job(tiny_model), tiny_model, run)
    once = Rhythm(1, 1)
    monitor = Monitor(
        trained,
        lambda event: None,
        Template.from_model(tiny_model),
        FP32,
        StopRequest(run),
        Rhythms(once, once, once),
        encode_rows(Template.from_model(tiny_model), [], 8),
        [],
    )
    monitor.on_step_begin(trained.args, trained.state, trained.control)
    logs = figures_of_step | {"learning_rate": 0.1}
    with pytest.raises(BurnishError, match=rf"^{what} at step 0; lower .* and start again\.$"):
        monitor.on_log(trained.args, trained.state, trained.control, logs=logs)
    assert not trained.control.should_save
