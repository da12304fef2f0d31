"""The help: every key of every pane, read from the bindings."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from tests.tui.compare.stage import RecordingEngine, Stage
from tests.tui.dataset.stage import chips, staged
from tui.compare.keys import BINDINGS
from tui.compare.pane import ComparePane
from tui.compare.prompt import QuestionInput
from tui.dataset.many import ManyRows
from tui.help import HelpScreen, help_groups


def words(app: App[int]) -> str:
    """What the help says, line breaks and columns smoothed out."""
    return " ".join(str(app.screen.query_one("#help-text", Static).content).split())


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_binding_of_the_pane_and_of_its_widgets_is_listed(size: tuple[int, int]) -> None:
    async with Stage().run_test(size=size) as pilot:
        await pilot.app.push_screen(HelpScreen())
        await pilot.pause()
        said = words(pilot.app)
        for binding in [*BINDINGS, *QuestionInput.BINDINGS]:
            assert isinstance(binding, Binding)
            assert binding.description in said
            assert binding.tooltip in said
            for single in Binding.make_bindings([binding]):
                assert f" {pilot.app.get_key_display(single)} " in f" {said} "
        assert "Compare: Typing a question" in said
        assert "^p Commands" in said
        assert "Move cursor left" not in said


async def test_all_keys_can_be_reached_on_a_small_screen() -> None:
    async with Stage().run_test(size=(80, 24)) as pilot:
        await pilot.app.push_screen(HelpScreen())
        await pilot.pause()
        keys = pilot.app.screen.query_one("#help-keys")
        assert keys.max_scroll_y > 0
        await pilot.press("G")
        assert keys.scroll_y == keys.max_scroll_y
        await pilot.press("g", "j")
        assert keys.scroll_y == 1


async def test_words_narrow_the_keys_down() -> None:
    async with Stage().run_test(size=(100, 25)) as pilot:
        await pilot.app.push_screen(HelpScreen())
        await pilot.press("slash", *"first row")
        await pilot.pause()
        assert "Correct first" in words(pilot.app)
        assert "Word diff" not in words(pilot.app)
        await pilot.press(*"xx")
        await pilot.pause()
        assert words(pilot.app) == "No key has these words."
        await pilot.press("escape")
        await pilot.pause()
        assert "Word diff" in words(pilot.app)
        assert isinstance(pilot.app.screen, HelpScreen)
        await pilot.press("escape")
        assert not isinstance(pilot.app.screen, HelpScreen)


class KeyedPane(ComparePane):
    """Has a key whose first name is its own, and one bound to several keys."""

    TITLE = "Keyed"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5,ctrl+r", "again", "Renew", key_display="F-five", tooltip="T")]


async def test_each_key_goes_by_its_own_name_and_the_pane_in_focus_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    class Two(App[None]):
        def compose(self) -> ComposeResult:
            yield ComparePane(RecordingEngine(), workspace=Path("/workspace"), id="compare")
            yield KeyedPane(RecordingEngine(), workspace=Path("/workspace"), id="keyed")

    monkeypatch.setattr(KeyedPane, "__module__", "tui.keyed")
    async with Two().run_test(size=(100, 40)) as pilot:
        pilot.app.query_one(KeyedPane).focus()
        await pilot.pause()
        groups = help_groups(pilot.app)
        assert [group.title for group in groups[:2]] == ["Everywhere", "Keyed"]
        assert [row.keys for row in groups[1].rows if row.what == "Renew"] == ["F-five ^r"]


async def test_panels_that_are_not_there_yet_are_listed(tmp_path: Path) -> None:
    async with staged(chips(tmp_path)) as (stage, _):
        assert not stage.query("ReplacePanel")
        assert hasattr(stage.query_one(ManyRows), "LATER")
        titles = [group.title for group in help_groups(stage)]
        for title in ("Find and replace", "Checks of a dataset", "Answering questions about a file"):
            assert f"Dataset: {title}" in titles
