"""Keys that arrive in one packet: each does what it would have done alone."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.widgets import Input, Static

from engine.demo.files import copy_demo
from tests.terminal import Terminal
from tui.display import keys_in_order
from tui.display.keys_in_order import KeysInOrder


class Pane(Container, can_focus=True):
    """Has keys of its own, one of which opens the line."""

    BINDINGS = [  # noqa: RUF012 - Textual's way
        Binding("i", "type", "Type"),
        Binding("h", "count", "Count"),
        Binding("x", "vanish", "Vanish"),
    ]

    def action_type(self) -> None:
        self.app.query_one(Input).focus()

    def action_count(self) -> None:
        assert isinstance(self.app, Stage)
        self.app.counted += 1

    async def action_vanish(self) -> None:
        await self.remove()


class Stage(KeysInOrder[None]):
    counted = 0

    def compose(self) -> ComposeResult:
        with Pane(id="pane"):
            yield Static("here")
        yield Input()

    def on_mount(self) -> None:
        self.query_one("#pane").focus()


def type_at_once(stage: Stage, keys: str) -> None:
    """All keys are in the app's queue before it looks at the first."""
    for key in keys:
        stage.simulate_key(key)


@pytest.mark.parametrize(
    ("keys", "value", "counted"), [("hih", "h", 1), ("ihxih", "hxih", 0), ("hhh", "", 3), ("hxhih", "hih", 1)]
)
async def test_a_key_goes_where_the_one_before_it_led(
    keys: str, value: str, counted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A busy machine may stop for longer than a key is waited for.
    monkeypatch.setattr(keys_in_order, "LATEST", 5.0)
    stage = Stage()
    async with stage.run_test() as pilot:
        await pilot.pause()
        type_at_once(stage, keys)
        await pilot.pause()
        async with asyncio.timeout(60):
            while len(stage.query_one(Input).value) < len(value) or stage.counted < counted:
                await pilot.pause()
        assert (stage.query_one(Input).value, stage.counted) == (value, counted)


def test_a_question_typed_in_one_packet_is_typed_whole(tmp_path: Path) -> None:
    copy_demo(tmp_path)
    command = [sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())", str(tmp_path)]
    with Terminal(command) as terminal:
        terminal.wait_for("RP2350")
        terminal.send("3")
        terminal.wait_for("i Ask")
        terminal.send("inext question of the bench")
        terminal.wait_for("> next question of the bench")
