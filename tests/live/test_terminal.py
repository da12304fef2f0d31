"""The real workbench in a real (pseudo-)terminal, with a real training run behind it."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.demo.files import copy_demo, demo_job
from engine.jobs.events import RunState
from engine.training.control import RunControl
from tests.engine.training.jobs import NEVER, tiny_job
from tests.terminal import Terminal
from tests.tiny import write_tiny_model
from tests.waiting import wait_for
from tui.commands.run_summary import snapshot_of

pytestmark = pytest.mark.live

BURNISH = str(Path(sys.executable).with_name("burnish"))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    copy_demo(tmp_path)
    return tmp_path


@pytest.fixture
def run(workspace: Path) -> Iterator[Path]:
    """The folder of a run that is training."""
    control = RunControl(workspace)
    folder = control.folder(control.start(demo_job()))
    wait_for(lambda: snapshot_of(folder).last is not None, seconds=900, what="the first step")
    yield folder
    control.kill(folder.name)


def test_an_empty_folder_offers_the_demo(tmp_path: Path) -> None:
    with Terminal([BURNISH, str(tmp_path)], columns=80, lines=24) as terminal:
        terminal.wait_for("set up the demo here")
        terminal.send("\r")
        terminal.wait_for("RP2350")
        terminal.send("q")
        assert terminal.end() == 0


def test_an_edit_by_keys_reaches_the_file_and_nothing_else_changes(workspace: Path) -> None:
    path = workspace / "raspberry_pi.jsonl"
    before = path.read_bytes().splitlines(keepends=True)
    with Terminal([BURNISH, str(path)], columns=120, lines=40) as terminal:
        terminal.wait_for("RP2350")
        terminal.send("j")
        terminal.send("e")
        terminal.wait_for("Keep")
        terminal.send("New words: ")
        terminal.wait_for("New words: ")
        terminal.send("\x13")
        terminal.wait_for("1 unsaved")
        terminal.send("w")
        terminal.wait_until_gone("1 unsaved")
        terminal.send("q")
        assert terminal.end() == 0
    after = path.read_bytes().splitlines(keepends=True)
    assert [number for number, line in enumerate(after) if line != before[number]] == [1]
    assert b"New words: " in after[1]


def test_the_run_outlives_a_killed_screen_and_a_new_one_can_stop_it(workspace: Path, run: Path) -> None:
    with Terminal([BURNISH, str(workspace)], columns=120, lines=40) as terminal:
        terminal.wait_for("loss")
        terminal.kill()
    at_kill = snapshot_of(run).last
    assert at_kill is not None
    wait_for(lambda: (last := snapshot_of(run).last) and last.step > at_kill.step + 1, seconds=900, what="more steps")
    with Terminal([BURNISH, str(workspace)], columns=120, lines=40) as terminal:
        terminal.wait_for("RP2350")
        terminal.send("2")
        terminal.wait_for("running")
        terminal.send("s")
        terminal.wait_for("save its model?")
        terminal.send("y")
        wait_for(lambda: not snapshot_of(run).state.active, seconds=900, what="the run's end")
        terminal.wait_for("stopped")
        terminal.send("q")
        assert terminal.end() == 0
    stopped = snapshot_of(run)
    assert stopped.state is RunState.STOPPED
    assert [each.step for each in stopped.progress] == list(range(1, stopped.progress[-1].step + 1))
    assert stopped.checkpoints
    assert (run / stopped.checkpoints[-1].path).is_dir()


def test_a_dropped_line_ends_the_screen_and_nothing_else(workspace: Path, run: Path) -> None:
    with Terminal([BURNISH, str(workspace)], columns=80, lines=24) as terminal:
        terminal.wait_for("RP2350")
        terminal.hang_up()
        terminal.process.send_signal(signal.SIGHUP)
        wait_for(lambda: terminal.process.poll() is not None, what="the screen's end")
    before = snapshot_of(run).last
    assert before is not None
    wait_for(lambda: (last := snapshot_of(run).last) and last.step > before.step, seconds=900, what="the next step")


def test_two_screens_show_the_same_run_and_a_stop_from_one_is_seen_in_the_other(workspace: Path) -> None:
    write_tiny_model(workspace / "model")
    job = tiny_job(
        workspace / "model",
        dataset={"path": "raspberry_pi.jsonl", "held_out_fraction": 0.1},
        training={"epochs": 900.0},
        samples={"every_steps": NEVER},
    )
    control = RunControl(workspace)
    folder = control.folder(control.start(job))
    screen = [BURNISH, str(workspace)]
    try:
        wait_for(lambda: snapshot_of(folder).last is not None, seconds=900, what="the first step")
        with Terminal(screen, columns=120, lines=40) as one, Terminal(screen, columns=120, lines=40) as other:
            for terminal in (one, other):
                terminal.wait_for("RP2350")
                terminal.send("2")
                terminal.wait_for("running")
            one.send("s")
            one.wait_for("save its model?")
            one.send("y")
            other.wait_for("stopped by you")
            one.wait_for("stopped by you")

            def different() -> list[tuple[str, str]]:
                for terminal in (one, other):
                    terminal.read(0.05)
                # The first line tells how busy the machine is; the rest is the run, its curve included.
                lines = zip(one.text.splitlines()[1:], other.text.splitlines()[1:], strict=True)
                return [(line, others) for line, others in lines if line != others]

            deadline = time.monotonic() + 300
            while (lines := different()) and time.monotonic() < deadline:
                continue
            assert lines == []
            assert "checkpoint" in one.text
    finally:
        control.kill(folder.name)
