"""A terminal that reads nothing for a minute, while a run trains and two models answer."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from pyte.screens import Char

from tests.bench.compare import ask, two_servers
from tests.bench.line_run import BEFORE, run_at_work, step
from tests.terminal import Terminal

UNREAD = 60.0
PACE = 50.0
STEPS = 2.0
"""A second."""
SOON = 1.0
"""Seconds after which the screen is looked at that is read again."""


@dataclass(frozen=True)
class Unread:
    """What became of the minute."""

    longest: float
    """Seconds that the event loop stood still at most."""
    steps: int
    """Steps that the run did."""
    known: int
    """Those of them that the screen knows a second after it is read again."""
    shown: int
    """The newest of them that is on the screen then."""
    wrong: int
    """Rows that a repaint changes, below the header, whose gauges move by themselves."""


def leave_unread(workspace: Path, environment: dict[str, str]) -> Unread:
    """Read nothing for a minute, then read again."""
    pulse = workspace / "pulse"
    command = [sys.executable, "-m", "tests.bench.line_pulse", str(pulse), str(workspace)]
    with (
        two_servers(workspace, PACE) as servers,
        run_at_work(workspace) as (_, writer),
        Terminal(command, environment=environment) as terminal,
    ):
        terminal.wait_for("RP2350")
        terminal.send("2")
        terminal.wait_for("running")
        terminal.send("3")
        terminal.wait_for("ask both")
        _read_for(terminal, 2.0)
        ask(terminal, servers)
        _read_for(terminal, 1.0)
        os.kill(terminal.process.pid, signal.SIGUSR1)
        done, end = 0, time.perf_counter() + UNREAD
        while time.perf_counter() < end:
            done += 1
            writer.write(step(BEFORE + done))
            time.sleep(1 / STEPS)
        _read_for(terminal, SOON)
        shown = max((int(number) for number in re.findall(r"\bstep (\d+)/", terminal.text)), default=0)
        said = json.loads(pulse.read_text())
        terminal.send("s")
        terminal.wait_for("stopped by you")
        before = _cells(terminal)
        terminal.send("\x0c")
        after = _cells(terminal)
    wrong = sum(
        old != new for row, other in zip(before, after, strict=True) for old, new in zip(row, other, strict=True)
    )
    return Unread(said["longest"], BEFORE + done, said["steps"], shown, wrong)


def _read_for(terminal: Terminal, seconds: float) -> None:
    until = time.perf_counter() + seconds
    while (left := until - time.perf_counter()) > 0:
        terminal.read(left)


def _cells(terminal: Terminal) -> list[list[Char]]:
    while terminal.read(0.5):
        pass
    screen = terminal.screen
    return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(1, screen.lines)]
