"""What is done with many rows at once: tag them, copy them to another file, replace words in them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from data.errors import BurnishError
from data.rows.row import as_bytes
from data.wording import counted
from tui.dataset.checking import CheckDesk
from tui.dataset.desk import RowDesk
from tui.dataset.prompt_line import PromptLine
from tui.messages import Flashed

if TYPE_CHECKING:
    from tui.dataset.replace_panel import ReplacePanel

_VERBS = ("tag", "copy_to", "replace")
_TAG, _FILE = "#", "→"


class ManyRows(Vertical):
    """The rows with their checks, and verbs for the marked rows or the one at the cursor."""

    BINDING_GROUP_TITLE = "Many rows at once"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "T", "tag", "Tag", show=False, id="dataset.tag", tooltip="Put a tag on the marked rows, or take it off"
        ),
        Binding(
            "Y", "copy_to", "Copy to", show=False, id="dataset.copy-to", tooltip="Add the marked rows to another file"
        ),
        Binding(
            "R", "replace", "Replace", show=False, id="dataset.replace", tooltip="Find and replace in the rows shown"
        ),
    ]
    LATER = (("tui.dataset.replace_panel", "ReplacePanel"),)
    DEFAULT_CSS = """
    ManyRows {
        height: 1fr;
        &.-replacing > CheckDesk { display: none; }
    }
    """

    def __init__(self, checks: CheckDesk, workspace: Path) -> None:
        super().__init__()
        self.checks = checks
        self.desk: RowDesk = checks.desk
        self._workspace = workspace
        self._prompt = PromptLine()
        self._panel: ReplacePanel | None = None

    def compose(self) -> ComposeResult:
        """The rows and a line to type in; find and replace comes when it is needed."""
        yield self.checks
        yield self._prompt

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What cannot be done now is not offered."""
        if action not in _VERBS:
            return True
        return self.desk.store is not None and self.desk.table.has_focus and self.desk.table.index is not None

    def focus_first(self) -> None:
        """To where a person goes on."""
        if self._panel is not None and self.has_class("-replacing"):
            self._panel.focus_input()
        elif self._prompt.asking:
            self._prompt.focus_input()
        elif self.checks.checks is not None and self.checks.listing:
            self.checks.checks.focus_list()
        else:
            self.desk.focus_first()

    def leave_all(self) -> None:
        """Show the rows, whatever took their place."""
        self._leave_panel()
        self.checks.leave_list()
        self._prompt.close()

    def _chosen(self) -> list[int]:
        """The marked rows, or the one at the cursor."""
        table = self.desk.table
        return sorted(table.marked) or [index for index in [table.index] if index is not None]

    # -- tags and copies ----------------------------------------------------------------------------------------------

    def action_tag(self) -> None:
        """Type a tag."""
        tags = self.desk.tags
        self._prompt.ask(_TAG)
        if tags is not None and tags.names:
            self._prompt.say(f"in use: {', '.join(tags.names)}")

    def action_copy_to(self) -> None:
        """Type the name of a file."""
        store = self.desk.store
        if store is not None:
            self._prompt.ask(_FILE, f"{store.path.stem}-picked.jsonl")
            self._prompt.say("added at its end")

    @on(PromptLine.Left)
    def _leave_prompt(self, event: PromptLine.Left) -> None:
        event.stop()
        self._prompt.close()
        self.desk.table.focus()

    @on(PromptLine.Typed)
    def _typed(self, event: PromptLine.Typed) -> None:
        event.stop()
        if isinstance(event, PromptLine.Accepted):
            return

    @on(PromptLine.Accepted)
    def _accepted(self, event: PromptLine.Accepted) -> None:
        event.stop()
        self._prompt.close()
        self.desk.table.focus()
        typed = event.text.strip()
        if not typed:
            return
        if event.sign == _TAG:
            self._tag(typed.removeprefix("#"))
        else:
            self._copy(Path(typed).expanduser())

    def _tag(self, tag: str) -> None:
        store, tags, rows = self.desk.store, self.desk.tags, self._chosen()
        if store is None or tags is None:
            return
        try:
            on = tags.turn([as_bytes(store.text(index)) for index in rows], tag)
        except BurnishError as error:
            self._flash(error.sentence, "error")
            return
        self.desk.table.refresh()
        self.checks.show_flags()
        self._flash(f"{tag} {'put on' if on else 'taken off'} {counted(len(rows))} · /tag:{tag} shows them")

    @work(exclusive=True, group="copy")
    async def _copy(self, typed: Path) -> None:
        store, rows = self.desk.store, self._chosen()
        if store is None:
            return
        from data.row_copy import copy_rows

        target = typed if typed.is_absolute() else self._workspace / typed
        try:
            copied = await asyncio.to_thread(copy_rows, store, rows, target, self._workspace / ".burnish" / "journals")
        except BurnishError as error:
            self._flash(error.sentence, "error")
            return
        except OSError as error:
            self._flash(f"{target} cannot be written: {error.strerror or error}.", "error")
            return
        left = f"; {counted(copied.left_out)} cannot be read and stayed behind" if copied.left_out else ""
        self._flash(f"{counted(copied.rows)} added to {target.name}{left}")

    # -- find and replace ---------------------------------------------------------------------------------------------

    async def action_replace(self) -> None:
        """Open find and replace, in the marked rows, else in those shown."""
        from tui.dataset.replace_panel import ReplacePanel

        desk = self.desk
        if desk.store is None or desk.format is None:
            return
        table = desk.table
        rows: list[int] | None = None
        scope = counted(len(desk.store))
        if table.marked:
            rows, scope = sorted(table.marked), counted(len(table.marked), "marked row")
        elif desk.browser.filtered:
            rows = [index for place in range(len(table)) if (index := table.index_at(place)) is not None]
            scope = f"{counted(len(rows))} shown"
        if self._panel is None:
            self._panel = ReplacePanel()
            await self.mount(self._panel)
        self.add_class("-replacing")
        self._panel.open(desk.store, desk.format.fields, rows, scope)

    def on_replace_panel_accepted(self, event: ReplacePanel.Accepted) -> None:
        """Replace."""
        event.stop()
        self._leave_panel()
        self.desk.do(lambda edits: edits.set_many(event.changes, f"replaced {counted(event.places, 'place')}"))

    def on_replace_panel_left(self, event: ReplacePanel.Left) -> None:
        """Back to the rows."""
        event.stop()
        self._leave_panel()

    def _leave_panel(self) -> None:
        if self._panel is not None and self.has_class("-replacing"):
            self._panel.close()
            self.remove_class("-replacing")
            self.desk.focus_first()

    def _flash(self, text: str, severity: str = "information") -> None:
        self.post_message(Flashed(text, severity=severity))
