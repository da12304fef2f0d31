"""The flash line."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult

from tui.widgets import flash
from tui.widgets.flash import Flash


class Stage(App[None]):
    """A flash line, told of every key as the app does it."""

    def compose(self) -> ComposeResult:
        """The line alone."""
        yield Flash()

    @property
    def flash(self) -> Flash:
        """The line."""
        return self.query_one(Flash)

    async def on_event(self, event: events.Event) -> None:
        """Tell the line of keys before they do anything."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self.flash.key_pressed()
        await super().on_event(event)


@pytest.mark.parametrize(("severity", "sign"), [("information", "·"), ("warning", "!"), ("error", "✗")])
async def test_each_severity_has_its_sign_and_the_text_is_shown_as_it_stands(severity: str, sign: str) -> None:
    async with Stage().run_test(size=(60, 10)) as pilot:
        line = pilot.app.query_one(Flash)
        assert line.size.height == 0
        line.show("a [bold]file[/] \x1b[2J\nand more", severity)
        await pilot.pause()
        assert line.render_line(0).text.rstrip() == f"{sign} a [bold]file[/] ␛[2J⏎and more"


async def test_the_next_key_clears_it_and_another_message_replaces_it() -> None:
    async with Stage().run_test(size=(60, 10)) as pilot:
        line = pilot.app.query_one(Flash)
        line.show("first")
        line.show("second", "warning")
        await pilot.pause()
        assert "second" in line.render_line(0).text
        await pilot.press("a")
        assert not line.display
        assert line.size.height == 0


async def test_an_error_outlasts_the_keys_that_were_already_on_their_way(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(flash, "monotonic", lambda: now)
    async with Stage().run_test(size=(60, 10)) as pilot:
        line = pilot.app.query_one(Flash)
        line.show("It broke.", "error")
        await pilot.press("a")
        assert line.display
        now += flash.SEEN_AFTER
        await pilot.press("a")
        assert not line.display


async def test_what_is_no_error_goes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flash, "SECONDS", 0.01)
    async with Stage().run_test(size=(60, 10)) as pilot:
        line = pilot.app.query_one(Flash)
        line.show("Saved.")
        while line.display:
            await pilot.pause()


async def test_a_long_sentence_is_shown_whole_on_a_narrow_screen() -> None:
    async with Stage().run_test(size=(40, 10)) as pilot:
        line = pilot.app.query_one(Flash)
        sentence = "The dataset was not saved: no space is left on the device. Free some and press w again."
        line.show(sentence, "error")
        await pilot.pause()
        drawn = " ".join(line.render_line(y).text.strip() for y in range(line.size.height))
        assert sentence in drawn


@pytest.mark.parametrize("size", [(1, 1), (3, 3), (12, 5), (40, 10)])
async def test_an_error_with_details_elsewhere_is_shown_on_any_terminal(size: tuple[int, int]) -> None:
    async with Stage().run_test(size=size) as pilot:
        line = pilot.app.query_one(Flash)
        line.show("The run tiny-001 cannot be resumed: it has no checkpoint that is whole.", "error", "f7\xa0details")
        await pilot.pause()
        assert line.display
