"""The fields of a row under each other, or its text: the part of the editor that is typed into."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from data.errors import BurnishError
from tui.dataset.field import FieldArea
from tui.dataset.field_line import FieldLine
from tui.dataset.places import Path
from tui.dataset.raw_editor import RawArea
from tui.dataset.turn import TurnBlock
from tui.dataset.turns_editor import TurnsField, roles_in
from tui.messages import Flashed
from tui.widgets.clipboard import send_to_clipboard
from tui.widgets.scroll import Scroll

_LONGEST_LABEL = 14
_MOST_AREAS = 100
"""Text areas from which a row opens as text: each takes some milliseconds to be laid out."""


class RowFields(Scroll, can_focus=False):
    """Areas to type into. What they were made from, and what becomes of it, is the editor's business."""

    BINDING_GROUP_TITLE = "Typing in a row"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "field(1)", "Field below", show=False, id="dataset.field-below", tooltip="One field down"),
        Binding("shift+tab", "field(-1)", "Field above", show=False, id="dataset.field-above", tooltip="One field up"),
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
            "ctrl+z",
            "undo",
            "Undo typing",
            show=False,
            id="dataset.undo-typing",
            priority=True,
            tooltip="Take back what was typed",
        ),
        Binding(
            "ctrl+y",
            "redo",
            "Redo typing",
            show=False,
            id="dataset.redo-typing",
            priority=True,
            tooltip="Type it again after all",
        ),
    ]
    DEFAULT_CSS = """
    RowFields {
        height: 1fr;
        scrollbar-size-vertical: 1;
        & .editor-line { height: auto; margin: 0 1 0 0; }
        & .editor-label { color: $dim; padding: 0 1; }
        & .editor-line.-here .editor-label { color: $accent; }
    }
    """

    class Edited(Message):
        """Something was typed, or turns were changed."""

    class Refused(Message):
        """Something is not done."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence
            """Why, for the person."""

    def __init__(self) -> None:
        super().__init__()
        self.raw: RawArea | None = None
        """The row's text, where that is shown in place of its fields."""
        self.last: FieldArea | None = None
        """Where one types, or did last."""
        self._fields: Sequence[FieldLine | TurnsField] = ()
        self._doubted: TurnBlock | None = None

    # -- what is shown ------------------------------------------------------------------------------------------------

    async def show_fields(self, values: Mapping[str, Any]) -> bool:
        """Show these; False where there are none or too many, and then nothing was done."""
        words = [*values, *(role for value in values.values() for role in roles_in(value))]
        label = min(max(map(len, words), default=0), _LONGEST_LABEL) + 2
        fields = [
            TurnsField.for_value(name, value, label) or FieldLine(name, value, label) for name, value in values.items()
        ]
        if not 0 < sum(len(field.areas) for field in fields) <= _MOST_AREAS:
            return False
        self._fields, self.raw = fields, None
        await self._put(fields)
        return True

    async def show_text(self, text: str, read: Callable[[str], Mapping[str, Any]]) -> None:
        """Show a row's text; `read` gives its fields, or raises RowError."""
        self._fields, self.raw = (), RawArea(text, read)
        await self._put([self.raw])

    def clear(self) -> None:
        """Show nothing."""
        self._fields, self.raw, self.last = (), None, None
        self.remove_children()

    async def _put(self, widgets: Sequence[Widget]) -> None:
        self.last = self._doubted = None
        await self.remove_children()
        await self.mount_all(widgets)
        for area in self.areas:
            area.move_cursor(area.document.end)
        self.refresh_bindings()

    # -- for the editor -----------------------------------------------------------------------------------------------

    @property
    def areas(self) -> list[FieldArea]:
        """Everything that can be typed into, from top to bottom."""
        if self.raw is not None:
            return [self.raw]
        return [area for field in self._fields for area in field.areas]

    @property
    def changed(self) -> bool:
        """Whether anything differs from what was shown at first."""
        return self.raw.changed if self.raw is not None else any(field.changed for field in self._fields)

    def now(self) -> dict[str, Any]:
        """The fields as they are typed. Raises InputError for one that is no JSON."""
        return {field.name or "": field.value for field in self._fields}

    def path_of(self, area: FieldArea) -> Path:
        """Where the text of an area is in the row; nowhere for the text of all of it."""
        field = next((field for field in self._fields if area in field.areas), None)
        return field.path_of(area) if field is not None else ()

    def go_to(self, path: Path, offset: int) -> None:
        """To a character of the value of this path, or to the area that comes next to it."""
        found = max(self.areas, key=lambda area: _shared(self.path_of(area), path))
        if self.path_of(found) == path:
            found.go_to(offset)
        found.focus()

    def focus_field(self) -> None:
        """To where one was, or to the first."""
        (self.last or self.areas[0]).focus()

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
        return True

    def _turn(self) -> tuple[TurnsField, TurnBlock] | None:
        """The turn that the cursor is in."""
        for field in self._fields:
            if isinstance(field, TurnsField) and self.last is not None and (block := field.block_of(self.last)):
                return field, block
        return None

    def action_field(self, step: int) -> None:
        """To the field below or above, round and round."""
        areas = self.areas
        here = next((place for place, area in enumerate(areas) if area.has_focus), 0)
        areas[(here + step) % len(areas)].focus()

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
        if not block.empty and self._doubted is not block:
            self._doubted = block
            self.post_message(self.Refused("press f8 again to remove this turn"))
            return
        area = await field.remove_turn(block)
        if area is None:
            self.post_message(self.Refused("the last turn stays; delete the row instead"))
            return
        self.last = area
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

    def action_undo(self) -> None:
        """Take back what was typed in this field."""
        if self.last is not None:
            self.last.undo()

    def action_redo(self) -> None:
        """Type it again."""
        if self.last is not None:
            self.last.redo()

    async def action_copy(self) -> None:
        """Send text to the terminal's clipboard."""
        area = self.last
        if area is None:
            return
        text = area.selected_value or area.value
        try:
            went = await send_to_clipboard(self.app, text)
        except BurnishError as error:
            self.post_message(Flashed(error.sentence, severity="warning"))
            return
        what = "the selected text" if area.selected_text else f"all of {area.name}"
        self.post_message(Flashed(f"{what} {went}"))

    # -- what is typed ------------------------------------------------------------------------------------------------

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._changed()

    def _changed(self) -> None:
        self._doubted = None
        self.post_message(self.Edited())

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember where one types, and light up its name (a stylesheet's `:focus-within` does not reach it)."""
        area = event.widget
        if not isinstance(area, FieldArea):
            return
        if self.last is not None and isinstance(self.last.parent, Widget):
            self.last.parent.remove_class("-here")
        if isinstance(area.parent, Widget):
            area.parent.add_class("-here")
        self.last = area
        self.refresh_bindings()

    @on(TextArea.SelectionChanged)
    def _cursor_moved(self, event: TextArea.SelectionChanged) -> None:
        event.stop()
        self.call_after_refresh(self._keep_cursor_visible, event.text_area)

    def _keep_cursor_visible(self, area: TextArea) -> None:
        """The fields are as high as their text, so it is the whole that scrolls."""
        if not area.has_focus:
            return
        top = area.wrapped_document.location_to_offset(area.cursor_location).y
        top += sum(each.virtual_region.y for each in _until(area, self))
        self.scroll_to_region(Region(0, top, 1, 1), animate=False)


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
