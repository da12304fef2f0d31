"""What the pilot of every test waits for after keys and in its pauses."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import textual.app
import textual.pilot
from textual._wait import SLEEP_GRANULARITY, wait_for_idle
from textual.pilot import Pilot

_NOT_OURS = ("NO_COLOR", "LC_ALL", "LC_CTYPE", "SSH_CONNECTION", "SSH_TTY", "TMUX", "STY", "BURNISH_PLAIN_DISPLAY")
"""What the terminal around the tests may have set, and what would change a screen inside them."""
_TURNS = 5
"""Turns of the loop in a row in which nothing waits to be done."""
_LIMIT = 30.0
"""Seconds after which something must be going on for ever."""


@pytest.fixture(autouse=True)
def _no_terminal_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw as on a terminal of this machine that knows all characters and colours."""
    for name in _NOT_OURS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes by itself, or is asked for twice, within some seconds has more of them than a slow machine takes."""
    for name in ("widgets.flash.SECONDS", "quitting.HESITATION", "compare.pane.SURE_SECONDS"):
        monkeypatch.setattr(f"tui.{name}", 600.0)


async def _nothing_ready() -> None:
    """Let the loop go on until no message, callback or task waits for its turn."""
    loop: Any = asyncio.get_running_loop()
    deadline, quiet = loop.time() + _LIMIT, 0
    while quiet < _TURNS and loop.time() < deadline:
        await asyncio.sleep(0)
        quiet = 0 if loop._ready else quiet + 1


async def _idle(min_sleep: float = SLEEP_GRANULARITY, max_sleep: float = 1) -> None:
    """Wait as Textual does, and for what waits in the loop.

    Textual takes a process for idle that used no processor for 20 ms, and so does one that a busy machine gave none.
    """
    await wait_for_idle(min_sleep, max_sleep)
    await _nothing_ready()


textual.app.wait_for_idle = textual.pilot.wait_for_idle = _idle  # type: ignore[attr-defined]
_pause, _press = Pilot.pause, Pilot.press


async def _pause_whole(self: Pilot[Any], delay: float | None = None) -> None:
    """Pause; what the last frame called is done, too."""
    await _pause(self, delay)
    await _nothing_ready()


async def _press_whole(self: Pilot[Any], *keys: str) -> None:
    """Press keys; what they did is done and drawn, too."""
    await _press(self, *keys)
    await _nothing_ready()
    if self.app.is_running and self.app.screen_stack:
        self.app.screen._on_timer_update()
        await _nothing_ready()


Pilot.pause, Pilot.press = _pause_whole, _press_whole
