"""An hour of watching a training run, at twenty times its pace: what the screen's memory and its handles grow by."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from engine.jobs.detached import LOG_FILE
from engine.jobs.events import CheckpointSaved, Evaluation, EventWriter, Sample
from tests.bench.line_run import BEFORE, run_at_work, step
from tests.terminal import Terminal

PACE = 20
"""Seconds of training in one second."""
HOUR = 3600
"""Steps of an hour, one a second."""
WARM = 900
"""Steps before the first look: by then every cache has met what comes again and again."""
GROWTH = 5_000_000
EVALUATE, SAMPLE, SAVE = 60, 120, 300
"""Steps between evaluations, samples and checkpoints."""

SAMPLED_FASTER = f"import engine.engine; engine.engine.HARDWARE_EVERY /= {PACE}; "
"""The hardware is sampled as often in the short hour as in a long one."""


@dataclass(frozen=True)
class Taken:
    """What the screen's process holds."""

    uss: int
    """Bytes of memory that only it has."""
    handles: int
    """Open files, pipes and sockets."""
    threads: int


def taken(pid: int) -> Taken:
    """What a process holds now."""
    about = Path(f"/proc/{pid}")
    pages = about.joinpath("smaps_rollup").read_text().splitlines()
    own = sum(int(line.split()[1]) for line in pages if line.startswith(("Private_Clean", "Private_Dirty")))
    handles, threads = (sum(1 for _ in about.joinpath(each).iterdir()) for each in ("fd", "task"))
    return Taken(own << 10, handles, threads)


def watch_an_hour(workspace: Path, environment: dict[str, str], hour: int = HOUR) -> tuple[Taken, Taken, float]:
    """What the screen holds before and after an hour on the training pane, and the bytes it was sent a step."""
    start = f"{SAMPLED_FASTER}import sys; from tui.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", start, str(workspace)]
    total = BEFORE + WARM + hour
    with run_at_work(workspace, total) as (folder, writer), Terminal(command, environment=environment) as terminal:
        terminal.wait_for("RP2350")
        terminal.send("2")
        terminal.wait_for("running")
        terminal.drain(3.0)
        training = Training(folder / LOG_FILE, writer, total)
        training.go_on(terminal, BEFORE + WARM)
        terminal.drain(3.0)
        before = taken(terminal.process.pid)
        sent = training.go_on(terminal, total)
        terminal.drain(3.0)
        return before, taken(terminal.process.pid), sent / hour


class Training:
    """Writes what a run says, a step after the other."""

    def __init__(self, log: Path, writer: EventWriter, total: int) -> None:
        self._log = log
        self._writer = writer
        self._total = total
        self._done = BEFORE

    def go_on(self, terminal: Terminal, until: int) -> int:
        """Train up to a step at the pace of the short hour; gives the bytes that the screen was sent meanwhile."""
        started, first, sent = time.perf_counter(), self._done, 0
        with self._log.open("a") as words:
            while self._done < until:
                self._done += 1
                self._say(self._done, words)
                sent += terminal.drain(max(0.0, started + (self._done - first) / PACE - time.perf_counter()))
        return sent

    def _say(self, number: int, words: TextIO) -> None:
        done = step(number, self._total)
        self._writer.write(done)
        words.write(f"step {number}: loss {done.loss:.4f}\n")
        words.flush()
        if number % EVALUATE == 0:
            self._writer.write(Evaluation(number, done.loss + 0.1, rows=16))
        if number % SAMPLE == 0:
            self._writer.write(Sample(number, "How fast is the chip?", f"After {number} steps it runs at 150 MHz."))
        if number % SAVE == 0:
            self._writer.write(CheckpointSaved(number, f"checkpoints/step-{number}", 1 << 20))
