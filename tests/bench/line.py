"""What a line has to carry, burnish's display beside Textual's own in one run, 120×40: `make bench-line`."""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.demo.files import copy_demo
from tests.bench.line_run import run_at_work, watch
from tests.terminal import Terminal
from tui.display.line_app import OFF_SWITCH
from tui.quitting import HESITATION

ROOT = Path(__file__).parents[2]
WAYS = (
    {"plain": True, "colours": "truecolor"},
    {"plain": False, "colours": "truecolor"},
    {"plain": False, "colours": ""},
)
"""Without COLORTERM, as an SSH connection usually arrives, Textual draws in the 256 colours of xterm-256color."""

KEYS = 8
MOVES = 35
STALL = 5.0
IDLE = 60.0
AFTER_WORK = 6.0
"""Seconds that the processor's load takes to be shown as what it is after a key."""
QUIET = 0.3
"""Seconds without a byte after which an update is over."""
DOWN = "\x1b[B"
F1, F2, F3, F4, F5, F6, F7 = "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~", "\x1b[17~", "\x1b[18~"


@dataclass(frozen=True)
class Figure:
    """One measurement: medians of bytes sent and of milliseconds to the first of them; or one of both."""

    name: str
    bytes: float | None = None
    milliseconds: float | None = None
    limit: str = ""
    """The target, as the table shows it."""
    met: bool = True


def main() -> int:
    """Measure Textual's display, burnish's and burnish's in 256 colours; 1 when the last two miss a target."""
    with tempfile.TemporaryDirectory() as folder:
        copy_demo(Path(folder))
        plain, ours, few = (list(measure(Path(folder), **way)) for way in WAYS)
        idle = list(_idle(Path(folder), _environment(plain=False, colours="")))
    print(f"{'120×40':<44} {'plain Textual':>18} {'burnish':>18} {'in 256 colours':>18}   target")
    for figures in zip(plain, ours, few, strict=True):
        columns = " ".join(f"{_words(figure):>18}" for figure in figures)
        missed = "" if all(figure.met for figure in figures[1:]) else "   MISSED"
        print(f"{figures[0].name:<44} {columns}   {figures[0].limit}{missed}")
    for figure in idle:
        missed = "" if figure.met else "   MISSED"
        print(f"{figure.name:<44} {'':>18} {'':>18} {_words(figure):>18}   {figure.limit}{missed}")
    met = all(figure.met for figure in (*ours, *few, *idle))
    print("every target is met" if met else "a target is MISSED")
    return 0 if met else 1


def measure(workspace: Path, *, plain: bool, colours: str) -> Iterator[Figure]:
    """All figures with one of the two displays."""
    environment = _environment(plain=plain, colours=colours)
    yield from _stage(environment)
    yield from _burnish(workspace, environment)


def _environment(*, plain: bool, colours: str) -> dict[str, str]:
    return {OFF_SWITCH: "1" if plain else "0", "COLORTERM": colours, "PYTHONPATH": str(ROOT)}


def _stage(environment: dict[str, str]) -> Iterator[Figure]:
    """Widgets of Textual's own."""
    command = [sys.executable, "-m", "tests.bench.line_stage"]
    with Terminal(command, cwd=ROOT, environment=environment) as terminal:
        terminal.wait_for("stage")
        _settle(terminal)
        terminal.send(F1)
        terminal.wait_for("shows editor")
        _settle(terminal)
        yield _figure("a key in a full-pane editor", terminal, "abcdefgh", 500)
        terminal.send(F2)
        terminal.wait_for("shows table")
        _settle(terminal)
        yield _figure("a changed table cell", terminal, [F3] * KEYS)
        yield _figure("a toast", terminal, [F4], 600)
        terminal.send(F1)
        _settle(terminal)
        terminal.send(F2)
        _settle(terminal)
        yield _stall(terminal)


def _stall(terminal: Terminal) -> Figure:
    """The longest time the event loop stands still while nobody reads what it paints."""
    terminal.send(F6)
    terminal.wait_for("is busy")
    terminal.send(F5)
    terminal.wait_for("longest")
    time.sleep(STALL)
    terminal.send(F7)
    terminal.wait_for("rests")
    _settle(terminal)
    terminal.send(F5)
    terminal.wait_for("longest")
    said = re.search(r"longest (\d+) ms;", terminal.text)
    assert said is not None, terminal.text
    longest = float(said[1])
    name = f"longest stop of the event loop, {STALL:.0f} s unread"
    return Figure(name, milliseconds=longest, limit="≤ 250 ms", met=longest <= 250)


