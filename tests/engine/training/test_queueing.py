"""Runs that wait for each other: in order, one at a time, whatever becomes of the one before."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.jobs.events import Progress, RunState, StateChanged
from engine.jobs.process import identify, read_identity, write_identity
from engine.training import queueing
from engine.training.control import RunControl
from engine.training.history import RunHistory
from engine.training.queueing import TICKET_FILE, draw_ticket, queue, wait_for_turn
from engine.training.runs import at_work
from tests.engine.training.jobs import QUIET, SLOW, of_kind, tiny_job
from tests.engine.training.test_history import RunFiles
from tests.waiting import wait_for


def state_of(folder: Path) -> tuple[RunState, str]:
    history = RunHistory(folder)
    while history.refresh():
        continue
    run = history.snapshot(with_progress=False)
    return run.state, run.reason


@pytest.fixture
def first(workspace: Path) -> Iterator[Path]:
    """The folder of a run at work, whose process only waits to be killed."""
    files = RunFiles(workspace, "first-1")
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    identity = identify(child.pid)
    assert identity is not None
    write_identity(files.folder, identity)
    files.events.write(StateChanged(RunState.RUNNING))
    yield files.folder
    child.kill()
    child.communicate()


@pytest.fixture
def control(workspace: Path) -> Iterator[RunControl]:
    control = RunControl(workspace)
    yield control
    for folder in (workspace / "runs").iterdir():
        control.kill(folder.name)


def test_runs_go_one_after_the_other_whatever_becomes_of_each(
    control: RunControl, workspace: Path, tiny_model: Path, first: Path
) -> None:
    endless = tiny_job(tiny_model, training={"epochs": 9000.0}, **QUIET)
    short = replace(endless, training=replace(endless.training, epochs=1.0))
    second, third, fourth = (control.folder(control.start(job, queued=True)) for job in (endless, endless, short))
    assert queue(workspace) == [second.name, third.name, fourth.name]
    # Their processes start side by side: any of the three may be the last to say what it waits for.
    others = {second: "", third: f" and {second.name}", fourth: " and 2 others"}
    queued = {run: (RunState.QUEUED, f"waits for {first.name}{more} to end.") for run, more in others.items()}
    wait_for(lambda: {run: state_of(run) for run in others} == queued, seconds=SLOW, what="the queue")
    identity = read_identity(second)
    assert identity is not None
    maps = Path(f"/proc/{identity.pid}/maps").read_text()
    assert "libtorch" not in maps, "a run that waits should be small"

    # One that waits is stopped at once, and the others go on waiting.
    control.stop(third.name)
    wait_for(lambda: state_of(third)[0] is RunState.STOPPED, seconds=SLOW, what="the stop of the third")
    assert state_of(third)[1] == "stopped by you while it waited."
    assert queue(workspace) == [second.name, fourth.name]

    # The one at work is killed by somebody else: the next goes on, and only that one.
    at_first = read_identity(first)
    assert at_first is not None
    at_first.signal_group(signal.SIGKILL)
    wait_for(lambda: of_kind(second, Progress), seconds=SLOW, what="the first step of the second")
    assert state_of(first)[0] is RunState.LOST
    told = (RunState.QUEUED, f"waits for {second.name} to end.")
    wait_for(lambda: state_of(fourth) == told, what="the new reason of the fourth")
    assert not (second / TICKET_FILE).exists()

    control.stop(second.name)
    wait_for(lambda: state_of(fourth)[0] is RunState.FINISHED, seconds=SLOW, what="the end of the fourth")
    assert of_kind(fourth, Progress)[0].t >= of_kind(second, StateChanged)[-1].t
    assert queue(workspace) == []


def test_one_that_waits_is_killed_and_can_wait_again(
    control: RunControl, workspace: Path, tiny_model: Path, first: Path
) -> None:
    endless = tiny_job(tiny_model, training={"epochs": 9000.0}, **QUIET)
    second = control.folder(control.start(endless, queued=True))
    wait_for(lambda: state_of(second)[1] == f"waits for {first.name} to end.", seconds=SLOW, what="the queue")
    control.kill(second.name)
    assert not at_work(second)
    assert state_of(second) == (RunState.STOPPED, "Killed by you; the checkpoints saved before stay.")
    assert control.resume(second.name, queued=True) == 0
    wait_for(lambda: len(of_kind(second, StateChanged)) >= 4, seconds=SLOW, what="the queue again")
    assert state_of(second)[0] is RunState.QUEUED
    identity = read_identity(second)
    assert identity is not None
    os.kill(identity.pid, signal.SIGKILL)
    wait_for(lambda: not identity.alive(), what="its end")
    assert state_of(second)[0] is RunState.LOST
    assert queue(workspace) == []


def test_a_ticket_of_a_dead_run_holds_nobody_up(tmp_path: Path) -> None:
    dead, mine = RunFiles(tmp_path, "dead-1"), RunFiles(tmp_path, "mine-1")
    for files in (dead, mine):
        draw_ticket(files.folder)
    dead.belongs_to_a_dead_process()
    assert wait_for_turn(mine.folder, lambda event: None, lambda: False)
    assert not (mine.folder / TICKET_FILE).exists()


def test_only_one_run_at_a_time_looks_and_takes_its_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise one that looks before another has given its ticket back starts beside it."""
    mine = RunFiles(tmp_path, "mine-1").folder
    draw_ticket(mine)
    done: list[str] = []

    def tear(folder: Path) -> None:
        descriptor = os.open(folder.parent, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(descriptor)
        done.append(folder.name)

    monkeypatch.setattr(queueing, "tear_ticket", tear)
    monkeypatch.setattr(queueing, "_blockers", lambda folder: tear(folder) or {})
    assert wait_for_turn(mine, lambda event: None, lambda: False)
    assert done[:2] == [mine.name, mine.name], "it looked and gave its ticket back while no other could"


def test_a_run_without_a_ticket_waits_for_nobody(tmp_path: Path) -> None:
    other, mine = RunFiles(tmp_path, "other-1"), RunFiles(tmp_path, "mine-1")
    other.belongs_to_a_living_process()
    assert wait_for_turn(mine.folder, lambda event: None, lambda: False)


def test_the_end_of_the_one_before_is_noticed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.training.queueing.LOOK_EVERY", 3600.0)
    other, mine = RunFiles(tmp_path, "other-1"), RunFiles(tmp_path, "mine-1")
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    identity = identify(child.pid)
    assert identity is not None
    write_identity(other.folder, identity)
    draw_ticket(mine.folder)
    said: list[StateChanged] = []
    turn = threading.Thread(target=wait_for_turn, args=(mine.folder, said.append, lambda: False))
    turn.start()
    wait_for(lambda: said, what="a word of the one that waits")
    child.kill()
    child.communicate()
    turn.join(60)
    assert not turn.is_alive()
    assert [event.reason for event in said] == ["waits for other-1 to end."]
