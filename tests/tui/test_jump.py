"""Two keys to any place of the screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.demo.files import copy_demo
from engine.jobs.events import RunState
from tests.tui.test_app import opened, screen_text, until
from tests.tui.whole.workspace import write_run
from tui.app import BurnishApp
from tui.compare.prompt import QuestionInput
from tui.dataset.table import RowTable
from tui.jump import JumpLetter, JumpScreen, goals
from tui.pane import Pane
from tui.training.run_list import RunList
from tui.widgets.chart import Chart


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    copy_demo(tmp_path)
    write_run(tmp_path, "first", RunState.FINISHED, done=40)
    return tmp_path


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_every_place_that_can_have_the_focus_has_a_letter_or_words(
    workspace: Path, size: tuple[int, int]
) -> None:
    app = BurnishApp(workspace)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.focused, RunList), "the runs")
        found = goals(app.screen)
        assert {type(goal.widget) for goal in found} >= {RowTable, RunList, Chart, QuestionInput}
        assert len({goal.key for goal in found}) == len(found)
        assert [goal.key for goal in found if goal.widget is None] == ["1", "2", "3"]
        seen = [goal.at for goal in found if goal.at is not None]
        assert len(set(seen)) == len(seen)
        shown = {pane for pane in app.query(Pane) if pane.display and pane.size.area}
        for goal in found:
            if goal.widget is not None:
                assert (goal.at is not None) == any(pane in goal.widget.ancestors_with_self for pane in shown)
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(app.screen, JumpScreen), "the letters")
        await pilot.pause()
        for letter in app.screen.query(JumpLetter):
            assert letter.region.size == (3, 1)
            assert app.screen.region.contains_region(letter.region)
        for goal in found:
            if goal.at is None and goal.words not in [pane.TITLE for pane in shown]:
                assert goal.words in " ".join(screen_text(app).split())


async def test_a_letter_goes_there_and_escape_stays(workspace: Path) -> None:
    app = BurnishApp(workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.focused, RunList), "the runs")
        curve = next(goal.key for goal in goals(app.screen) if isinstance(goal.widget, Chart))
        await pilot.press("f6", "escape")
        assert isinstance(app.focused, RunList)
        await pilot.press("apostrophe", "Z")
        assert isinstance(app.screen, JumpScreen)
        await pilot.press(curve)
        await until(pilot, lambda: isinstance(app.focused, Chart), "the curve")


async def test_a_place_of_a_hidden_pane_brings_its_pane(workspace: Path) -> None:
    app = BurnishApp(workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        for kind, pane in ((QuestionInput, "compare"), (RunList, "training"), (RowTable, "dataset")):
            await until(pilot, lambda: bool(app.query("RunList")) and app._training.monitor.has_runs, "the run")
            key = next(goal.key for goal in goals(app.screen) if isinstance(goal.widget, kind))
            await pilot.press("f6", key)
            await until(pilot, lambda kind=kind: isinstance(app.focused, kind), kind.__name__)
            assert app.query_one(f"#{pane}").has_class("-active")
        await pilot.press("f6", "3")
        await until(pilot, lambda: app.query_one("#compare").has_class("-active"), "the pane of that number")


async def test_no_letter_stands_on_the_wrong_place_of_another_size(workspace: Path) -> None:
    app = BurnishApp(workspace)
    async with app.run_test(size=(200, 50)) as pilot:
        await opened(pilot)
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(app.screen, JumpScreen), "the letters")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not isinstance(app.screen, JumpScreen), "the screen without them")
