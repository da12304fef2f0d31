"""A line of 100 kbit/s and 150 ms: how old what its far end shows is, while a run trains and two models answer."""

from __future__ import annotations

import re
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.jobs.events import EventWriter
from tests.bench.compare import Server, newest_words, two_servers
from tests.bench.line_run import BEFORE, run_at_work, step
from tests.thin_line import ThinLine

PACE = 50.0
"""Tokens a second and answer."""
WATCHED, STREAMED = 20.0, 20.0
PANES = "123123"
DWELL = 3.0
"""Seconds on each of them."""
KEYS = 30
HELD = 1 / 30
"""Seconds between two keys while one is held down."""
STEP = 1.0
"""Seconds between two steps of the run."""
DOWN = "\x1b[B"

_STEP = re.compile(r"\bstep (\d+)/")


@dataclass
class Ages:
    """The most seconds for which the far end showed what was no longer true."""

    watching: float = 0.0
    """The step of the run, on the training pane."""
    changing: float = 0.0
    """The step of the run, while one pane after the other is gone to."""
    holding: float = 0.0
    """The step of the run, while the cursor runs down the table."""
    streaming: float = 0.0
    """The step of the run, while two answers stream."""
    words: float = 0.0
    """The newest words of the two answers."""
    sent: float = 0.0
    """Bytes a second of two answers."""
    unseen: int = 0
    """The most bytes that were on the way at once."""


class FarEnd:
    """A person at the far end, and the run that they watch: it goes on a step a second."""

    def __init__(self, terminal: ThinLine, writer: EventWriter) -> None:
        self.terminal = terminal
        self._writer = writer
        self._written: list[float] = []
        self.oldest = 0.0

    def look(self, seconds: float) -> Iterator[float]:
        """Look at the screen for so long, each time that it has changed; gives the clock of each look."""
        end = time.perf_counter() + seconds
        self.oldest = 0.0
        while (now := time.perf_counter()) < end:
            if not self._written or now - self._written[-1] >= STEP:
                self._writer.write(step(BEFORE + 1 + len(self._written)))
                self._written.append(now)
            self._compare(now)
            yield now
            self.terminal.read(0.02)

    def watch(self, seconds: float) -> float:
        """The most seconds for which a step was shown although there was a newer one."""
        for _ in self.look(seconds):
            pass
        return self.oldest

    def _compare(self, now: float) -> None:
        shown = max((int(number) for number in _STEP.findall(self.terminal.text)), default=BEFORE)
        newer = shown - BEFORE
        if newer < len(self._written):
            self.oldest = max(self.oldest, now - self._written[newer])


def ages(workspace: Path, command: list[str], environment: dict[str, str]) -> Ages:
    """How old what is shown gets, doing one thing after the other."""
    found = Ages()
    with (
        two_servers(workspace, PACE) as servers,
        run_at_work(workspace) as (_, writer),
        _terminal(command, environment) as terminal,
    ):
        far = FarEnd(terminal, writer)
        terminal.send("2")
        terminal.wait_for("running")
        far.watch(3.0)
        found.watching = far.watch(WATCHED)
        for key in PANES:
            terminal.send(key)
            found.changing = max(found.changing, far.watch(DWELL))
        terminal.send("1")
        far.watch(DWELL)
        found.holding = _hold_down(far)
        terminal.send("3")
        far.watch(DWELL)
        _stream(far, servers, found)
        found.unseen = terminal.unseen
    return found


@contextmanager
def _terminal(command: list[str], environment: dict[str, str]) -> Iterator[ThinLine]:
    with ThinLine(command, environment=environment) as terminal:
        terminal.wait_for("RP2350")
        for _ in range(3):
            while terminal.read(1.0):
                pass
        yield terminal


def _hold_down(far: FarEnd) -> float:
    """The cursor runs down the table, as while its key is held."""
    oldest = 0.0
    for _ in range(3 * KEYS):
        far.terminal.send(DOWN)
        oldest = max(oldest, far.watch(HELD))
    return max(oldest, far.watch(2.0))


def _stream(far: FarEnd, servers: list[Server], found: Ages) -> None:
    """Two answers stream; the first second is left out, in which the question is on its way."""
    far.terminal.send("i")
    far.watch(1.0)
    far.terminal.send("How much memory?\r")
    begun = _first_words(far, servers)
    far.watch(2.0)
    before, started = far.terminal.received, time.perf_counter()
    for now in far.look(STREAMED):
        for start, newest in zip(begun, newest_words(far.terminal), strict=True):
            # The next word than that was there at this moment.
            found.words = max(found.words, now - start - ((newest or 0) + 1) / PACE)
    found.streaming = far.oldest
    found.sent = (far.terminal.received - before) / (time.perf_counter() - started)


def _first_words(far: FarEnd, servers: list[Server]) -> list[float]:
    """The clock at which each server said its first word; the line goes on meanwhile."""
    begun: dict[int, float] = {}
    while len(begun) < len(servers):
        far.watch(0.05)
        for side, server in enumerate(servers):
            assert server.stdout is not None
            if side not in begun and select.select([server.stdout], [], [], 0)[0]:
                begun[side] = float(server.stdout.readline())
    return [begun[side] for side in range(len(servers))]
