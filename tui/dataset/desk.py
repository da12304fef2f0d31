"""Rows to look at and to edit: the browser, the row in full or as the model sees it, and the editor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message

from data.errors import BurnishError, InputError
from data.formats.mapping import FieldMapping
from data.formats.mapping_file import load_mapping
from data.rows.row import as_bytes
from data.rows.text import RowError
from data.store import RowStore
from data.wording import counted
from tui.dataset.browser import RowBrowser
from tui.dataset.checkup import Checkup
from tui.dataset.columns import Format, new_fields
from tui.dataset.draft import Draft, Edit
from tui.dataset.editor import RowEditor
from tui.dataset.edits import Edited, RowEdits
from tui.dataset.known import KnownRows
from tui.dataset.model_view import ModelView
from tui.dataset.row_panel import RowPanel
from tui.dataset.survey import Survey
from tui.dataset.table import RowTable
from tui.dataset.tags import Tags
from tui.messages import Flashed

if TYPE_CHECKING:
    from engine.models.tokenizer import Tokenizing

_EDITABLE = 400_000
"""Characters of a row from which laying out its text would take seconds."""
_TALL, _MIDDLE, _TINY = 24, 14, 7
"""Heights from which the row is shown in full, in three lines, in one."""


class RowDesk(Vertical):
    """The rows of one file, and the one place where edits of them are made and shown."""

    BINDING_GROUP_TITLE = "Editing rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e,enter", "edit", "Edit", id="dataset.edit", tooltip="Edit the row at the cursor"),
        Binding("a", "add", "Add", id="dataset.add", tooltip="Write a new row below the cursor"),
        Binding(
            "p",
            "view",
            "Model's view",
            show=False,
            id="dataset.view",
            tooltip="What the model sees of the row: each token, and which carry loss",
        ),
        Binding("tab", "into_view", "Tokens", id="dataset.into-view", tooltip="Scroll what the model sees"),
    ]
    DEFAULT_CSS = """
    RowDesk {
        height: 1fr;
        & > RowPanel { height: 1; }
        & > RowEditor { height: 1fr; }
        &.-middle > RowPanel { height: 3; }
        &.-tall > RowPanel { height: 30%; max-height: 12; }
        &.-tall > RowEditor { height: 50%; }
        &.-tiny > RowPanel { display: none; }
        & > RowPanel.-viewing { display: block; height: 50%; max-height: 100%; }
        &.-zoomed > RowBrowser { display: none; }
        &.-zoomed > RowPanel.-viewing { height: 1fr; }
        &.-editing > RowPanel, &.-editing > RowPanel.-viewing { display: none; }
        &.-editing > RowBrowser { display: none; }
        &.-editing.-tall > RowBrowser { display: block; }
    }
    """

    class RowsEdited(Message):
        """Rows were changed, added or deleted."""

    def __init__(self, workspace: Path) -> None:
        super().__init__()
        self._workspace = workspace
        self.store: RowStore | None = None
        self.browser = RowBrowser()
        self.table = self.browser.table
        self.panel = RowPanel()
        self.tokens = self.panel.tokens
        self.editor = RowEditor(self.tokens)
        self.format: Format | None = None
        self.known = KnownRows()
        self.checkup = Checkup()
        self.tags: Tags | None = None
        self.survey: Survey | None = None
        self._edits: RowEdits | None = None
        self._doubted = ""

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield self.browser
        yield self.panel
        yield self.editor

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show(self, store: RowStore | None) -> None:
        """Show the rows of another file, or of the same file read again."""
        self.store = store
        self.format = self.survey = self._edits = None
        self.checkup.give_up()
        self.known, self.checkup, self.tags = KnownRows(), Checkup(), None
        self._put_editor_away()
        self.editor.forget_places()
        if store is not None:
            self.format = Format(store, self._mapping(store.path))
            self.survey = Survey(self.format)
            self.tags = Tags(self._workspace, store.path)
            self.known = KnownRows(self.format, self.checkup, self.tags)
            self.known.tokens_of = self.tokens
            self.tokens.read_as(self.format.form)
            self._edits = RowEdits(store, self.survey, self.checkup, self.tags)
        self.browser.show(store, self.format, self.known)
        self.read_losses()

    def _mapping(self, path: Path) -> FieldMapping | None:
        """What the workspace remembers of the file's fields."""
        try:
            return load_mapping(self._workspace, path)
        except InputError as error:
            self._flash(error.sentence, "warning")
            return None

    def rows_came(self) -> None:
        """The file is being indexed: there are more rows."""
        self.browser.rows_came()

    def all_rows_came(self) -> None:
        """The file is indexed, or edits of an earlier session were made again: all rows are looked at."""
        self.browser.all_rows_came()
        self._look_at_all()
        self.post_message(self.RowsEdited())

    def rows_saved(self) -> None:
        """No row differs from the file on disk any more."""
        self.table.refresh()
        self._show_row()

    def focus_first(self) -> None:
        """To where a person goes on."""
        if self.editor.draft is not None:
            self.editor.focus_field()
        else:
            self.table.focus()

    def on_resize(self, event: events.Resize) -> None:
        """What is shown follows the room there is."""
        height = event.size.height
        self.set_class(height >= _TALL, "-tall")
        self.set_class(_MIDDLE <= height < _TALL, "-middle")
        self.set_class(height < _TINY, "-tiny")

    @on(RowTable.CursorMoved)
    def _show_row(self) -> None:
        row = self.table.row
        problem = self.format.problem(row) if row is not None and self.format is not None else None
        self.panel.show(row, problem, self.known.losses_words(row) if row is not None else "")

    @work(exclusive=True, group="losses")
    async def read_losses(self) -> None:
        """Show the loss that the newest run measured of each row."""
        if self.store is not None:
            await asyncio.to_thread(self.known.read_losses, self._workspace, self.store.path)
            self.table.refresh()
            self._show_row()

    # -- tokens -------------------------------------------------------------------------------------------------------

    def count_with(self, wanted: Tokenizing | None) -> None:
        """Count tokens with the tokenizer of this model, or of the one that was trained last in the workspace."""
        self.panel.count_with(self._workspace, wanted)

    @on(RowPanel.TokensCounted)
    def _show_tokens(self) -> None:
        self.table.refresh()

    def action_view(self) -> None:
        """Show what the model sees of the row at the cursor, or the row's fields again."""
        self.panel.viewing = not self.panel.viewing
        self.remove_class("-zoomed")
        self.refresh_bindings()

    def action_into_view(self) -> None:
        """Give what the model sees the keyboard."""
        self.panel.view.focus()

    @on(ModelView.Left)
    def _leave_view(self) -> None:
        if not self.has_class("-zoomed"):
            self.panel.viewing = False
        self.remove_class("-zoomed")
        self.table.focus()

    @on(ModelView.ZoomWanted)
    def _zoom_view(self) -> None:
        self.toggle_class("-zoomed")

    @on(ModelView.RowWanted)
    def _view_another_row(self, event: ModelView.RowWanted) -> None:
        self.table.action_move(event.step)

    @work(exclusive=True, group="survey")
    async def _look_at_all(self) -> None:
        if self.store is not None and self.survey is not None:
            try:
                await self.survey.run(self.store, self._tell)
            except BurnishError as error:
                self._flash(error.sentence, "error")

    def _tell(self) -> None:
        self.post_message(self.RowsEdited())

    # -- edits --------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What cannot be done now is not offered."""
        if action == "into_view":
            return self.panel.viewing and self.table.has_focus
        if action not in _VERBS:
            return True
        if self.store is None or not self.table.has_focus:
            return False
        if self.editor.draft is not None:
            return action == "edit"
        return action == "add" or self.table.index is not None

    def do(self, edit: Callable[[RowEdits], Edited | None]) -> bool:
        """Make an edit and show it. An edit that cannot be made is told, and has changed nothing."""
        if self._edits is None:
            return False
        try:
            edited = edit(self._edits)
        except BurnishError as error:
            self._flash(error.sentence, "error")
            return False
        return self._show_edit(edited)

    def append(self, values: Mapping[str, Any]) -> None:
        """Add a row at the end and show it; what is being typed stays open. Raises BurnishError."""
        if self._edits is not None and self.store is not None:
            added = self._edits.insert(len(self.store), values)
            typing = self.editor.draft is not None and self.table.index is not None
            self._show_edit(replace(added, index=self.table.index) if typing else added)

    def _show_edit(self, edited: Edited | None) -> bool:
        if edited is None:
            return False
        self.browser.rows_changed(edited.index, moved=edited.moved)
        if self.survey is not None and not self.survey.complete:
            self._look_at_all()
        self._flash(edited.sentence)
        self._edited()
        return True

    def _edited(self) -> None:
        # A message that is made while a container's handler runs would not bubble beyond that container.
        self.post_message(self.RowsEdited().set_sender(self))

    def _flash(self, text: str, severity: str = "information") -> None:
        self.post_message(Flashed(text, severity=severity).set_sender(self))

    # -- the editor ---------------------------------------------------------------------------------------------------

    @on(RowTable.RowChosen)
    async def action_edit(self) -> None:
        """Edit the row at the cursor, or go on with the one that is open."""
        row, store = self.table.row, self.store
        if self.editor.draft is not None:
            self.editor.focus_field()
            return
        if row is None or store is None:
            return
        if row.shortened or len(row.raw) > _EDITABLE:
            length = counted(_EDITABLE, "character")
            sentence = f"row {row.number} has more than {length}, too many to be edited here"
            self._flash(f"{sentence}; burnish data edit can change it", "warning")
            return
        snapshot = store.snapshot()
        draft = Draft(
            f"edit row {row.number}" + ("" if row.values is not None else " as text"),
            row.values,
            row.index,
            row.raw,
            json=snapshot.json,
            read=lambda text: snapshot.read(as_bytes(text)),
        )
        await self._open(draft)

    async def action_add(self) -> None:
        """Write a new row below the cursor."""
        row = self.table.row
        at = 0 if row is None else row.index + 1
        await self._open(self._new(self._new_fields(), at))

    def _new(self, fields: dict[str, str], at: int) -> Draft:
        json = self.store is not None and self.store.snapshot().json
        return Draft("new row", fields, None, at=at, json=json)

    def _new_fields(self) -> dict[str, str]:
        return new_fields(self._model(), self.store.fields if self.store is not None else None)

    def _model(self) -> dict[str, object] | None:
        """The fields of a row that a new one takes after: the one at the cursor, or the first."""
        store = self.store
        rows = [self.table.row, store.row(0) if store is not None and len(store) else None]
        return next((row.values for row in rows if row is not None and row.values), None)

    def _put_editor_away(self) -> None:
        self.editor.close()
        self.remove_class("-editing")

    async def _open(self, draft: Draft) -> None:
        self._doubted = ""
        self.add_class("-editing")
        await self.editor.open(draft)

    @on(RowEditor.Left)
    def _close(self) -> None:
        self._put_editor_away()
        self.table.focus()

    @on(RowEditor.Kept)
    def _on_kept(self, event: RowEditor.Kept) -> None:
        event.stop()
        self._keep(event.draft, event.edit)

    def keep_open_edit(self) -> bool:
        """Put what is being typed into the store; False where that cannot be done and the editor stays open."""
        if not self.editor.changed:
            return True
        try:
            return self._keep(*self.editor.edit())
        except InputError as error:
            self.editor.warn(error.sentence)
            return False

    def _keep(self, draft: Draft, edit: Edit) -> bool:
        """Put an edit into the store and close the editor; False where it stays open because that cannot be done."""
        index, text = draft.index, edit.text
        if index is None:
            if not any(value.strip() if isinstance(value, str) else value for value in edit.fields.values()):
                self.editor.warn("nothing typed yet; esc leaves")
                return False
            self.browser.show_all(self.table.index)
            done = self.do(lambda edits: edits.insert(draft.at, edit.fields))
        elif text is not None:
            if self._doubtful(draft, text):
                return False
            done = self.do(lambda edits: edits.set_raw(index, text))
        else:
            done = self.do(lambda edits: edits.set_fields(index, edit.fields))
        if done:
            self._close()
        return done

    def _doubtful(self, draft: Draft, text: str) -> bool:
        """Whether a row's text is no usable row and this was not said yet; kept a second time, it is meant."""
        try:
            draft.read(text)
        except RowError as problem:
            if self._doubted != text:
                self._doubted = text
                self.editor.warn("not a usable row; ^s again keeps it so")
                self._flash(f"the row {problem}", "warning")
                return True
        return False


_VERBS = {"edit", "add", "view"}
