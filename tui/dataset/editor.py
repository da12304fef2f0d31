"""The editor of one row: its fields and turns under each other, or its whole text."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message

from data.errors import InputError
from data.rows.text import RowError, change
from data.wording import counted
from tui.dataset.draft import Draft, Edit, edit_of, readable, same
from tui.dataset.editor_title import EditorTitle
from tui.dataset.places import Path, place_in_text, place_in_values
from tui.dataset.raw_editor import Fault, RawArea, find_fault
from tui.dataset.row_fields import RowFields
from tui.dataset.token_count import TokenCounter

_IDLE = 0.15
"""Seconds without a key after which tokens are counted and the text is checked."""
_LONG = 8000
"""Characters from which that is done in a thread."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the cursor was in a row that was open before."""

    as_text: bool
    path: Path
    offset: int


class RowEditor(Vertical):
    """Nothing reaches the store before it is kept."""

    BINDING_GROUP_TITLE = "Editing a row"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+s,ctrl+j,ctrl+enter",
            "keep",
            "Keep",
            key_display="^s",
            id="dataset.keep",
            tooltip="Put the edit into the dataset and go back to the table",
        ),
        Binding("escape", "leave", "Leave", id="dataset.leave", tooltip="Back to the table without the edit"),
        Binding(
            "ctrl+t,f4",
            "text",
            "Text",
            key_display="^t",
            id="dataset.row-text",
            tooltip="The row's whole text, checked as you type, or its fields again",
        ),
        Binding("ctrl+g", "fault", "To the fault", key_display="^g", id="dataset.fault", tooltip="To what is no JSON"),
    ]
    DEFAULT_CSS = """
    RowEditor {
        display: none;
        background: $background;
        &.-open { display: block; }
    }
    """

    class Kept(Message):
        """The edit is to go into the dataset."""

        def __init__(self, draft: Draft, edit: Edit) -> None:
            super().__init__()
            self.draft = draft
            self.edit = edit

    class Left(Message):
        """Nothing is to change."""

    def __init__(self, tokens: TokenCounter) -> None:
        super().__init__()
        self.draft: Draft | None = None
        self._tokens = tokens
        self._title = EditorTitle()
        self._fields = RowFields()
        self._asked = False
        """Whether it was said that leaving loses what was typed."""
        self._values: Mapping[str, Any] = {}
        """What the fields were made from: those of the row, or of its edited text."""
        self._mended = ""
        """The text of a row that could not be read, when its fields are shown after all."""
        self._fault: Fault | None = None
        self._places: dict[int, _Place] = {}

    def compose(self) -> ComposeResult:
        """A title and the fields."""
        yield self._title
        yield self._fields

    # -- opening and closing ------------------------------------------------------------------------------------------

    async def open(self, draft: Draft) -> None:
        """Edit this; the keyboard where it was in this row, or at the end of the first field."""
        self.draft = draft
        self._asked, self._fault = False, None
        self._values, self._mended = draft.values or {}, draft.text
        place = self._places.get(draft.index) if draft.index is not None else None
        self.add_class("-open")
        if draft.values is None:
            await self._fields.show_text(draft.text, draft.read)
        elif place is not None and place.as_text:
            await self._show_text(draft, draft.values)
        else:
            await self._show_fields(draft, draft.values)
        self._title.open(draft.title)
        self._show_state()
        if place is not None:
            self._fields.go_to(place.path, place.offset)
        else:
            self._fields.focus_field()
        self._look()

    def close(self) -> None:
        """Forget the draft and hide; whoever called gives the focus to something else."""
        fields, draft = self._fields, self.draft
        if draft is not None and draft.index is not None and (area := fields.last) is not None:
            self._places[draft.index] = _Place(fields.raw is not None, fields.path_of(area), area.cursor_offset)
        self.draft = None
        self.remove_class("-open")
        fields.clear()

    def forget_places(self) -> None:
        """Another file is shown: its rows were never open."""
        self._places.clear()

    # -- for the desk -------------------------------------------------------------------------------------------------

    @property
    def changed(self) -> bool:
        """Whether something would be lost by leaving."""
        return self.draft is not None and (self._fields.changed or self._text_changed)

    @property
    def _text_changed(self) -> bool:
        """Whether the text was edited before the fields were shown again."""
        assert self.draft is not None
        given = self.draft.values
        if given is None:
            return self._fields.raw is None and self._mended != self.draft.text
        return not same(self._values, self.draft.offered(given)) and not same(self._values, given)

    def warn(self, sentence: str) -> None:
        """Say at the title why the edit cannot be kept as it is."""
        self._title.warn(sentence)

    def edit(self) -> tuple[Draft, Edit]:
        """The draft and what is to become of its row. A draft must be open.

        Raises InputError when a field is no JSON. A text that is no row is given back as it is: whoever keeps it knows.
        """
        draft = self.draft
        assert draft is not None
        raw = self._fields.raw
        if raw is None:
            return draft, self._edit_of_fields(draft, self._fields.now())
        if draft.values is None or not draft.json:
            return draft, Edit(text=raw.value)
        try:
            return draft, edit_of(draft, draft.read(raw.value))
        except RowError:
            return draft, Edit(text=raw.value)

    def _edit_of_fields(self, draft: Draft, now: Mapping[str, Any]) -> Edit:
        """Of a row that could not be read, its mended text with the fields as they are now."""
        if draft.values is not None:
            return edit_of(draft, now)
        mended = edit_of(replace(draft, values=draft.read(self._mended), text=self._mended), now)
        return Edit(text=change(self._mended, mended.fields) if mended.text is None else mended.text)

    def focus_field(self) -> None:
        """Go on typing where one was."""
        self._fields.focus_field()

    # -- fields and text ----------------------------------------------------------------------------------------------

    async def _show_fields(self, draft: Draft, values: Mapping[str, Any]) -> None:
        self._values = draft.offered(values)
        if not await self._fields.show_fields(self._values):
            await self._show_text(draft, values)

    async def _show_text(self, draft: Draft, values: Mapping[str, Any]) -> None:
        self._values = values
        await self._fields.show_text(readable(values) if draft.json else draft.text, draft.read)

    async def action_text(self) -> None:
        """The row's text in place of its fields, or the other way round; the cursor stays where it is."""
        draft, raw = self.draft, self._fields.raw
        if draft is None:
            return
        try:
            if raw is None:
                await self._fields_to_text(draft)
            else:
                await self._text_to_fields(draft, raw)
        except InputError as error:
            self.warn(error.sentence)
            return
        self._show_state()
        self._look()

    async def _fields_to_text(self, draft: Draft) -> None:
        """Raises InputError with why it cannot be done now."""
        fields, area = self._fields, self._fields.last
        now = fields.now()
        if not draft.json and self.changed:
            raise InputError("keep the edit first; then the row's text can be shown")
        path, at = (fields.path_of(area), area.cursor_offset) if area is not None else ((), 0)
        values = self._without_offered(draft, now)
        await self._show_text(draft, values)
        fields.go_to((), place_in_text(values, path, at) if draft.json else len(draft.text))

    async def _text_to_fields(self, draft: Draft, raw: RawArea) -> None:
        """Raises InputError with why it cannot be done now."""
        self._check_text(raw.fault())
        if self._fault is not None:
            raise InputError(self._fault.sentence)
        if draft.values is None and not draft.json:
            raise InputError("keep the text first; then the row's fields can be shown")
        self._mended = raw.value
        path, at = place_in_values(raw.value, raw.cursor_offset, draft.read)
        await self._show_fields(draft, draft.read(raw.value))
        self._fields.go_to(path, at)

    def _without_offered(self, draft: Draft, now: Mapping[str, Any]) -> dict[str, Any]:
        """The fields without those that are only offered: the row lacks them, and nothing was typed."""
        own = now if draft.index is None else draft.values if draft.values is not None else draft.read(self._mended)
        return {name: value for name, value in now.items() if name in own or value != ""}

    # -- verbs --------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What cannot be done now is not offered."""
        return action != "fault" or (self._fault is not None and self._fault.offset is not None)

    def action_keep(self) -> None:
        """Hand the edit over."""
        if self.draft is None:
            return
        if self.draft.index is not None and not self.changed:
            self.post_message(self.Left())
            return
        try:
            self.post_message(self.Kept(*self.edit()))
        except InputError as error:
            self.warn(error.sentence)

    def action_leave(self) -> None:
        """Leave at once when nothing was typed, else only when asked twice."""
        if self.changed and not self._asked:
            self._asked = True
            self.warn("press escape again to discard what you typed")
            return
        self.post_message(self.Left())

    def action_fault(self) -> None:
        """Put the cursor where the text stops being a row."""
        if self._fault is not None and self._fault.offset is not None:
            self._fields.go_to((), self._fault.offset)

    # -- what is typed ------------------------------------------------------------------------------------------------

    @on(RowFields.Edited)
    def _edited(self, event: RowFields.Edited) -> None:
        event.stop()
        self._asked = False
        self._show_state()
        self._look()

    @on(RowFields.Refused)
    def _refused(self, event: RowFields.Refused) -> None:
        event.stop()
        self.warn(event.sentence)

    def _show_state(self) -> None:
        if self.draft is not None:
            self._title.show_state(changed=self.changed)

    @work(exclusive=True, group="editor look")
    async def _look(self) -> None:
        """Once nothing was typed for a moment: count the tokens, check the text."""
        await asyncio.sleep(_IDLE)
        draft, raw = self.draft, self._fields.raw
        if draft is None:
            return
        if raw is not None:
            text = raw.value
            long = len(text) > _LONG
            fault = await asyncio.to_thread(find_fault, text, draft.read) if long else find_fault(text, draft.read)
            self._check_text(fault)
            if fault is not None:
                self._title.show_tokens("")
                return
            values = draft.read(text)
        else:
            try:
                values = self._fields.now()
            except InputError:
                self._title.show_tokens("")
                return
        number = (draft.index if draft.index is not None else draft.at) + 1
        long = sum(len(area.text) for area in self._fields.areas) > _LONG
        said = await asyncio.to_thread(self._count, values, number) if long else self._count(values, number)
        self._title.show_tokens(said)

    def _count(self, values: Mapping[str, Any], number: int) -> str:
        """The tokens of the row in words, or why they are not counted. On any thread."""
        try:
            row = self._tokens.render(values, number)
        except InputError as error:
            return f"not counted: {error.sentence.removesuffix('.')}" if self._tokens.ready else ""
        words = f"{counted(row.whole, 'token')} · {row.learnt:,} carry loss"
        return f"{words} · {row.cut:,} cut off" if row.cut else words

    def _check_text(self, fault: Fault | None) -> None:
        if fault != self._fault:
            self._fault = fault
            self.refresh_bindings()
        self._title.show_fault(fault.sentence if fault else "")
