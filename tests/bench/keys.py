"""How long until a keystroke is painted while a training run has every processor."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from engine.demo.files import demo_job
from engine.jobs.events import RunState
from engine.training.control import RunControl
from tests.terminal import Terminal
from tests.waiting import wait_for
from tui.commands.run_summary import snapshot_of

KEYS = 150
TARGET = 0.100
BETWEEN = 0.033
"""Seconds from one key to the next: thirty a second, as X and macOS repeat a key that is held at their fastest."""


def measure(workspace: Path) -> list[float]:
    """Seconds from each keystroke in the dataset editor to its letter on the screen, during real training."""
    control = RunControl(workspace)
    folder = control.folder(control.start(demo_job()))
    try:
        wait_for(lambda: snapshot_of(folder).last is not None, seconds=300, what="the first step")
        with Terminal([str(Path(sys.executable).with_name("burnish")), str(workspace)]) as terminal:
            terminal.wait_for("RP2350")
            terminal.send("e")
            terminal.wait_for("Keep")
            seconds = [one_key(terminal, "xyz"[number % 3]) for number in range(KEYS)]
        assert snapshot_of(folder).state is RunState.RUNNING, "the run ended before the measurement did"
    finally:
        control.kill(folder.name)
    return seconds


def one_key(terminal: Terminal, key: str) -> float:
    """Seconds from a key to its letter on the screen, a moment after the key before: as fast as a held key repeats."""
    end = time.perf_counter() + BETWEEN
    while (left := end - time.perf_counter()) > 0:
        terminal.read(left)
    before = terminal.text.count(key)
    started = time.perf_counter()
    terminal.send(key)
    while True:
        terminal.read(0.5)
        # Taken before the screen is looked at, which takes the emulator longer than the key took.
        taken = time.perf_counter() - started
        if terminal.text.count(key) != before:
            return taken
        assert taken < 10, terminal.text


def main(workspace: Path) -> bool:
    """Print the figures; whether the target holds."""
    seconds = sorted(measure(workspace))
    half, most = statistics.median(seconds), seconds[int(len(seconds) * 0.95)]
    print(f"  key to paint, median     {half * 1000:6.0f} ms")
    print(f"  key to paint, 95th       {most * 1000:6.0f} ms   (target at most {TARGET * 1000:.0f} ms)")
    return most <= TARGET
