"""The list of messages, opened over the workbench."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.demo.files import copy_demo
from engine.reports import Failed
from tests.tui.test_app import opened, screen_text, until
from tui.app import BurnishApp
from tui.jump import JumpScreen
from tui.messages import EngineWoke, Flashed
from tui.told.screen import ToldScreen
from tui.widgets.text_box import TextBox

LONG = "The run lora-7 ran out of memory at step 12, which is why it ended " + "and so on " * 18 + "until the end."


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_was_flashed_is_read_again_in_full_with_its_log(tmp_path: Path, size: tuple[int, int]) -> None:
    copy_demo(tmp_path)
    log = tmp_path / "runs" / "lora-7" / "log.txt"
    log.parent.mkdir(parents=True)
    log.write_text("".join(f"step {step}\n" for step in range(500)) + "\x1b[31m[bold]out of memory[/]\x1b[0m\n")
    app = BurnishApp(tmp_path)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        app.engine._mailbox.put(Failed("No", LONG))
        app.post_message(EngineWoke())
        await until(pilot, lambda: "f7\N{NO-BREAK SPACE}details" in screen_text(app), "where its details are")
        # The next one takes its place on the line, and nothing is lost.
        app.post_message(Flashed("no row has this flag", severity="warning"))
        app.post_message(Flashed("saved"))
        await until(pilot, lambda: "· saved" in screen_text(app), "the newest flash")
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(app.screen, ToldScreen), "the messages")
        await until(pilot, lambda: "No log says more about it." in screen_text(app), "the newest one")
        assert "saved" not in screen_text(app)
        await pilot.press("j")
        await until(pilot, lambda: "until the end." in " ".join(screen_text(app).split()), "the whole sentence")
        text = screen_text(app)
        assert "runs/lora-7/log.txt" in text
        assert "[bold]out of memory[/]" in text
        assert "step 499" in text
        assert "step 470" not in text
        for _ in range(8):
            if "step 470" not in screen_text(app):
                await pilot.press("ctrl+d")
                await pilot.pause()
        assert "step 470" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, ToldScreen), "the workbench")


async def test_messages_and_jump_are_a_key_away_while_typing(tmp_path: Path) -> None:
    """A text area of Textual's own selects with these keys."""
    copy_demo(tmp_path)
    app = BurnishApp(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("e", "x")
        await until(pilot, lambda: isinstance(app.focused, TextBox), "the editor")
        for key, screen in (("f7", ToldScreen), ("f6", JumpScreen)):
            await pilot.press(key)
            await until(pilot, lambda screen=screen: isinstance(app.screen, screen), screen.__name__)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.focused, TextBox), "the editor again")
        assert isinstance(app.focused, TextBox)
        assert not app.focused.selected_text


async def test_without_a_message_it_says_so(tmp_path: Path) -> None:
    copy_demo(tmp_path)
    app = BurnishApp(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("exclamation_mark")
        await until(pilot, lambda: "no warning and no error so far" in screen_text(app), "that all is well")
