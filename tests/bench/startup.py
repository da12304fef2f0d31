"""How long until the first paint, beside an empty Textual app in the same run."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from tests.terminal import Terminal

EMPTY_APP = "from textual.app import App; App().run()"
ROUNDS = 9
TARGET = 1.5


def measure(workspace: Path) -> dict[str, float]:
    """Median seconds from exec: first paint of an empty app and of burnish, and burnish's first rows."""
    empty: list[float] = []
    paint: list[float] = []
    rows: list[float] = []
    burnish = [str(Path(sys.executable).with_name("burnish")), str(workspace)]
    for _ in range(ROUNDS):  # interleaved, so that a busy moment of the machine hits both
        with Terminal([sys.executable, "-c", EMPTY_APP]) as terminal:
            empty.append(_first_paint(terminal))
        with Terminal(burnish) as terminal:
            paint.append(_first_paint(terminal))
            rows.append(terminal.wait_for("RP2350"))
    return {
        "empty Textual app": statistics.median(empty),
        "burnish": statistics.median(paint),
        "burnish, first rows": statistics.median(rows),
    }


def _first_paint(terminal: Terminal) -> float:
    """Seconds until the first frame: the first write that puts the cursor at the top left."""
    seen = b""
    while b"\x1b[1;1H" not in seen:
        seen += terminal.read(5)
        assert terminal.process.poll() is None, terminal.text
    return time.perf_counter() - terminal.started


def main(workspace: Path) -> bool:
    """Print the figures; whether the target holds."""
    seconds = measure(workspace)
    for name, value in seconds.items():
        print(f"  {name:<24} {value * 1000:6.0f} ms")
    ratio = seconds["burnish"] / seconds["empty Textual app"]
    print(f"  first paint / empty app  {ratio:6.2f} ×   (target at most {TARGET} ×)")
    return ratio <= TARGET
