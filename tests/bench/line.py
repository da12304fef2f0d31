"""What a line has to carry, burnish's display beside Textual's own in one run, 120×40: `make bench-line`."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.demo.files import copy_demo
from tests.bench.line_figure import Figure
from tests.bench.line_keys import key_figures, type_into_editor
from tests.bench.line_long import LONG
from tests.bench.line_run import run_at_work, stream, watch
from tests.terminal import Terminal
from tui.display.line_app import OFF_SWITCH
from tui.quitting import HESITATION

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = tuple(
    {OFF_SWITCH: switch, "COLORTERM": colours, "PYTHONPATH": str(ROOT)}
    for switch, colours in (("1", "truecolor"), ("0", "truecolor"), ("0", ""))
)
"""Without COLORTERM, as an SSH connection usually arrives, Textual draws in the 256 colours of xterm-256color."""

NAME = 56
"""Cells of the first column."""
KEYS = 8
PAGE = 40
"""More rows than the screen has."""
MOVES = 35
QUIET = 0.3
"""Seconds without a byte after which an update is over."""
DOWN = "\x1b[B"
F1, F2, F3, F4 = "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS"


def main() -> int:
    """Measure Textual's display, burnish's and burnish's in 256 colours; 1 when the last two miss a target."""
    missed = 0
    print(f"{'120×40':<{NAME}} {'plain Textual':>18} {'burnish':>18} {'in 256 colours':>18}   target")
    plain, ours, few = map(measured, ENVIRONMENTS)
    for figures in zip(plain, ours, few, strict=True):
        missed += _print([figure.words for figure in figures], figures[1:])
    for part in LONG:
        with tempfile.TemporaryDirectory() as folder:
            copy_demo(Path(folder))
            for former, figure in part(Path(folder), ENVIRONMENTS[0], ENVIRONMENTS[2]):
                missed += _print([former.words if former else "", "", figure.words], [figure])
    print(f"{missed} targets are MISSED" if missed else "every target is met")
    return 1 if missed else 0


def _print(columns: list[str], figures: Sequence[Figure]) -> bool:
    """Print a line of the table; whether it misses its target."""
    met = all(figure.met for figure in figures)
    values = " ".join(f"{column:>18}" for column in columns)
    print(f"{figures[0].name:<{NAME}} {values}   {figures[0].limit}{'' if met else '   MISSED'}", flush=True)
    return not met


def measured(environment: dict[str, str]) -> list[Figure]:
    """The short figures with one of the displays, in a workspace in which nothing was done before."""
    with tempfile.TemporaryDirectory() as folder:
        copy_demo(Path(folder))
        return list(measure(Path(folder), environment))


def measure(workspace: Path, environment: dict[str, str]) -> Iterator[Figure]:
    """The short figures with one of the displays."""
    yield from _stage(environment)
    yield from _burnish(workspace, environment)
    sent = stream(workspace, environment)
    yield Figure("burnish: two answers of 50 tokens a second, a second", sent, limit="≤ 20,000 B", met=sent <= 20_000)
    seconds = sorted(type_into_editor(workspace, environment))
    yield from key_figures("burnish: key to paint, idle", seconds, 15)


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
        terminal.send(DOWN * PAGE)
        _settle(terminal)
        yield _figure("burnish: cursor down where the table scrolls", terminal, [DOWN] * KEYS)
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


if __name__ == "__main__":
    sys.exit(main())
