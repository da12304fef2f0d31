"""What a run that is watched sends down the line: its steps come once a second from this process, as a trainer's do."""

from __future__ import annotations

import math
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.jobs.events import EVENTS_FILE, EventWriter, Progress, RunState, StateChanged
from engine.jobs.process import identify, write_identity
from engine.training.job import DatasetSection, TrainingJob
from engine.training.runs import create_run
from tests.bench.compare import ask, two_servers
from tests.terminal import Terminal

BEFORE = 200
"""Steps that the run has done when the screen comes to it."""
TOTAL = 1000
EVERY = 1.0
TOKENS = 50.0
"""A second and answer."""
STREAMED = 20.0
STEPS = 12


@contextmanager
def run_at_work(workspace: Path, total: int = TOTAL, *, before: int = BEFORE) -> Iterator[tuple[Path, EventWriter]]:
    """A run that this process seems to train, with its identity and its first steps; stopped at the end.

    Gives its folder and what writes its events.
    """
    folder = create_run(workspace, TrainingJob(name="line", dataset=DatasetSection("raspberry_pi.jsonl")))
    me = identify(os.getpid())
    assert me is not None
    write_identity(folder, me)
    writer = EventWriter(folder / EVENTS_FILE)
    writer.write(StateChanged(RunState.RUNNING))
    for number in range(1, before + 1):
        writer.write(step(number, total))
    try:
        yield folder, writer
    finally:
        writer.write(StateChanged(RunState.STOPPED, "the measurement is over."))


def step(number: int, total: int = TOTAL) -> Progress:
    """A loss that falls and trembles, as they do."""
    return Progress(
        step=number,
        total_steps=total,
        epoch=number / 100,
        loss=0.4 + 2.0 / math.sqrt(number) + 0.2 * math.sin(number * 12.9898),
        learning_rate=1e-3 * (1 - number / total),
        grad_norm=1.0 + 0.5 * math.cos(number * 7.77),
        tokens=480 * number,
        target_tokens=120 * number,
        padded_tokens=500 * number,
        tokens_per_second=400.0 + 10 * math.sin(number),
        eta_seconds=1.2 * (total - number),
        memory_bytes=(1 << 30) + number * 1000,
    )


def stream(workspace: Path, environment: dict[str, str]) -> float:
    """Bytes a second while two answers of fifty tokens a second stream, from their first words to the end of a page."""
    command = [sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())", str(workspace)]
    with two_servers(workspace, TOKENS) as servers, Terminal(command, environment=environment) as terminal:
        terminal.wait_for("RP2350")
        terminal.send("3")
        terminal.wait_for("ask both")
        terminal.drain(1.0)
        ask(terminal, servers)
        started = time.perf_counter()
        return terminal.drain(STREAMED) / (time.perf_counter() - started)


def watch(terminal: Terminal, writer: EventWriter, *, before: int = BEFORE, total: int = TOTAL) -> tuple[float, float]:
    """Bytes of one step more on the training pane (the median), and bytes a second over all of them."""
    terminal.send("2")
    terminal.wait_for("running")
    terminal.drain(2.0)
    costs: list[int] = []
    started = time.perf_counter()
    for number in range(before + 1, before + 1 + STEPS):
        writer.write(step(number, total))
        costs.append(terminal.drain(EVERY))
    return statistics.median(costs), sum(costs) / (time.perf_counter() - started)
