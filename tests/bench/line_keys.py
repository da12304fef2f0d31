"""How long a key takes to be painted, while nothing else happens and while a training run has both cores."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.keys import measure, type_keys
from tests.bench.line_figure import Figure
from tests.terminal import Terminal

KEYS = 150


def key_figures(name: str, seconds: list[float], limit: int) -> Iterator[Figure]:
    """The median and the 95th percentile of seconds in order; `limit` is the latter's, in milliseconds."""
    half, most = statistics.median(seconds), seconds[int(len(seconds) * 0.95)]
    yield Figure(f"{name}, median", milliseconds=half * 1000)
    yield Figure(f"{name}, 95th percentile", milliseconds=most * 1000, limit=f"≤ {limit} ms", met=most * 1000 <= limit)


def type_into_editor(workspace: Path, environment: dict[str, str]) -> list[float]:
    """Seconds from each key in the dataset editor to its letter on the screen."""
    command = [sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())", str(workspace)]
    with Terminal(command, environment=environment) as terminal:
        terminal.wait_for("RP2350")
        terminal.send("e")
        terminal.wait_for("Keep")
        while terminal.read(1.0):
            pass
        return sorted(type_keys(terminal, KEYS))


def while_training(workspace: Path) -> list[float]:
    """The same while a run trains."""
    return sorted(measure(workspace))
