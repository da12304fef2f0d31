"""A terminal that nobody reads holds nothing up, and shows the newest state when it is read again."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tests.waiting import wait_for

ROOT = Path(__file__).parents[3]
TICKS = 150
"""Frames enough to fill the queue of Textual's writer and the buffer of a pseudo-terminal many times."""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "ticks"


def start(log: Path, ticks: int = TICKS) -> Terminal:
    command = [sys.executable, "-m", "tests.tui.display.ticking", str(log), str(ticks)]
    return Terminal(command, columns=80, lines=24, cwd=ROOT, environment={"XDG_STATE_HOME": str(log.parent)})


def test_a_terminal_that_is_not_read_does_not_stop_the_app(log: Path) -> None:
    with start(log) as terminal:
        terminal.wait_for("ready")
        terminal.send("x")
        wait_for(lambda: log.exists() and log.read_text() == str(TICKS), what="all ticks, read by nobody")
        sent = terminal.received
        terminal.wait_for("last")
        terminal.settle()
        assert set(terminal.text.split()) == {"last"}
        assert terminal.received - sent < TICKS * 200, "the skipped frames were sent, too"


def test_stop_and_go_on_paints_everything_anew(log: Path) -> None:
    """As with ctrl+z and fg, where the shell wrote on the screen in between."""
    with start(log) as terminal:
        terminal.wait_for("ready")
        terminal.process.send_signal(signal.SIGTSTP)
        wait_for(lambda: "T" in Path(f"/proc/{terminal.process.pid}/stat").read_text().split()[2], what="the stop")
        while terminal.read(0.3):
            pass
        terminal.screen.reset()
        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_for("ready")
