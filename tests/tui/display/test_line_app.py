"""A real app on an emulated terminal: whatever happens to its widgets, the terminal shows what Textual would paint."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static, TextArea

from tests.tui.display.captured import driver_of, on_terminal, repainted, resize
from tests.tui.display.storm import SETTLED, UNSETTLED, Workplace, rage
from tui.display import line_app
from tui.display.line_app import OFF_SWITCH
from tui.display.picture import Picture


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv(OFF_SWITCH, raising=False)
    return tmp_path


@pytest.mark.parametrize("term", ["xterm-256color", "screen-256color"])
@pytest.mark.parametrize("words", [SETTLED, UNSETTLED], ids=["settled", "unsettled"])
async def test_the_terminal_shows_what_it_should_after_each_random_step(
    words: list[str], term: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`make bench-line` does 10,000 of these."""
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.setenv("TERM", term)
    assert await rage(len(words) + len(term), 60, words) == 0


async def test_a_key_in_an_editor_costs_little() -> None:
    app = Workplace()
    async with on_terminal(app, 120, 40) as pilot:
        app.query_one(TextArea).focus()
        await pilot.press("x")
        driver = driver_of(app)
        driver.written.clear()
        await pilot.press("y")
        await pilot.pause()
        assert 0 < len("".join(driver.written)) < 500


async def test_resend_repairs_what_something_else_wrote() -> None:
    app = Workplace()
    async with on_terminal(app):
        driver_of(app).terminal.feed("\x1b[3;3Hnoise from another program")
        app.resend()
        driver_of(app).terminal.assert_same(repainted(app))


async def test_a_terminal_that_is_given_back_gets_everything_again() -> None:
    """As after ctrl+z and fg: Textual tells of the same size once more."""
    app = Workplace()
    async with on_terminal(app, 60, 14) as pilot:
        driver_of(app).terminal.feed("\x1b[2J")
        await resize(pilot, 60, 14)
        driver_of(app).terminal.assert_same(repainted(app))


async def test_a_frame_is_one_synchronized_update() -> None:
    app = Workplace()
    async with on_terminal(app) as pilot:
        app._sync_available = True
        driver_of(app).written.clear()
        app.query_one("#line", Static).update("changed")
        await pilot.pause()
        frame = "".join(driver_of(app).written)
        assert frame.startswith("\x1b[?2026h")
        assert frame.endswith("\x1b[?2026l")
        assert frame.count("\x1b[?2026h") == 1


async def test_the_switch_turns_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OFF_SWITCH, "1")
    app = Workplace()
    async with on_terminal(app) as pilot:
        assert app._picture is None
        app.query_one("#line", Static).update("changed")
        await pilot.pause()
        driver_of(app).terminal.assert_same(repainted(app))


async def test_another_textual_displays_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_app, "KNOWN_TEXTUAL", "9.0.0")
    app = Workplace()
    async with on_terminal(app):
        assert app._picture is None
        driver_of(app).terminal.assert_same(repainted(app))


@pytest.mark.parametrize("method", ["put", "frame"])
async def test_a_fault_leaves_the_display_to_textual(
    method: str, monkeypatch: pytest.MonkeyPatch, own_state: Path
) -> None:
    def fail(*arguments: object) -> str:
        raise ZeroDivisionError("a fault of ours")

    app = Workplace()
    async with on_terminal(app) as pilot:
        monkeypatch.setattr(Picture, method, fail)
        app.query_one("#line", Static).update("changed")
        await pilot.pause()
        await pilot.pause()
        driver_of(app).terminal.assert_same(repainted(app))
        assert "changed" in "".join(cell.data for row in driver_of(app).terminal.cells for cell in row)
    assert "a fault of ours" in (own_state / "burnish" / "crash.log").read_text()
