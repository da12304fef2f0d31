"""The command palette: every action by its words, with its pane before it."""

from __future__ import annotations

from pathlib import Path

from textual.command import CommandPalette

from engine.demo.files import copy_demo
from tests.tui.test_app import opened, screen_text, shown, until
from tui.app import BurnishApp
from tui.dataset.pane import DatasetPane
from tui.keymap import own_bindings
from tui.training.form import RunForm


def titles(app: BurnishApp) -> list[str]:
    return [command.title for command in app.get_system_commands(app.screen)]


async def test_every_action_of_the_panes_is_there_once_with_its_pane(tmp_path: Path) -> None:
    copy_demo(tmp_path)
    app = BurnishApp(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        found = titles(app)
        assert {"Dataset: Filter", "Train: New run", "Compare: Ask", "burnish: Help", "burnish: Theme"} <= set(found)
        assert {each.split(": ")[0] for each in found} == {"Dataset", "Train", "Compare", "burnish"}
        assert "Train: Stop" not in found, "no run is there to be stopped"
        pane = app.query_one(DatasetPane)
        possible = {
            binding.description
            for binding in own_bindings(type(pane))
            if binding.description and "(" not in binding.action and pane.check_action(binding.action, ())
        }
        assert {f"Dataset: {each}" for each in possible} <= set(found)


async def test_a_command_goes_to_its_pane_and_does_what_its_key_does(tmp_path: Path) -> None:
    copy_demo(tmp_path)
    app = BurnishApp(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette), "the palette")
        await pilot.press(*"train new run")
        await until(pilot, lambda: "Train: New run" in screen_text(app), "the command")
        await pilot.press("enter")
        await until(pilot, lambda: bool(app.query(RunForm)), "the form")
        assert shown(app) == {"training"}
