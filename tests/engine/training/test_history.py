from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from engine.jobs.events import CheckpointSaved, EventWriter, Note, Progress, RunState, StateChanged
from engine.jobs.process import identify, write_identity
from engine.reports import Report, RunsListed, RunSnapshot
from engine.training.history import RunHistory
from engine.training.job import DatasetSection, TrainingJob, job_text
from engine.training.supervisor import RunSupervisor


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
    assert "ended without a word at step 4" in snapshot.reason


def test_after_a_reboot_the_run_says_that_the_machine_went_down(files: RunFiles) -> None:
    files.belongs_to_another_boot()
    files.events.write(StateChanged(RunState.RUNNING))
    files.events.write(step(4))
    assert "The machine went down at step 4" in snapshot_of(files).reason


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
    files.events.write(step(9))
    supervisor.look()
    assert reports == []
