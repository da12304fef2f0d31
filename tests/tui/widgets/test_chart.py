"""The chart on a screen: what it repaints, how it is read, how fast it is."""

from __future__ import annotations

import math
import time

from textual.geometry import Region

from tests.tui.host import Host
from tui.widgets.chart import Chart, ChartContent
from tui.widgets.decimation import Series
from tui.widgets.plot import Curve, Mark


class CountingChart(Chart):
    """Counts the lines it asks to have repainted."""

    repainted: list[int]

    def refresh(self, *regions: Region, **options: bool) -> CountingChart:
        if not hasattr(self, "repainted"):
            self.repainted = []
        self.repainted.append(sum(region.height for region in regions) if regions else self.size.height)
        return super().refresh(*regions, **options)


def content(steps: int, end: float | None = None, *, marks: tuple[Mark, ...] = ()) -> ChartContent:
    loss = Series((step, 2 * math.exp(-step / 40) + 0.1) for step in range(1, steps + 1))
    held_out = Series((step, 2 * math.exp(-step / 40) + 0.4) for step in range(20, steps + 1, 20))
    return ChartContent(
        "loss",
        (
            Curve("each step", loss, "raw", "band"),
            Curve("held-out", held_out, "held-out", "points"),
            Curve("train", loss, "train", "line"),
        ),
        marks,
        end=end or steps,
        newest=steps,
        empty="no step yet",
    )


async def test_the_first_line_is_the_key_and_says_what_is_marked() -> None:
    chart = Chart(markers="braille")
    async with Host(chart).run_test(size=(80, 20)) as pilot:
        chart.show(content(100, marks=(Mark("checkpoint", (50.0,), "◆", "^", "agrees"),)))
        await pilot.pause()
        first = chart.plain.splitlines()[0]
        assert first.startswith("loss")
        assert first.endswith("━ train  ○ held-out  ◆ checkpoint  ░ each step")


async def test_a_step_repaints_few_lines_and_nothing_new_repaints_nothing() -> None:
    chart = CountingChart(markers="braille")
    async with Host(chart).run_test(size=(80, 30)) as pilot:
        chart.show(content(100, end=200))
        await pilot.pause()
        chart.repainted = []
        chart.show(content(100, end=200))
        assert chart.repainted == []
        chart.show(content(104, end=200))
        assert 0 < sum(chart.repainted) <= 3


async def test_arrows_read_values_off_and_escape_puts_the_cross_hair_away() -> None:
    chart = Chart(markers="braille")
    async with Host(chart).run_test(size=(100, 20)) as pilot:
        chart.show(content(100))
        chart.focus()
        await pilot.press("left")
        assert chart.view.cursor in (99, 100)
        await pilot.press("left")
        assert chart.view.cursor == 99
        first = chart.plain.splitlines()[0]
        expected = 2 * math.exp(-99 / 40) + 0.1
        assert f"step 99  train {expected:.3f}  held-out" in first
        assert "at 100" in first
        await pilot.press("home")
        assert chart.view.cursor == 1
        await pilot.press("end", "escape")
        assert not chart.reading


async def test_a_click_reads_the_step_under_the_pointer() -> None:
    chart = Chart(markers="braille")
    async with Host(chart).run_test(size=(100, 20)) as pilot:
        chart.show(content(100))
        await pilot.pause()
        await pilot.click(chart, offset=(99, 5))
        assert chart.view.cursor in (99, 100)


async def test_an_empty_chart_says_why_and_has_nothing_to_read() -> None:
    chart = Chart(markers="braille")
    async with Host(chart).run_test(size=(60, 10)) as pilot:
        chart.show(ChartContent("loss", empty="no step yet"))
        chart.focus()
        await pilot.press("left", "end")
        assert "no step yet" in chart.plain
        assert not chart.reading


async def test_zoom_shows_fewer_steps_and_says_so() -> None:
    chart = Chart(markers="braille")
    async with Host(chart).run_test(size=(80, 20)) as pilot:
        chart.show(content(200))
        await pilot.pause()
        chart.zoom(1)
        assert chart.zoomed
        assert "steps 100–200" in chart.plain.splitlines()[0]
        chart.zoom(0)
        assert not chart.zoomed


async def test_a_hidden_chart_draws_nothing_until_it_is_shown() -> None:
    chart = CountingChart(markers="braille")
    async with Host(chart).run_test(size=(80, 20)) as pilot:
        chart.show(content(50))
        await pilot.pause()
        chart.display = False
        await pilot.pause()
        before = chart.plain
        chart.show(content(60))
        assert chart.plain == before
        chart.display = True
        await pilot.pause()
        assert chart.plain != before


async def test_another_width_makes_another_picture() -> None:
    chart = Chart(markers="braille")
    async with Host(chart).run_test(size=(80, 20)) as pilot:
        chart.show(content(50))
        await pilot.pause()
        await pilot.resize_terminal(50, 12)
        await pilot.pause()
        assert max(len(line) for line in chart.plain.splitlines()) <= 50
        assert len(chart.lines) == 12


async def test_a_hundred_thousand_steps_are_drawn_within_a_tenth_of_a_second() -> None:
    chart = Chart(markers="braille")
    everything = content(100_000)
    async with Host(chart).run_test(size=(160, 40)) as pilot:
        chart.show(everything)
        await pilot.pause()
        before = time.process_time()
        for _ in range(5):
            chart.toggle_log_scale()
        assert (time.process_time() - before) / 5 < 0.1
