"""A pane that is not shown draws nothing, whatever is reported meanwhile, and shows the newest state when it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from engine.demo.files import copy_demo
from engine.jobs.events import RunState, StateChanged
from tests.engine.training.test_history import RunFiles, step
from tests.tui.test_app import opened, until
from tui.app import BurnishApp
from tui.pane import Pane
from tui.widgets.strip import TrainingStrip


async def test_hidden_panes_draw_nothing_while_reports_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_demo(tmp_path)
    files = RunFiles(tmp_path)
    files.belongs_to_a_living_process()
    files.events.write(StateChanged(RunState.RUNNING))
    drawn: list[Widget] = []
    render_lines = Widget.render_lines

    def recorded(widget: Widget, crop: Region) -> list[Strip]:
        drawn.append(widget)
        return render_lines(widget, crop)

    app = BurnishApp(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: app.query(TrainingStrip), "the lines")
        strip = app.query_one(TrainingStrip)
        await until(pilot, lambda: strip.active, "the strip")
        monkeypatch.setattr(Widget, "render_lines", recorded)
        for number in range(1, 6):
            files.events.write(step(number))
            await until(pilot, lambda number=number: f"step {number}" in str(strip.plain), f"step {number}")
        hidden = [pane for pane in app.query(Pane) if pane.id != "dataset"]
        assert strip in drawn
        assert [widget for widget in drawn if any(pane in widget.ancestors_with_self for pane in hidden)] == []
        await pilot.press("2")
        await until(pilot, lambda: any(hidden[0] in widget.ancestors_with_self for widget in drawn), "the pane")
