"""What a line has to carry over a longer time, or under hardship: figures of burnish in 256 colours, in order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.line_chart import HEIGHT, POINTS, WIDTH, draw_points, send_points
from tests.bench.line_figure import Figure
from tests.bench.line_hour import GROWTH, watch_an_hour
from tests.bench.line_keys import key_figures, while_training
from tests.bench.line_thin import ages
from tests.bench.line_unread import UNREAD, leave_unread
from tests.terminal import Terminal

IDLE = 60.0
AFTER_WORK = 6.0
"""Seconds that the processor's load takes to be shown as what it is after a key."""
OLD = 1.0
"""Seconds that something shown may have been untrue for."""
STOP = 0.25

Pairs = Iterator[tuple[Figure | None, Figure]]
"""The figure of Textual's own display, where there is one, and burnish's."""


def idle(workspace: Path, _: dict[str, str], ours: dict[str, str]) -> Pairs:
    """Nothing happens, on each pane: whatever is sent then is sent for nothing."""
    with Terminal(_burnish(workspace), environment=ours) as terminal:
        terminal.wait_for("RP2350")
        for key, pane in (("1", "dataset"), ("2", "train"), ("3", "compare")):
            terminal.send(key)
            while terminal.read(0.3):
                pass
            terminal.drain(AFTER_WORK)
            sent = terminal.drain(IDLE)
            yield None, Figure(f"burnish: {IDLE:.0f} s of nothing on {pane}", sent, limit="0 B", met=sent == 0)


def chart(workspace: Path, plain: dict[str, str], ours: dict[str, str]) -> Pairs:
    """Another point on a long curve."""
    took = draw_points()
    name = f"a chart of {WIDTH}×{HEIGHT} takes another of {POINTS:,} points"
    yield None, Figure(name, said=f"{took:.1f} ms", limit="≤ 5 ms", met=took <= 5)
    left, sent = send_points(workspace, plain), send_points(workspace, ours)
    name = f"burnish: a point on a curve of {POINTS:,}, with the strip"
    yield Figure(name, left), Figure(name, sent, limit="≤ 2,000 B", met=sent <= 2000)


def keys(workspace: Path, _: dict[str, str], __: dict[str, str]) -> Pairs:
    """Typing while a training run has both cores."""
    for figure in key_figures("burnish: key to paint, a run on both cores", while_training(workspace), 50):
        yield None, figure


def thin(workspace: Path, _: dict[str, str], ours: dict[str, str]) -> Pairs:
    """What the far end of a thin line shows."""
    found = ages(workspace, _burnish(workspace), ours)
    for what, seconds in (
        ("watching a run", found.watching),
        ("going from pane to pane", found.changing),
        ("running down the table", found.holding),
        ("two answers stream: the run's step", found.streaming),
        ("two answers stream: their words", found.words),
    ):
        name = f"100 kbit/s, 150 ms; age at most, {what}"
        yield None, Figure(name, milliseconds=seconds * 1000, limit="≤ 1,000 ms", met=seconds <= OLD)
    yield None, Figure("100 kbit/s, 150 ms; most on the way at once", found.unseen)


def unread(workspace: Path, plain: dict[str, str], ours: dict[str, str]) -> Pairs:
    """A terminal that reads nothing for a minute."""
    left, found = leave_unread(workspace, plain), leave_unread(workspace, ours)
    name = f"{UNREAD:.0f} s unread; longest stop of the event loop"
    limit = f"≤ {STOP * 1000:.0f} ms"
    yield (
        Figure(name, milliseconds=left.longest * 1000),
        Figure(name, milliseconds=found.longest * 1000, limit=limit, met=found.longest <= STOP),
    )
    for what, theirs, known in (("known", left.known, found.known), ("shown", left.shown, found.shown)):
        name = f"{UNREAD:.0f} s unread; steps {what} a second after"
        said = f"{known} of {found.steps}"
        yield Figure(name, said=str(theirs)), Figure(name, said=said, limit="all", met=known == found.steps)
    name = f"{UNREAD:.0f} s unread; rows that a repaint changes"
    yield Figure(name, said=str(left.wrong)), Figure(name, said=str(found.wrong), limit="0", met=not found.wrong)


def hour(workspace: Path, _: dict[str, str], ours: dict[str, str]) -> Pairs:
    """An hour beside a run, at twenty times its pace."""
    before, after, _sent = watch_an_hour(workspace, ours)
    grown = after.uss - before.uss
    name = "an hour of training watched; growth of private memory"
    yield None, Figure(name, said=f"{grown / 1e6:.1f} MB", limit="≤ 5 MB", met=grown <= GROWTH)
    name = "an hour of training watched; growth of open handles"
    yield None, Figure(name, said=str(after.handles - before.handles), limit="0", met=after.handles <= before.handles)


def storm(_: Path, __: dict[str, str], ___: dict[str, str]) -> Pairs:
    """Random steps on an emulated terminal."""
    # More frames a second than a screen has, so that ten thousand of them take minutes.
    surroundings = {**os.environ, "TERM": "xterm-256color", "TEXTUAL_FPS": "1000"}
    command = [sys.executable, "-m", "tests.tui.display.storm"]
    said = subprocess.run(command, env=surroundings, stdout=subprocess.PIPE, text=True, check=False).stdout
    counted = re.search(r"([\d,]+) random steps .*: (\d+) wrong", said)
    assert counted is not None, said
    name = f"{counted[1]} random steps on an emulator; wrong cells"
    yield None, Figure(name, said=counted[2], limit="0", met=counted[2] == "0")


def _burnish(workspace: Path) -> list[str]:
    return [sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())", str(workspace)]


LONG: tuple[Callable[[Path, dict[str, str], dict[str, str]], Pairs], ...] = (
    idle,
    chart,
    keys,
    thin,
    unread,
    hour,
    storm,
)
