"""The keys at the foot of the screen: the same ones stay, and those of before go."""

from __future__ import annotations

import gc
from weakref import WeakSet

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.widgets import Input
from textual.widgets._footer import FooterKey

from tui.widgets.footer import FooterLine


class Stage(App[None]):
    BINDINGS = [  # noqa: RUF012 - Textual's way
        Binding("f5", "open", "Open"),
        Binding("f6", "close", "Close"),
    ]
    opened = False

    def compose(self) -> ComposeResult:
        yield Input()
        yield FooterLine()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.opened if action == "close" else super().check_action(action, parameters)

    def action_open(self) -> None:
        self.opened = not self.opened
        self.refresh_bindings()


def keys(app: Stage) -> list[FooterKey]:
    return list(app.query(FooterKey))


def words(app: Stage) -> list[str]:
    return [key.description for key in keys(app)]


async def test_other_keys_are_shown_and_the_same_ones_stay() -> None:
    app = Stage()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert words(app) == ["Open"]
        before = keys(app)
        app.refresh_bindings()
        await pilot.pause()
        await pilot.pause()
        assert keys(app) == before
        await pilot.press("f5")
        await pilot.pause()
        assert words(app) == ["Open", "Close"]


async def test_the_keys_of_before_are_let_go() -> None:
    app = Stage()
    async with app.run_test() as pilot:
        await pilot.pause()
        seen: WeakSet[FooterKey] = WeakSet()
        for _ in range(12):
            seen.update(keys(app))
            await pilot.press("f5")
            await pilot.pause()
        del pilot
        gc.collect()
        assert len(seen) <= 6, "keys of earlier compositions are still held"
