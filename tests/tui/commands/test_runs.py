"""`burnish runs` and `burnish train` on runs whose files were written here; nothing is trained."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.demo.files import copy_demo, demo_job
from engine.jobs.events import CheckpointSaved, Evaluation, Event, RunState, StateChanged
from engine.jobs.process import identify, read_identity, write_identity
from engine.training.job import job_text, read_job
from engine.training.queueing import draw_ticket
from tests.engine.training.test_history import RunFiles, step
from tests.tiny import write_tiny_model
from tests.waiting import wait_for
from tui import cli
from tui.cli import main


class Finished(RunFiles):
    """A run that is over."""

    def __init__(self, workspace: Path, run_id: str, *events: Event, **settings: Any) -> None:
        super().__init__(workspace, run_id)
        self.belongs_to_a_dead_process()
        job = read_job(self.folder / "job.toml")
        method = replace(job.method, kind=settings.pop("kind", "lora"))
        job = replace(job, method=method, training=replace(job.training, **settings))
        (self.folder / "job.toml").write_text(job_text(job))
        for event in events or (StateChanged(RunState.RUNNING, t=100.0), step(4), StateChanged(RunState.FINISHED)):
            self.events.write(event)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Two runs: one finished, one of another kind that failed after a better loss."""
    begun = StateChanged(RunState.RUNNING, t=1000.0)
    at = {"t": 1060.0}
    Finished(
        tmp_path,
        "alpha-1",
        begun,
        replace(step(7), t=1050.0),
        Evaluation(7, 0.5, rows=3, accuracy=0.75, **at),
        StateChanged(RunState.FINISHED, "all 7 steps done.", **at),
    )
    Finished(
        tmp_path,
        "beta-1",
        begun,
        replace(step(4), **at),
        StateChanged(RunState.FAILED, "No memory.", **at),
        kind="full",
    )
    for age, name in enumerate(("beta-1", "alpha-1")):
        os.utime(tmp_path / "runs" / name / "job.toml", (5000 - age, 5000 - age))
    return tmp_path


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    """A process in a session of its own, as launchers start them."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    yield child
    child.kill()
    child.communicate()


def put_to_work(folder: Path, process: subprocess.Popen[bytes]) -> None:
    identity = identify(process.pid)
    assert identity is not None
    write_identity(folder, identity)


def said(capsys: pytest.CaptureFixture[str], workspace: Path, *words: str, code: int = 0) -> str:
    assert main([*words, "-C", str(workspace)]) == code
    return capsys.readouterr().out


def read(capsys: pytest.CaptureFixture[str], workspace: Path, *words: str) -> Any:
    return json.loads(said(capsys, workspace, *words, "--json"))


def refused(capsys: pytest.CaptureFixture[str], workspace: Path, *words: str) -> str:
    assert main([*words, "-C", str(workspace)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_a_list_is_aligned_sorted_and_filtered(capsys: pytest.CaptureFixture[str], workspace: Path) -> None:
    heading, first, second = said(capsys, workspace, "runs").splitlines()
    assert (first.split()[0], second.split()[0]) == ("beta-1", "alpha-1")
    column = heading.index("loss")
    assert {line[column - 2 : column] for line in (heading, first, second)} == {"  "}
    assert (first[column:].split()[0], second[column:].split()[:3]) == ("0.500", ["0.286", "0.500", "1"])

    def names(*words: str) -> list[str]:
        return [run["run"] for run in read(capsys, workspace, "runs", "list", *words)]

    assert names("--sort", "loss") == ["alpha-1", "beta-1"]
    assert names("--sort", "held-out") == ["alpha-1", "beta-1"]
    assert names("--sort=name") == ["alpha-1", "beta-1"]
    assert names("--filter", "state=fin") == ["alpha-1"]
    assert names("--filter", "method=full", "--filter", "state=failed") == ["beta-1"]
    assert names("--filter", "method=full", "--filter", "state=finished") == []
    assert "None of the 2 runs is like that." in said(capsys, workspace, "runs", "--filter", "model=llama")
    assert "loud=1 is no filter; write one of state, method, model, dataset" in refused(
        capsys, workspace, "runs", "--filter", "loud=1"
    )


def test_a_run_is_shown_with_what_keeps_it_alive(capsys: pytest.CaptureFixture[str], workspace: Path) -> None:
    shown = read(capsys, workspace, "runs", "show", "alpha-1")
    assert (shown["held_out_loss"], shown["held_out_step"], shown["accuracy"]) == (0.5, 7, 0.75)
    assert (shown["trained_seconds"], shown["launcher"], shown["reason"]) == (60.0, "detached", "all 7 steps done.")
    lines = said(capsys, workspace, "runs", "show", "alpha-1").splitlines()
    assert "launcher           detached" in lines
    assert "took               1 m 00 s" in lines
    assert f"started            {time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(1000))}" in lines


def test_waiting_runs_are_listed_in_their_order(
    capsys: pytest.CaptureFixture[str], workspace: Path, process: subprocess.Popen[bytes]
) -> None:
    for name in ("second-1", "third-1"):
        files = RunFiles(workspace, name)
        draw_ticket(files.folder)
        put_to_work(files.folder, process)
        files.events.write(StateChanged(RunState.QUEUED, "waits for others to end."))
    runs = {run["run"]: run for run in read(capsys, workspace, "runs")}
    assert [runs[name]["place_in_queue"] for name in ("second-1", "third-1", "alpha-1")] == [1, 2, None]
    assert "queued (2)" in said(capsys, workspace, "runs")
    assert read(capsys, workspace, "runs", "show", "third-1")["place_in_queue"] == 2


def test_runs_are_compared_side_by_side(capsys: pytest.CaptureFixture[str], workspace: Path) -> None:
    Finished(workspace, "gamma-1", learning_rate=0.5)
    found = read(capsys, workspace, "runs", "compare", "alpha-1", "beta-1", "gamma-1")
    assert [run["run"] for run in found["runs"]] == ["alpha-1", "beta-1", "gamma-1"]
    assert found["differing_settings"] == [
        {"setting": "method.kind", "values": ["lora", "full", "lora"]},
        {"setting": "training.learning_rate", "values": [0.001, 0.001, 0.5]},
    ]
    lines = said(capsys, workspace, "runs", "compare", "alpha-1", "beta-1").splitlines()
    assert lines[0].split() == ["setting", "alpha-1", "beta-1"]
    assert lines[1].split() == ["method.kind", '"lora"', '"full"']
    results = {line.split("  ")[0]: line.split()[-2:] for line in lines[3:]}
    assert results["best held-out loss"] == ["0.500", "–"]
    assert results["final loss"] == ["0.286", "0.500"]
    Finished(workspace, "delta-1", learning_rate=0.5)
    assert said(capsys, workspace, "runs", "compare", "gamma-1", "delta-1").startswith("The jobs do not differ.\n")


def test_a_run_is_deleted_when_that_was_meant(
    capsys: pytest.CaptureFixture[str], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "give --yes where nobody can answer" in refused(capsys, workspace, "runs", "delete", "alpha-1")
    asked: list[str] = []

    def answer(words: str) -> Any:
        return lambda prompt: asked.append(prompt) or words

    monkeypatch.setattr(sys, "stdin", type("Terminal", (io.StringIO,), {"isatty": lambda self: True})())
    monkeypatch.setattr("builtins.input", answer("n"))
    assert said(capsys, workspace, "runs", "delete", "alpha-1") == "alpha-1 stays.\n"
    assert asked[0].startswith("Delete alpha-1 (")
    assert asked[0].endswith("B)? [y/N] ")
    monkeypatch.setattr("builtins.input", answer("y"))
    assert said(capsys, workspace, "runs", "delete", "alpha-1").startswith("alpha-1 is deleted: ")
    assert "There is no run alpha-1" in refused(capsys, workspace, "runs", "delete", "beta-1", "alpha-1", "--yes")
    [gone] = read(capsys, workspace, "runs", "delete", "beta-1", "--yes")
    assert gone["run"] == "beta-1"
    assert gone["bytes"] > 100
    assert list((workspace / "runs").iterdir()) == []


def test_a_run_at_work_is_not_deleted(
    capsys: pytest.CaptureFixture[str], workspace: Path, process: subprocess.Popen[bytes]
) -> None:
    put_to_work(workspace / "runs" / "alpha-1", process)
    assert "alpha-1 is at work" in refused(capsys, workspace, "runs", "delete", "alpha-1", "--yes")


def test_several_runs_are_stopped_and_killed(
    capsys: pytest.CaptureFixture[str], workspace: Path, process: subprocess.Popen[bytes]
) -> None:
    files = RunFiles(workspace, "work-1")
    put_to_work(files.folder, process)
    files.events.write(StateChanged(RunState.RUNNING))
    ended = read(capsys, workspace, "runs", "stop", "alpha-1", "work-1", "beta-1")
    assert ended == {"stopping": ["work-1"], "not_at_work": ["alpha-1", "beta-1"]}
    assert (files.folder / "control").read_text() == "stop\n"
    assert read(capsys, workspace, "runs", "show", "work-1")["state"] == "stopping"
    assert said(capsys, workspace, "runs", "kill", "alpha-1") == "alpha-1 is not at work.\n"
    assert said(capsys, workspace, "runs", "kill", "work-1") == "work-1 was ended; what it saved stays.\n"
    assert process.wait(30) < 0
    assert read(capsys, workspace, "runs", "show", "work-1")["state"] == "stopped"


def test_a_run_is_followed_to_its_end(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, process: subprocess.Popen[bytes]
) -> None:
    files = RunFiles(tmp_path, "live-1")
    put_to_work(files.folder, process)
    files.events.write(StateChanged(RunState.RUNNING))
    files.events.write(step(1))
    codes: list[int] = []
    # Of what another thread writes while pytest takes the output, pytest may lose some.
    heard = io.StringIO()

    def follow() -> None:
        codes.append(main(["runs", "follow", "live-1", "--json", "-C", str(tmp_path)]))

    def lines() -> int:
        return heard.getvalue().count("\n")

    with redirect_stdout(heard):
        following = threading.Thread(target=follow)
        following.start()
        wait_for(lambda: lines() >= 2, what="what was said before")
        files.events.write(step(2))
        wait_for(lambda: lines() >= 3, what="the next step")
        files.events.write(CheckpointSaved(2, "checkpoints/checkpoint-2", 10, best=True))
        files.events.write(StateChanged(RunState.PAUSED, "The loss became nan."))
        following.join(180)
    found = [json.loads(line) for line in heard.getvalue().splitlines()]
    assert [each["kind"] for each in found] == ["state", "progress", "progress", "checkpoint", "state", "end"]
    assert (found[-1]["run"], found[-1]["state"], found[-1]["reason"]) == ("live-1", "paused", "The loss became nan.")
    assert codes == [1]
    # For a person an ended run is one line: how it stands.
    assert said(capsys, tmp_path, "runs", "follow", "live-1", code=1) == "live-1: paused The loss became nan.\n"


def test_a_lost_run_is_followed_to_where_it_was_lost(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    files = RunFiles(tmp_path, "lost-1")
    files.belongs_to_another_boot()
    files.events.write(StateChanged(RunState.RUNNING))
    files.events.write(step(3))
    last = json.loads(said(capsys, tmp_path, "runs", "follow", "lost-1", "--json", code=1).splitlines()[-1])
    assert (last["kind"], last["state"]) == ("end", "lost")
    assert last["reason"] == "The machine went down at step 3; it can start over."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("runs", "compare", "alpha-1"), "`compare` needs the ids of two runs"),
        (("runs", "show"), "`show` needs a run's id"),
        (("runs", "show", "alpha-1", "beta-1"), "`show` takes one run, not 2"),
        (("runs", "stop", "alpha-1", "--yes"), "--yes goes with `delete`"),
        (("runs", "show", "alpha-1", "--sort", "name"), "--sort goes with `list`"),
        (("runs", "list", "--queue"), "--queue goes with `resume`"),
        (("runs", "resume", "beta-1", "--launcher", "slurm"), "There is no launcher slurm"),
        (
            ("runs", "resume", "beta-1", "--set", "method.rank=4"),
            "method.rank cannot be changed for a run that has begun",
        ),
    ],
)
def test_misuse_is_one_sentence(
    capsys: pytest.CaptureFixture[str], workspace: Path, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in refused(capsys, workspace, *words)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("training.learning_rat=1", "there is no setting training.learning_rat; did you mean training.learning_rate?"),
        ("model.name=x", "there is no setting model.name; model has no settings of its own"),
        ("training.epochs=many", "training.epochs is 'many'; it must be a number"),
        ("training.epochs", "training.epochs is not a change; write it as"),
        ("method.kind=lara", "method.kind is 'lara'; it can be lora"),
    ],
)
def test_any_setting_can_be_given_and_a_wrong_one_is_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, change: str, sentence: str
) -> None:
    copy_demo(tmp_path)
    (tmp_path / "job.toml").write_text(job_text(demo_job()))
    assert sentence in refused(capsys, tmp_path, "train", str(tmp_path / "job.toml"), "--set", change)
    assert not (tmp_path / "runs").exists()


def test_settings_of_the_command_line_become_the_runs_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    copy_demo(tmp_path)
    tiny_model = tmp_path / "tiny"
    write_tiny_model(tiny_model)
    # A file that is no job by itself becomes one.
    (tmp_path / "job.toml").write_text(f'name = "mine"\nmodel = "{tiny_model}"\n')
    changes = ("dataset.path=raspberry_pi.jsonl", "training.epochs=0.01", "method.target_modules=['q_proj']")
    words = [word for change in changes for word in ("--set", change)]
    started = read(capsys, tmp_path, "train", str(tmp_path / "job.toml"), "--detach", "--launcher", "detached", *words)
    assert started == {"run": "mine-001", "launcher": "detached"}
    folder = tmp_path / "runs" / "mine-001"
    job = read_job(folder / "job.toml")
    assert (job.dataset.path, job.training.epochs) == ("raspberry_pi.jsonl", 0.01)
    assert job.method.target_modules == ("q_proj",)
    assert main(["runs", "kill", "mine-001", "-C", str(tmp_path)]) == 0
    identity = read_identity(folder)
    assert identity is not None
    assert not identity.group_alive()


def test_leaving_off_leaves_the_run_going(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    process: subprocess.Popen[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = RunFiles(tmp_path, "live-1")
    put_to_work(files.folder, process)
    files.events.write(StateChanged(RunState.RUNNING))

    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tui.commands.run_follow.time.sleep", interrupt)
    assert main(["runs", "follow", "live-1", "-C", str(tmp_path)]) == 130
    assert process.poll() is None
    assert cli.COMMANDS["runs"].startswith("list the runs")
