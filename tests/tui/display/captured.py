"""A terminal inside the test: a driver that gives what the app writes to an emulator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Resize
from textual.geometry import Size
from textual.pilot import Pilot

from tests.tui.display.emulator import Emulator


class CapturingDriver(HeadlessDriver):
    """Textual takes it for a terminal."""

    def __init__(self, app: App[Any], **settings: Any) -> None:
        super().__init__(app, **settings)
        self.written: list[str] = []
        self.terminal = Emulator(*self._get_terminal_size())

    @property
    def is_headless(self) -> bool:
        """No: what is written is shown."""
        return False

    def write(self, data: str) -> None:
        """Show it."""
        self.written.append(data)
        self.terminal.feed(data)


def driver_of(app: App[Any]) -> CapturingDriver:
    """The driver of a running app."""
    assert isinstance(app._driver, CapturingDriver)
    return app._driver


@asynccontextmanager
async def on_terminal(app: App[Any], columns: int = 60, lines: int = 14) -> AsyncIterator[Pilot[Any]]:
    """Run an app on a terminal of that size."""
    app.driver_class = CapturingDriver
    async with app.run_test(headless=False, size=(columns, lines)) as pilot:
        await pilot.pause()
        yield pilot


async def resize(pilot: Pilot[Any], columns: int, lines: int) -> None:
    """The terminal gets a size, and what it shows is no longer known."""
    driver = driver_of(pilot.app)
    driver.terminal.screen.resize(lines, columns)
    driver.terminal.feed("\x1b[1;1Hgarbage of another size")
    driver.send_message(Resize(Size(columns, lines), Size(columns, lines)))
    await pilot.pause()
    await pilot.pause()


def repainted(app: App[Any]) -> Emulator:
    """A terminal that shows what Textual itself paints now."""
    update = app.screen._compositor.render_full_update()
    terminal = Emulator(app.size.width, app.size.height)
    terminal.feed(update.render_segments(app.console))
    return terminal
