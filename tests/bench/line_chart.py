"""A curve of ten thousand points that gets another one: how long the chart takes to draw it, and what it sends."""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from pathlib import Path

from tests.bench.line_run import run_at_work, step, watch
from tests.terminal import Terminal
from tests.tui.host import Host
from tui.widgets.chart import Chart, ChartContent
from tui.widgets.decimation import Series
from tui.widgets.plot import Curve

POINTS = 10_000
UPDATES = 40
TOTAL = 2 * POINTS
WIDTH, HEIGHT = 120, 40


def draw_points() -> float:
    """Milliseconds of processor time in which a chart as large as the screen takes another point (the median)."""
    return asyncio.run(_draw_points())


async def _draw_points() -> float:
    losses = [(number, step(number, TOTAL).loss) for number in range(1, POINTS + UPDATES + 1)]
    loss = Series(losses[:POINTS])
    chart = Chart(markers="braille")
    took: list[float] = []
    async with Host(chart).run_test(size=(WIDTH, HEIGHT)) as pilot:
        for point in losses[POINTS:]:
            before = time.process_time()
            loss.extend([point])
            chart.show(ChartContent("loss", (Curve("train", loss, "train", "line"),), end=TOTAL, newest=point[0]))
            took.append(time.process_time() - before)
            await pilot.pause()
    return statistics.median(took) * 1000


def send_points(workspace: Path, environment: dict[str, str]) -> float:
    """Bytes of one step more on the training pane, the status strip with it (the median)."""
    command = [sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())", str(workspace)]
    with (
        run_at_work(workspace, TOTAL, before=POINTS) as (_, writer),
        Terminal(command, environment=environment) as terminal,
    ):
        terminal.wait_for("RP2350")
        point, _ = watch(terminal, writer, before=POINTS, total=TOTAL)
        return point
