"""What was told, to be read again: each message in full, and what the log says about it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Static

from engine.jobs.log_tail import tail
from tui.literal import literal
from tui.told.list import ToldList
from tui.told.record import Told, ToldRecord, log_about
from tui.widgets.flash import LOOKS
from tui.widgets.footer import FooterLine
from tui.widgets.scroll import Scroll

_LINES = 200
"""Lines of a log that are shown."""


class ToldScreen(ModalScreen[None]):
    """A list above, the chosen message with its details below."""

    BINDING_GROUP_TITLE = "Messages"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "scroll(1)", "Details down", id="told.down", tooltip="Scroll the details down"),
        Binding("ctrl+u", "scroll(-1)", "Details up", id="told.up", tooltip="Scroll the details up"),
        Binding(
            "escape,q,f7", "leave", "Back", key_display="esc", id="told.leave", tooltip="Back to where the work is"
        ),
    ]
    DEFAULT_CSS = """
    ToldScreen { background: $background; }
    ToldScreen #told-title { height: 3; padding: 1 2; }
    ToldScreen ToldList { padding: 0 1; }
    ToldScreen #told-details { height: 1fr; padding: 1 2 0 2; scrollbar-size-vertical: 1; }
    ToldScreen #told-text { width: 1fr; height: auto; }
    """

    messages = query_one(ToldList)
    details = query_one("#told-details", Scroll)

    def __init__(self, record: ToldRecord, workspace: Path) -> None:
        super().__init__()
        self._record = record
        self._workspace = workspace

    def compose(self) -> ComposeResult:
        """A title, the list, the details, the keys."""
        told = self._record.newest_first
        count = f"   {len(told)}, the newest on top" if len(told) > 1 else ""
        yield Static(Content.assemble(("Messages", "bold $accent"), (count, "$text-muted")), id="told-title")
        yield ToldList(told)
        with Scroll(id="told-details", can_focus=False):
            yield Static(id="told-text")
        yield FooterLine()

    def on_mount(self) -> None:
        """Show the newest one."""
        self.messages.focus()
        self._show()

    @on(ToldList.Chosen)
    @work(exclusive=True, group="details", description="read what a log says about a message")
    async def _show(self) -> None:
        told = self.messages.told
        text = self.query_one("#told-text", Static)
        if told is None:
            text.update("")
            return
        log = await asyncio.to_thread(log_about, told, self._workspace)
        lines = () if log is None else await asyncio.to_thread(_read, log)
        text.update(_in_full(told, log, lines, self._workspace))
        self.details.scroll_home(animate=False)

    def action_scroll(self, direction: int) -> None:
        """Half of what is in sight up or down."""
        self.details.scroll_relative(y=direction * max(self.details.size.height // 2, 1), animate=False)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)


def _read(log: Path) -> tuple[str, ...]:
    try:
        return tail(log, _LINES)
    except OSError as error:
        return (f"The log cannot be read: {error.strerror}.",)


def _in_full(told: Told, log: Path | None, lines: tuple[str, ...], workspace: Path) -> Content:
    """The whole sentence; then the log's path and its last lines, the newest first in sight."""
    sign, style = LOOKS[told.severity]
    parts: list[str | tuple[str, str]] = [(f"{sign} ", style), literal(told.text), "\n\n"]
    if log is None:
        parts.append(("No log says more about it.", "$text-muted"))
        return Content.assemble(*parts)
    name = log.relative_to(workspace) if log.is_relative_to(workspace) else log
    parts += [(f"{literal(str(name), one_line=True)}, the newest lines on top", "$accent"), "\n"]
    parts.append(("\n".join(literal(line, one_line=True) for line in reversed(lines)) or "It is empty.", "$dim"))
    return Content.assemble(*parts)
