"""Starting runs again: which can be, where they go on, and that only one screen does it."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from data.errors import BurnishError, InputError
from engine.jobs.events import Event, EventWriter, Progress, Resumed, RunState, StateChanged
from engine.jobs.process import identify, read_identity, write_identity
from engine.training.checkpoints import COUNTS_FILE
from engine.training.control import RunControl
from engine.training.history import RunHistory
from engine.training.runs import create_run, request_stop
from engine.training.session import train
from engine.training.standing import Standing
from engine.training.stopping import StopRequest
from tests.engine.training.jobs import QUIET, of_kind, tiny_job
from tests.engine.training.test_checkpoints import write_checkpoint
from tests.waiting import wait_for
from tui.cli import main


def leave_a_killed_run(workspace: Path, model: Path) -> Path:
    """The folder of a run that was killed at step 6, with a checkpoint of step 4."""
    job = tiny_job(
        model,
        training={"epochs": 9000.0, "schedule": "constant", "warmup_fraction": 0.0},
        checkpoints={"every_steps": 4},
        **QUIET,
    )
    folder = create_run(workspace, job)
    writer = EventWriter(folder / "events.jsonl")

    def report(event: Event) -> None:
        writer.write(event)
        if isinstance(event, Progress) and event.step == 6:
            raise KeyboardInterrupt

    report(StateChanged(RunState.STARTING))
    with pytest.raises(KeyboardInterrupt):
        train(job, workspace, folder, model, report, StopRequest(folder))
    writer.close()
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    identity = identify(child.pid)
    assert identity is not None
    write_identity(folder, identity)
    child.kill()
    child.communicate()
    return folder


def test_a_killed_run_is_resumed_and_its_curve_goes_on(
    workspace: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = leave_a_killed_run(workspace, tiny_model)
    history = RunHistory(folder)
    history.refresh()
    lost = history.snapshot()
    assert lost.reason == "The training process was killed at step 6; it can be resumed from step 4."
    # The same after a reboot: the pid is somebody else's by now.
    identity = read_identity(folder)
    assert identity is not None
    write_identity(folder, replace(identity, boot_id="the one before"))
    history = RunHistory(folder)
    history.refresh()
    lost = history.snapshot()
    assert lost.reason == "The machine went down at step 6; it can be resumed from step 4."
    request_stop(folder)

    change = "training.learning_rate=0.001"
    assert main(["runs", "resume", folder.name, "--set", change, "--json", "-C", str(workspace)]) == 0
    identity = read_identity(folder)
    assert identity is not None
    try:
        assert json.loads(capsys.readouterr().out) == {"run": folder.name, "step": 4}
        history.refresh()
        assert history.snapshot().state is RunState.STARTING
        with pytest.raises(InputError, match=f"^{folder.name} is still at work"):
            RunControl(workspace).resume(folder.name)
        wait_for(lambda: [each.step for each in of_kind(folder, Progress)].count(6) == 2, what="step 6 again")
        history.refresh()
        running = history.snapshot()
        assert running.state is RunState.RUNNING
        assert [each.step for each in running.progress] == list(range(1, len(running.progress) + 1))
        assert [each.learning_rate for each in running.progress[3:5]] == [0.02, 0.001]
        assert [each.text for each in running.warnings] == [f"Resumed with {change}."]
        assert running.job is not None
        assert running.job.training.learning_rate == 0.001
        request_stop(folder)
        wait_for(lambda: not identity.group_alive(), what="the end of the run")
    finally:
        identity.signal_group(signal.SIGKILL)
    assert [event.step for event in of_kind(folder, Resumed)] == [4]
    assert of_kind(folder, StateChanged)[-1].state is RunState.STOPPED


def test_a_finished_run_is_not_resumed(workspace: Path, tiny_model: Path) -> None:
    folder = create_run(workspace, tiny_job(tiny_model))
    events = EventWriter(folder / "events.jsonl")
    events.write(StateChanged(RunState.FINISHED))
    events.close()
    with pytest.raises(InputError, match=r"has done all its steps; start a new run to train on\.$"):
        RunControl(workspace).resume(folder.name)


def test_a_run_whose_dataset_is_gone_is_not_resumed(workspace: Path, tiny_model: Path) -> None:
    folder = create_run(workspace, tiny_job(tiny_model))
    events = EventWriter(folder / "events.jsonl")
    events.write(StateChanged(RunState.FAILED, "The disk was full."))
    events.close()
    (workspace / "data.jsonl").unlink()
    with pytest.raises(InputError, match=r"data\.jsonl"):
        RunControl(workspace).resume(folder.name)
    assert of_kind(folder, StateChanged)[-1].reason == "The disk was full."


def test_a_run_is_not_resumed_by_two_screens_at_once(workspace: Path, tiny_model: Path) -> None:
    folder = create_run(workspace, tiny_job(tiny_model))
    other = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="is being started or deleted by another screen"):
            RunControl(workspace).resume(folder.name)
    finally:
        os.close(other)


def test_a_run_whose_hours_are_spent_is_given_more_first(workspace: Path, tiny_model: Path) -> None:
    job = tiny_job(tiny_model, limits={"hours": 2.0})
    folder = create_run(workspace, job)
    events = EventWriter(folder / "events.jsonl")
    events.write(StateChanged(RunState.STOPPED))
    events.close()
    checkpoint = write_checkpoint(folder, 4)
    kept = {"standing": Standing(trained_seconds=7200.0).as_json()}
    (checkpoint / COUNTS_FILE).write_text(json.dumps(kept))
    with pytest.raises(InputError, match=r"has trained for its 2 hours; give it more with --set limits\.hours=4\.$"):
        RunControl(workspace).resume(folder.name)


def test_a_run_that_cannot_be_launched_says_so_itself(
    workspace: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = workspace / "python"
    python.write_text("not a program")
    monkeypatch.setattr("engine.training.runs.training_python", lambda: python)
    with pytest.raises(BurnishError, match="could not be started") as told:
        RunControl(workspace).start(tiny_job(tiny_model), launcher="detached")
    [folder] = (workspace / "runs").iterdir()
    assert of_kind(folder, StateChanged)[-1].state is RunState.FAILED
    assert of_kind(folder, StateChanged)[-1].reason == told.value.sentence