def _burnish(workspace: Path, environment: dict[str, str]) -> Iterator[Figure]:
    """The workbench with the demo's dataset."""
    command = [sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())", str(workspace)]
    with Terminal(command, cwd=ROOT, environment=environment) as terminal:
        terminal.wait_for("RP2350")
        _settle(terminal)
        first = terminal.received
        yield Figure("burnish: first screen, all panes mounted", first, limit="≤ 20,000 B", met=first <= 20_000)
        yield _figure("burnish: cursor down in the table", terminal, [DOWN] * KEYS, 400)
        yield _figure("burnish: a page down in the table", terminal, ["\x1b[6~"] * 3)
        yield _mouse(terminal)
        # ctrl+c says that it has to be pressed twice.
        yield _figure("burnish: a flash", terminal, "\x03", 600)
        terminal.drain(HESITATION + 1)
        yield _figure("burnish: another pane", terminal, "231231")
        terminal.send("1")
        _settle(terminal)
        terminal.send("e")
        terminal.wait_for("Keep", seconds=30)
        _settle(terminal)
        terminal.send("x")
        _settle(terminal)
        yield _figure("burnish: a key in the editor", terminal, "abcdefgh", 500)
    with run_at_work(workspace) as (_, writer), Terminal(command, cwd=ROOT, environment=environment) as terminal:
        terminal.wait_for("RP2350")
        _settle(terminal)
        point, second = watch(terminal, writer)
        yield Figure("burnish: a point on the chart, with the strip", point, limit="≤ 2,000 B", met=point <= 2000)
        yield Figure("burnish: watching a run, bytes a second", second, limit="≤ 2,000 B", met=second <= 2000)


def _mouse(terminal: Terminal) -> Figure:
    """The mouse goes over the table, a cell at a time."""
    before = terminal.received
    for place in range(MOVES):
        terminal.send(f"\x1b[<35;{20 + place};{5 + place % 20}M")
        terminal.read(0.02)
    _settle(terminal)
    sent = terminal.received - before
    return Figure(f"burnish: {MOVES} moves of the mouse over the table", sent, limit="≤ 5,000 B", met=sent <= 5000)


def _idle(workspace: Path, environment: dict[str, str]) -> Iterator[Figure]:
    """Nothing happens, on each pane: whatever is sent then is sent for nothing."""
    command = [sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())", str(workspace)]
    with Terminal(command, cwd=ROOT, environment=environment) as terminal:
        terminal.wait_for("RP2350")
        for key, pane in (("1", "dataset"), ("2", "train"), ("3", "compare")):
            terminal.send(key)
            _settle(terminal)
            terminal.drain(AFTER_WORK)
            sent = terminal.drain(IDLE)
            yield Figure(f"burnish: {IDLE:.0f} s of nothing on {pane}", sent, limit="0 B", met=sent == 0)


def _figure(name: str, terminal: Terminal, keys: str | list[str], limit: int | None = None) -> Figure:
    """The medians over some keys."""
    sent: list[int] = []
    took: list[float] = []
    for key in keys:
        before, started = terminal.received, time.perf_counter()
        terminal.send(key)
        while terminal.received == before and time.perf_counter() < started + 2:
            terminal.read(0.5)
        took.append(time.perf_counter() - started)
        _settle(terminal)
        sent.append(terminal.received - before)
    median = statistics.median(sent)
    words = "" if limit is None else f"≤ {limit:,} B"
    return Figure(name, median, statistics.median(took) * 1000, words, limit is None or median <= limit)


def _settle(terminal: Terminal) -> None:
    """Read until the line is quiet."""
    while terminal.read(QUIET):
        pass


def _words(figure: Figure) -> str:
    parts = []
    if figure.bytes is not None:
        parts.append(f"{figure.bytes:,.0f} B")
    if figure.milliseconds is not None:
        parts.append(f"{figure.milliseconds:,.0f} ms")
    return ", ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
