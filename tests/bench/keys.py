"""How long until a keystroke is painted while a training run has every processor."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from random import Random
from string import ascii_uppercase

from engine.demo.files import demo_job
from engine.jobs.events import RunState
from engine.training.control import RunControl
from tests.terminal import Terminal
from tests.waiting import wait_for
from tui.commands.run_summary import snapshot_of

KEYS = 150
TARGET = 0.050
LOOKED_FOR = 5
"""Letters before the one that is looked for: they tell it from any other on the screen."""
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
            seconds = type_keys(terminal, KEYS)
        assert snapshot_of(folder).state is RunState.RUNNING, "the run ended before the measurement did"
    finally:
        control.kill(folder.name)
    return seconds


def type_keys(terminal: Terminal, count: int) -> list[float]:
    """Seconds from each of so many keys to its letter on the screen, typed as fast as a held key repeats."""
    letters = Random(0).choices(ascii_uppercase, k=count)
    return [_one_key(terminal, "".join(letters[max(0, place - LOOKED_FOR) : place + 1])) for place in range(count)]


def _one_key(terminal: Terminal, typed: str) -> float:
    """Type the last of these letters; the ones before it stand there already."""
    end = time.perf_counter() + BETWEEN
    while (left := end - time.perf_counter()) > 0:
        terminal.read(left)
    before = _count(terminal, typed)
    started = time.perf_counter()
    terminal.send(typed[-1])
    while True:
        terminal.read(0.5)
        # Taken before the screen is looked at, which takes the emulator longer than the key took.
        taken = time.perf_counter() - started
        if _count(terminal, typed) > before:
            return taken
        assert taken < 10, terminal.text


def _count(terminal: Terminal, typed: str) -> int:
    """How often letters stand in a row, also over the end of a line."""
    return "".join(terminal.text.split()).count(typed)


def main(workspace: Path) -> bool:
    """Print the figures; whether the target holds."""
    seconds = sorted(measure(workspace))
    half, most = statistics.median(seconds), seconds[int(len(seconds) * 0.95)]
    print(f"  key to paint, median     {half * 1000:6.0f} ms")
    print(f"  key to paint, 95th       {most * 1000:6.0f} ms   (target at most {TARGET * 1000:.0f} ms)")
    return most <= TARGET
