from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from engine.jobs.events import (
    CheckpointSaved,
    Evaluation,
    EventWriter,
    Note,
    Progress,
    Resumed,
    RunState,
    Sample,
    StateChanged,
    Warned,
)
from engine.jobs.process import identify, write_identity
from engine.reports import Report, RunsListed, RunSnapshot
from engine.training.history import RunHistory
from engine.training.job import DatasetSection, TrainingJob, job_text
from engine.training.runs import request_stop
from engine.training.supervisor import RunSupervisor
from tests.engine.training.test_checkpoints import write_checkpoint


def step(number: int) -> Progress:
    return Progress(
        step=number,
        total_steps=10,
        epoch=number / 5,
        loss=2.0 / number,
        learning_rate=1e-3,
        grad_norm=1.0,
        tokens=100 * number,
        target_tokens=30 * number,
        padded_tokens=110 * number,
        tokens_per_second=400.0,
        eta_seconds=1.0,
        memory_bytes=1 << 30,
    )


class RunFiles:
    """A run's folder as a trainer would leave it."""

    def __init__(self, workspace: Path, run_id: str = "smollm2-lora-1") -> None:
        self.folder = workspace / "runs" / run_id
        self.folder.mkdir(parents=True)
        (self.folder / "job.toml").write_text(job_text(TrainingJob(dataset=DatasetSection(path="pairs.jsonl"))))
        self.events = EventWriter(self.folder / "events.jsonl")

    def belongs_to_a_living_process(self) -> None:
        me = identify(os.getpid())
        assert me is not None
        write_identity(self.folder, me)

    def belongs_to_a_dead_process(self) -> None:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        identity = identify(child.pid)
        assert identity is not None
        write_identity(self.folder, identity)
        child.kill()
        child.communicate()

    def belongs_to_another_boot(self) -> None:
        me = identify(os.getpid())
        assert me is not None
        (self.folder / "process.json").write_text(json.dumps({**asdict(me), "boot_id": "before"}))


@pytest.fixture
def files(tmp_path: Path) -> RunFiles:
    return RunFiles(tmp_path)


def snapshot_of(files: RunFiles) -> RunSnapshot:
    history = RunHistory(files.folder)
    history.refresh(with_log=True)
    return history.snapshot()


def test_a_screen_opened_later_sees_what_an_earlier_one_saw(files: RunFiles) -> None:
    files.belongs_to_a_living_process()
    early = RunHistory(files.folder)
    for event in (StateChanged(RunState.RUNNING), *map(step, range(1, 8))):
        files.events.write(event)
        early.refresh()
    assert early.snapshot() == snapshot_of(files)
    assert [each.step for each in early.snapshot().progress] == list(range(1, 8))


def test_nothing_new_is_no_change(files: RunFiles) -> None:
    files.belongs_to_a_living_process()
    history = RunHistory(files.folder)
    history.refresh(with_log=True)
    assert not history.refresh(with_log=True)
    files.events.write(step(1))
    assert history.refresh(with_log=True)


def test_a_run_without_a_process_yet_is_queued(files: RunFiles) -> None:
    assert snapshot_of(files).state is RunState.QUEUED


def test_a_note_says_what_a_starting_run_is_doing(files: RunFiles) -> None:
    files.belongs_to_a_living_process()
    files.events.write(StateChanged(RunState.STARTING))
    files.events.write(Note("converting the model"))
    assert (snapshot_of(files).state, snapshot_of(files).reason) == (RunState.STARTING, "converting the model")


def test_a_killed_run_is_lost_and_says_where(files: RunFiles) -> None:
    files.belongs_to_a_dead_process()
    files.events.write(StateChanged(RunState.RUNNING))
    files.events.write(step(4))
    snapshot = snapshot_of(files)
    assert snapshot.state is RunState.LOST
    assert snapshot.reason == "The training process was killed at step 4; it can start over."
    assert snapshot.resumes_at == 0
    write_checkpoint(files.folder, 3)
    snapshot = snapshot_of(files)
    assert snapshot.reason == "The training process was killed at step 4; it can be resumed from step 3."
    assert snapshot.resumes_at == 3


def test_after_a_reboot_the_run_says_that_the_machine_went_down(files: RunFiles) -> None:
    files.belongs_to_another_boot()
    files.events.write(StateChanged(RunState.RUNNING))
    files.events.write(step(4))
    assert snapshot_of(files).reason == "The machine went down at step 4; it can start over."
    write_checkpoint(files.folder, 4)
    assert snapshot_of(files).reason == "The machine went down at step 4; it can be resumed from step 4."


def test_a_run_that_was_killed_before_its_first_step_can_start_over(files: RunFiles) -> None:
    files.belongs_to_a_dead_process()
    files.events.write(StateChanged(RunState.STARTING))
    assert snapshot_of(files).reason == "The training process was killed before the first step; it can start over."


