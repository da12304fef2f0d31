"""The dataset pane alone on a screen, with a real engine that is never started."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from textual.app import ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Footer

from engine.engine import Engine
from tests.tui.host import Host
from tests.waiting import workers_end
from tui.dataset.pane import DatasetPane
from tui.messages import Flashed

Kind = TypeVar("Kind", bound=Message)


class Stage(Host):
    """One dataset pane above a footer; everything posted is kept."""

    def __init__(self, workspace: Path) -> None:
        self.pane = DatasetPane(Engine(workspace), workspace=workspace, id="dataset")
        super().__init__(self.pane)
        self.messages: list[Message] = []

    def compose(self) -> ComposeResult:
        """The pane and its keys."""
        yield from super().compose()
        yield Footer(show_command_palette=False, compact=True)

    def posted(self, kind: type[Kind]) -> list[Kind]:
        """The messages of one kind, each once although it bubbled."""
        return list({id(each): each for each in self.messages if isinstance(each, kind)}.values())

    @property
    def said(self) -> list[str]:
        """What was flashed."""
        return [each.text for each in self.posted(Flashed)]

    @property
    def lines(self) -> list[str]:
        """The screen as text."""
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips(self.size)]

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self.lines)

    @property
    def footer(self) -> str:
        """The keys that are offered."""
        return self.lines[-1]


@asynccontextmanager
async def staged(
    path: Path | None, *, size: tuple[int, int] = (120, 40), workspace: Path | None = None
) -> AsyncIterator[tuple[Stage, Pilot[None]]]:
    """The pane with a file open and all its rows known."""
    folder = workspace or (path.parent if path is not None else None)
    assert folder is not None
    stage = Stage(folder)
    async with stage.run_test(size=size, message_hook=stage.messages.append) as pilot:
        if path is not None:
            stage.pane.open_file(path)
        stage.pane.focus_first()
        await settle(pilot)
        yield stage, pilot


async def settle(pilot: Pilot[None]) -> None:
    """Wait until nothing is being worked on and everything is drawn."""
    await workers_end(pilot)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, each after the one before has had its effect."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Type a text."""
    await pilot.press(*text)
    await settle(pilot)


def write_rows(path: Path, *rows: object, raw: tuple[str, ...] = ()) -> Path:
    """A JSONL file of these rows, then these lines as they stand."""
    lines = [json.dumps(row, ensure_ascii=False) for row in rows] + list(raw)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def pair(question: str, answer: str, **more: object) -> dict[str, object]:
    """An Alpaca row."""
    return {"instruction": question, "input": "", "output": answer, **more}


def chips(folder: Path, count: int = 30) -> Path:
    """A dataset of some rows, numbered so that each can be told."""
    return write_rows(folder / "chips.jsonl", *(pair(f"Question {n}?", f"Answer {n}.") for n in range(1, count + 1)))
