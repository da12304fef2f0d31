"""The editor of one row: its fields and turns under each other, or its whole text."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from data.errors import BurnishError, InputError
from data.rows.text import RowError, change
from data.wording import counted
from tui.dataset.draft import Draft, Edit, edit_of, readable, same
from tui.dataset.editor_title import EditorTitle
from tui.dataset.field import FieldArea
from tui.dataset.field_line import FieldLine
from tui.dataset.places import Path, place_in_text, place_in_values
from tui.dataset.raw_editor import Fault, RawArea, find_fault
from tui.dataset.token_count import TokenCounter
from tui.dataset.turn import TurnBlock
from tui.dataset.turns_editor import TurnsField, roles_in
from tui.messages import Flashed
from tui.widgets.clipboard import send_to_clipboard

_LONGEST_LABEL = 14
_IDLE = 0.15
"""Seconds without a key after which tokens are counted and the text is checked."""
_LONG = 8000
"""Characters from which that is done in a thread."""
_MOST_AREAS = 100
"""Text areas from which a row opens as text: each takes some milliseconds to be laid out."""


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
        Binding("tab", "field(1)", "Field below", show=False, id="dataset.field-below", tooltip="One field down"),
        Binding("shift+tab", "field(-1)", "Field above", show=False, id="dataset.field-above", tooltip="One field up"),
        Binding(
            "ctrl+t,f4",
            "text",
            "Text",
            key_display="^t",
            id="dataset.row-text",
            tooltip="The row's whole text, checked as you type, or its fields again",
        ),
        Binding("ctrl+g", "fault", "To the fault", key_display="^g", id="dataset.fault", tooltip="To what is no JSON"),
        Binding(
            "ctrl+n", "add(False)", "Turn below", key_display="^n", id="dataset.turn-below", tooltip="A new turn below"
        ),
        Binding("ctrl+o", "add(True)", "Turn above", show=False, id="dataset.turn-above", tooltip="A new turn above"),
        Binding(
            "ctrl+r", "role", "Role", key_display="^r", id="dataset.role", tooltip="The next speaker for this turn"
        ),
        Binding("f8", "remove", "Remove turn", id="dataset.turn-remove", tooltip="Take this turn out"),
        Binding("ctrl+up,alt+up", "move(-1)", "Turn up", show=False, id="dataset.turn-up", tooltip="Move this turn up"),
        Binding(
            "ctrl+down,alt+down",
            "move(1)",
            "Turn down",
            show=False,
            id="dataset.turn-down",
            tooltip="Move this turn down",
        ),
        Binding(
            "alt+c,f5",
            "copy",
            "Copy",
            show=False,
            id="dataset.copy-text",
            tooltip="Send the selected text, or the whole field, to the clipboard of the terminal",
        ),
        Binding(
            "ctrl+z", "undo", "Undo typing", show=False, id="dataset.undo-typing", tooltip="Take back what was typed"
        ),
        Binding(
            "ctrl+y", "redo", "Redo typing", show=False, id="dataset.redo-typing", tooltip="Type it again after all"
        ),
    ]
    DEFAULT_CSS = """
    RowEditor {
        display: none;
        background: $background;
        &.-open { display: block; }
        & > VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        & .editor-line { height: auto; margin: 0 1 0 0; }
        & .editor-label { color: $dim; padding: 0 1; }
        & .editor-line.-here .editor-label { color: $accent; }
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
        self._warned: object = None
        self._fields: list[FieldLine | TurnsField] = []
        self._raw: RawArea | None = None
        self._values: Mapping[str, Any] = {}
        """What the fields were made from: those of the row, or of its edited text."""
        self._last: FieldArea | None = None
        self._fault: Fault | None = None
        self._mended = ""
        """The text of a row that could not be read, when its fields are shown after all."""
        self._places: dict[int, _Place] = {}

    def compose(self) -> ComposeResult:
        """A title and room for the fields."""
        yield EditorTitle()
        yield VerticalScroll(id="editor-fields", can_focus=False)

    # -- opening and closing ------------------------------------------------------------------------------------------

    async def open(self, draft: Draft, *, field: str | None = None) -> None:
        """Edit this; the keyboard in the named field, or where it was in this row, or at the end of the first field."""
        self.draft = draft
        self._warned = self._fault = None
        self._values, self._mended = draft.values or {}, draft.text
        place = self._places.get(draft.index) if draft.index is not None and field is None else None
        self.add_class("-open")
        if draft.values is None:
            await self._show_text(draft.text)
        elif place is not None and place.as_text:
            await self._show_text(self._readable(draft.values))
        else:
            await self._show_fields(draft.offered(draft.values))
        self._title.open(draft.title)
        self._show_state()
        if place is not None:
            self._go_to(place.path, place.offset)
        else:
            next((area for area in self._areas if area.name == field), self._areas[0]).focus()
        self._look()

    def close(self) -> None:
        """Forget the draft and hide; whoever called gives the focus to something else."""
        self._remember()
        self.draft = self._last = self._raw = None
        self._fields = []
        self.remove_class("-open")
        self.query_one("#editor-fields").remove_children()

    def forget_places(self) -> None:
        """Another file is shown: its rows were never open."""
        self._places.clear()

    def _remember(self) -> None:
        draft, area = self.draft, self._last
        if draft is None or draft.index is None or area is None:
            return
        self._places[draft.index] = _Place(self._raw is not None, self._path_of(area), area.cursor_offset)

    # -- for the desk -------------------------------------------------------------------------------------------------

    @property
    def changed(self) -> bool:
        """Whether something would be lost by leaving."""
        if self.draft is None:
            return False
        if self.draft.brought or (self._raw is not None and self._raw.changed):
            return True
        return any(field.changed for field in self._fields) or self._text_changed

    @property
    def _text_changed(self) -> bool:
        """Whether the text was edited before the fields were shown again."""
        assert self.draft is not None
        given = self.draft.values
        if given is None:
            return self._raw is None and self._mended != self.draft.text
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
        if self._raw is None:
            return draft, self._edit_of_fields(draft, self._now())
        if draft.values is None or not draft.json:
            return draft, Edit(text=self._raw.value)
        try:
            return draft, edit_of(draft, draft.read(self._raw.value))
        except RowError:
            return draft, Edit(text=self._raw.value)

    def _edit_of_fields(self, draft: Draft, now: Mapping[str, Any]) -> Edit:
        """Of a row that could not be read, its mended text with the fields as they are now."""
        if draft.values is not None:
            return edit_of(draft, now)
        mended = edit_of(replace(draft, values=draft.read(self._mended), text=self._mended), now)
        return Edit(text=change(self._mended, mended.fields) if mended.text is None else mended.text)

    def focus_field(self) -> None:
        """Go on typing where one was."""
        (self._last or self._areas[0]).focus()

    # -- fields and text ----------------------------------------------------------------------------------------------

    @property
    def _title(self) -> EditorTitle:
        return self.query_one(EditorTitle)

    @property
    def _areas(self) -> list[FieldArea]:
        if self._raw is not None:
            return [self._raw]
        return [area for field in self._fields for area in field.areas]

    def _now(self) -> dict[str, Any]:
        """The fields as they are typed. Raises InputError for one that is no JSON."""
        return {field.name or "": field.value for field in self._fields}

    async def _show_fields(self, values: Mapping[str, Any]) -> None:
        words = [*values, *(role for value in values.values() for role in roles_in(value))]
        label = min(max(map(len, words), default=0), _LONGEST_LABEL) + 2
        fields = [
            TurnsField.for_value(name, value, label) or FieldLine(name, value, label) for name, value in values.items()
        ]
        if sum(len(field.areas) for field in fields) > _MOST_AREAS or not fields:
            await self._show_text(self._readable(values))
            return
        self._values, self._fields, self._raw = values, fields, None
        await self._put(fields)

    async def _show_text(self, text: str) -> None:
        assert self.draft is not None
        self._raw = RawArea(text, self.draft.read)
        self._fields = []
        await self._put([self._raw])

    async def _put(self, widgets: list[Any]) -> None:
        self._last = None
        scroll = self.query_one("#editor-fields", VerticalScroll)
        await scroll.remove_children()
        await scroll.mount_all(widgets)
        for area in self._areas:
            area.move_cursor(area.document.end)
        self.refresh_bindings()

    def _without_offered(self, now: Mapping[str, Any]) -> dict[str, Any]:
        """The fields without those that are only offered: the row lacks them, and nothing was typed."""
        assert self.draft is not None
        if self.draft.index is None:
            return dict(now)
        return {
            name: value for name, value in now.items() if name in (self.draft.values or self._values) or value != ""
        }

    def _readable(self, values: Mapping[str, Any]) -> str:
        assert self.draft is not None
        return readable(values) if self.draft.json else self.draft.text

    async def action_text(self) -> None:
        """The row's text in place of its fields, or the other way round; the cursor stays where it is."""
        draft, area = self.draft, self._last
        if draft is None:
            return
        if self._raw is None:
            try:
                now = self._now()
            except InputError as error:
                self.warn(error.sentence)
                return
            if not draft.json and self.changed:
                self.warn("keep the edit first; then the row's text can be shown")
                return
            path, at = (self._path_of(area), area.cursor_offset) if area is not None else ((), 0)
            values = self._without_offered(now)
            self._values = values
            await self._show_text(self._readable(values))
            self._go_to((), place_in_text(values, path, at) if draft.json else len(draft.text))
        else:
            text = self._raw.value
            try:
                values = draft.read(text)
            except RowError:
                self._check_text(find_fault(text, draft.read))
                self.warn(self._fault.sentence if self._fault else "this is no row yet")
                return
            if draft.values is None and not draft.json:
                self.warn("keep the text first; then the row's fields can be shown")
                return
            self._mended = text
            path, at = place_in_values(text, self._raw.cursor_offset, draft.read)
            await self._show_fields(draft.offered(values))
            self._go_to(path, at)
        self._show_state()
        self._look()

    def _path_of(self, area: FieldArea) -> Path:
        if self._raw is not None:
            return ()
        field = next((field for field in self._fields if area in field.areas), None)
        return field.path_of(area) if field is not None else ()

    def _go_to(self, path: Path, offset: int) -> None:
        """To the area with the value of this path, or with as much of it as there is."""
        areas = self._areas
        found = max(areas, key=lambda area: _shared(self._path_of(area), path))
        if self._path_of(found) == path:
            found.go_to(offset)
        found.focus()

    # -- verbs --------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What cannot be done now is not offered."""
        match action:
            case "add" | "remove" | "move":
                here = self._turn()
                return here is not None and here[0].can_change
            case "role":
                here = self._turn()
                return here is not None and here[1].role is not None
            case "fault":
                return self._fault is not None and self._fault.offset is not None
        return True

    def _turn(self) -> tuple[TurnsField, TurnBlock] | None:
        """The turn that the cursor is in."""
        for field in self._fields:
            if isinstance(field, TurnsField) and self._last is not None and (block := field.block_of(self._last)):
                return field, block
        return None

    def action_field(self, step: int) -> None:
        """To the field below or above, round and round."""
        areas = self._areas
        here = next((place for place, area in enumerate(areas) if area.has_focus), 0)
        areas[(here + step) % len(areas)].focus()

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
        if self.changed and self._warned != "leave":
            self._warned = "leave"
            self.warn("press escape again to discard what you typed")
            return
        self.post_message(self.Left())

    async def action_add(self, above: bool) -> None:
        """A new turn."""
        if here := self._turn():
            field, block = here
            (await field.add_turn(block, above=above)).areas[0].focus()
            self._changed()

    async def action_remove(self) -> None:
        """Take the turn out; asked twice where it says something."""
        if (here := self._turn()) is None:
            return
        field, block = here
        if not block.empty and self._warned is not block:
            self._warned = block
            self.warn("press f8 again to remove this turn")
            return
        area = await field.remove_turn(block)
        if area is None:
            self.warn("the last turn stays; delete the row instead")
            return
        self._last = area
        area.focus()
        self._changed()

    def action_move(self, step: int) -> None:
        """Move the turn."""
        if here := self._turn():
            field, block = here
            if field.move_turn(block, step):
                self.call_after_refresh(self._keep_cursor_visible, block.areas[0])
                self._changed()

    def action_role(self) -> None:
        """Let the next speaker say it."""
        if here := self._turn():
            field, block = here
            field.next_role(block)
            self._changed()

    def action_fault(self) -> None:
        """Put the cursor where the text stops being a row."""
        if self._raw is not None and self._fault is not None and self._fault.offset is not None:
            self._raw.go_to(self._fault.offset)
            self._raw.focus()

    def action_undo(self) -> None:
        """Take back what was typed in this field."""
        if self._last is not None:
            self._last.undo()

    def action_redo(self) -> None:
        """Type it again."""
        if self._last is not None:
            self._last.redo()

    async def action_copy(self) -> None:
        """Send text to the terminal's clipboard."""
        area = self._last
        if area is None:
            return
        text = area.selected_value or area.value
        try:
            await send_to_clipboard(self.app, text)
        except BurnishError as error:
            self.post_message(Flashed(error.sentence, severity="warning"))
            return
        what = "the selected text" if area.selected_text else f"all of {area.name}"
        self.post_message(Flashed(f"{what} sent to the terminal's clipboard"))

    # -- what is typed ------------------------------------------------------------------------------------------------

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._changed()

    def _changed(self) -> None:
        self._warned = None
        self._show_state()
        self._look()

    def _show_state(self) -> None:
        if self.draft is not None:
            self._title.show_state(changed=self.changed)

    @work(exclusive=True, group="editor look")
    async def _look(self) -> None:
        """Once nothing was typed for a moment: count the tokens, check the text."""
        await asyncio.sleep(_IDLE)
        draft, raw = self.draft, self._raw
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
                values = self._now()
            except InputError:
                self._title.show_tokens("")
                return
        number = (draft.index if draft.index is not None else draft.at) + 1
        long = sum(len(area.text) for area in self._areas) > _LONG
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

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember where one types, and light up its name (a stylesheet's `:focus-within` does not reach it)."""
        area = event.widget
        if not isinstance(area, FieldArea):
            return
        if self._last is not None and isinstance(self._last.parent, Widget):
            self._last.parent.remove_class("-here")
        if isinstance(area.parent, Widget):
            area.parent.add_class("-here")
        self._last = area
        self.refresh_bindings()

    @on(TextArea.SelectionChanged)
    def _cursor_moved(self, event: TextArea.SelectionChanged) -> None:
        event.stop()
        self.call_after_refresh(self._keep_cursor_visible, event.text_area)

    def _keep_cursor_visible(self, area: TextArea) -> None:
        """The fields are as high as their text, so it is the whole that scrolls."""
        if not area.has_focus:
            return
        scroll = self.query_one("#editor-fields", VerticalScroll)
        top = area.wrapped_document.location_to_offset(area.cursor_location).y
        top += sum(each.virtual_region.y for each in _until(area, scroll))
        scroll.scroll_to_region(Region(0, top, 1, 1), animate=False)


def _until(widget: Widget, ancestor: Widget) -> Iterator[Widget]:
    """A widget and those it is in, up to an ancestor."""
    for each in widget.ancestors_with_self:
        if each is ancestor or not isinstance(each, Widget):
            return
        yield each


def _shared(one: Path, other: Path) -> int:
    """With how many parts both begin."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