@pytest.mark.parametrize(
    ("state", "step"),
    [(RunState.STOPPED, 4), (RunState.FAILED, 4), (RunState.FINISHED, None), (RunState.RUNNING, None)],
)
def test_a_run_that_ended_early_says_where_it_would_go_on(files: RunFiles, state: RunState, step: int | None) -> None:
    if state.active:
        files.belongs_to_a_living_process()
    else:
        files.belongs_to_a_dead_process()
    files.events.write(StateChanged(state))
    write_checkpoint(files.folder, 4)
    assert snapshot_of(files).resumes_at == step


def told(number: int) -> list[Progress | Evaluation | Sample | CheckpointSaved]:
    """What a run says of a step that everything is due at."""
    return [
        step(number),
        Evaluation(number, 1.0, rows=3),
        Sample(number, "Who?", f"answer {number}"),
        CheckpointSaved(number, f"checkpoints/checkpoint-{number}", 10),
    ]


def test_a_resumed_run_has_one_curve(files: RunFiles) -> None:
    files.belongs_to_a_living_process()
    files.events.write(Warned("2 rows are longer than 8 tokens."))
    files.events.write(Evaluation(0, 6.0, rows=3))
    for number in range(1, 8):
        for event in told(number):
            files.events.write(event)
    early = RunHistory(files.folder)
    early.refresh()
    files.events.write(Warned("2 rows are longer than 8 tokens."))
    files.events.write(Resumed(6))
    files.events.write(step(7))
    files.events.write(Resumed(4))
    again = [replace(event, loss=9.0) if isinstance(event, Progress) else event for n in (5, 6) for event in told(n)]
    for event in again:
        files.events.write(event)
    early.refresh()
    snapshot = early.snapshot()
    assert snapshot == snapshot_of(files)
    assert [each.step for each in snapshot.progress] == [1, 2, 3, 4, 5, 6]
    assert [each.loss for each in snapshot.progress[4:]] == [9.0, 9.0]
    assert [each.step for each in snapshot.evaluations] == [0, 1, 2, 3, 4, 5, 6]
    assert [each.step for each in snapshot.samples] == [1, 2, 3, 4, 5, 6]
    assert [each.step for each in snapshot.checkpoints] == [1, 2, 3, 4, 5, 6]
    assert [each.step for each in snapshot.resumptions] == [4]
    assert len(snapshot.warnings) == 1


def test_a_run_that_starts_over_keeps_nothing_of_its_curve(files: RunFiles) -> None:
    files.belongs_to_a_living_process()
    for event in (Evaluation(0, 6.0, rows=3), *told(1), *told(2), Resumed(0), Evaluation(0, 6.0, rows=3), *told(1)):
        files.events.write(event)
    snapshot = snapshot_of(files)
    assert [each.step for each in snapshot.progress] == [1]
    assert [each.step for each in snapshot.evaluations] == [0, 1]
    assert [each.step for each in snapshot.resumptions] == [0]


def test_a_run_that_somebody_else_resumed_is_followed_again(tmp_path: Path) -> None:
    files = RunFiles(tmp_path)
    files.belongs_to_a_dead_process()
    files.events.write(StateChanged(RunState.RUNNING))
    files.events.write(step(4))
    reports: list[Report] = []
    supervisor = RunSupervisor(tmp_path, reports.append)
    supervisor.look()
    reports.clear()
    files.belongs_to_a_living_process()
    files.events.write(StateChanged(RunState.STARTING))
    supervisor.look()
    assert [each.state for each in reports if isinstance(each, RunSnapshot)] == [RunState.STARTING]
    reports.clear()
    files.events.write(step(5))
    supervisor.look()
    [snapshot] = [each for each in reports if isinstance(each, RunSnapshot)]
    assert snapshot.progress[-1].step == 5


def test_a_request_to_stop_is_seen_before_the_run_has_taken_note_of_it(files: RunFiles) -> None:
    files.belongs_to_a_living_process()
    files.events.write(StateChanged(RunState.RUNNING))
    watching = RunHistory(files.folder)
    watching.refresh()
    request_stop(files.folder)
    assert watching.refresh()
    assert watching.snapshot().state is RunState.STOPPING
    assert watching.snapshot().reason == "Asked to stop: it ends its step, saves, and stops."
    assert not watching.refresh()
    files.events.write(StateChanged(RunState.STOPPED, "stopped by you at step 4; checkpoint saved."))
    watching.refresh()
    assert watching.snapshot().state is RunState.STOPPED


def test_only_the_time_at_work_counts(files: RunFiles) -> None:
    files.belongs_to_a_dead_process()
    for event in (
        StateChanged(RunState.QUEUED, t=0.0),
        StateChanged(RunState.STARTING, t=1000.0),
        StateChanged(RunState.RUNNING, t=1010.0),
        replace(step(1), t=1070.0),
        # Killed; nobody knows when. It goes on a day later, and once more after it has been stopped.
        StateChanged(RunState.STARTING, t=90000.0),
        StateChanged(RunState.STARTING, t=90001.0),
        Resumed(1, t=90010.0),
        replace(step(2), t=90030.0),
        StateChanged(RunState.STOPPED, t=90031.0),
        StateChanged(RunState.QUEUED, t=95000.0),
        StateChanged(RunState.STARTING, t=99000.0),
        StateChanged(RunState.RUNNING, t=99005.0),
    ):
        files.events.write(event)
    snapshot = snapshot_of(files)
    assert snapshot.trained_seconds == 70 + 29 + 1 + 5
    assert snapshot.spoken == 99005.0


def test_a_run_that_waits_can_be_lost_too(files: RunFiles) -> None:
    files.events.write(StateChanged(RunState.QUEUED, "waits for other-1 to end."))
    files.belongs_to_a_living_process()
    waiting = snapshot_of(files)
    assert (waiting.state, waiting.reason, waiting.launcher) == (
        RunState.QUEUED,
        "waits for other-1 to end.",
        "detached",
    )
    assert waiting.state.alive
    assert not waiting.state.active
    files.belongs_to_another_boot()
    lost = snapshot_of(files)
    assert (lost.state, lost.resumes_at) == (RunState.LOST, 0)
    assert lost.reason == "The machine went down before the first step; it can start over."


def test_the_last_word_of_an_ended_run_counts(files: RunFiles) -> None:
    files.belongs_to_a_dead_process()
    files.events.write(StateChanged(RunState.STOPPED, "stopped by you at step 4; checkpoint saved"))
    snapshot = snapshot_of(files)
    assert (snapshot.state, snapshot.reason) == (RunState.STOPPED, "stopped by you at step 4; checkpoint saved")


def test_the_supervisor_finds_runs_that_others_started_and_reports_only_changes(tmp_path: Path) -> None:
    reports: list[Report] = []
    supervisor = RunSupervisor(tmp_path, reports.append)
    supervisor.look()
    assert reports == [RunsListed(())]
    files = RunFiles(tmp_path)
    files.belongs_to_a_living_process()
    files.events.write(StateChanged(RunState.RUNNING))
    reports.clear()
    supervisor.look()
    assert [type(each) for each in reports] == [RunSnapshot, RunsListed]
    reports.clear()
    supervisor.look()
    assert reports == []
    files.events.write(CheckpointSaved(step=4, path="checkpoints/step-4", size_bytes=10))
    files.events.write(StateChanged(RunState.FINISHED))
    supervisor.look()
    assert [each.state for each in reports if isinstance(each, RunSnapshot)] == [RunState.FINISHED]
    reports.clear()
    supervisor.look()
    assert reports == []


def test_a_long_run_is_read_in_slices_and_told_when_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.training.supervisor.SLICE", 0.0)
    monkeypatch.setattr("engine.training.supervisor._CHUNK", 4096)
    _written(tmp_path, "long-001", 300)
    reports: list[Report] = []
    supervisor = RunSupervisor(tmp_path, reports.append)
    supervisor.watch("long-001")
    looks = 0
    while supervisor.look():
        looks += 1
    assert looks > 10
    whole = [each for each in reports if isinstance(each, RunSnapshot)]
    assert [len(each.progress) for each in whole] == [300]
    assert whole[0].state is RunState.FINISHED
    lists = [each for each in reports if isinstance(each, RunsListed)]
    assert (lists[0].runs[0].state, lists[-1].runs[0].state) == (RunState.STARTING, RunState.FINISHED)


def test_of_runs_that_nobody_looks_at_only_the_last_step_is_kept(tmp_path: Path) -> None:
    for number in range(3):
        _written(tmp_path, f"run-{number:03d}", 20)
    reports: list[Report] = []
    supervisor = RunSupervisor(tmp_path, reports.append)
    # A look takes a tenth of a second at most, which may be less than three runs take.
    while supervisor.look():
        continue
    assert [each for each in reports if isinstance(each, RunSnapshot)] == []
    history = supervisor.history("run-001")
    assert history is not None
    assert len(history.snapshot().progress) == 1
    supervisor.watch("run-001")
    assert [len(each.progress) for each in reports if isinstance(each, RunSnapshot)] == [20]
    with _events_of(tmp_path, "run-002") as events:
        events.write(StateChanged(RunState.RUNNING))
    supervisor.look()
    told = [each for each in reports if isinstance(each, RunSnapshot) and each.run_id == "run-002"]
    assert [len(each.progress) for each in told] == [20]


def _written(workspace: Path, run_id: str, steps: int) -> None:
    folder = workspace / "runs" / run_id
    folder.mkdir(parents=True)
    (folder / "job.toml").write_text("")
    with _events_of(workspace, run_id) as events:
        for step in range(1, steps + 1):
            events.write(Progress(step, steps, 0.0, 1.0, 1e-3, 0.1, step, step, step, 1.0, None, 0))
        events.write(StateChanged(RunState.FINISHED))


def _events_of(workspace: Path, run_id: str) -> closing[EventWriter]:
    return closing(EventWriter(workspace / "runs" / run_id / "events.jsonl"))
