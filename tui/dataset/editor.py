"""The editor of one row: a text area for each field, or for the row's text where it cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static, TextArea

from tui.dataset.cells import cut
from tui.dataset.field import FieldArea
from tui.literal import literal

_LONGEST_LABEL = 14


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be edited."""

    title: str
    """"row 12" or "new row"."""
    fields: Mapping[str, str]
    """Names and texts, in the order in which they are shown; of a row that cannot be read, its text under one name."""
    index: int | None
    """The row in the store; None for a row that does not exist yet."""
    raw: bool = False
    """Whether the one field is the row's whole text."""
    at: int = 0
    """Where a new row goes."""
    brought: bool = False
    """Whether the texts were brought from elsewhere (a correction), so that leaving would lose them."""


class _Title(Widget):
    """A rule that says what is being edited."""

    DEFAULT_CSS = """
    _Title { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._words = Content()

    def show(self, title: str, warning: str, *, changed: bool) -> None:
        """Show the words; a warning takes the place of the sign of change."""
        state = (f"! {literal(warning)} ", "$differs") if warning else ("● edited ", "$accent") if changed else ("", "")
        words = Content.assemble((" ─", "$line"), (f" {title} ", "bold $accent"), state)
        if words != self._words:
            self._words = words
            self.refresh()

    def render(self) -> Content:
        """The words and a line to the edge."""
        return Content.assemble(self._words, ("─" * (self.size.width - self._words.cell_length - 1), "$line"))


class RowEditor(Vertical):
    """Fields under each other with their names at the left; nothing reaches the store before it is kept."""

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
    ]
    DEFAULT_CSS = """
    RowEditor {
        display: none;
        background: $background;
        &.-open { display: block; }
        & > VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        & .editor-field { height: auto; margin: 0 1 0 0; }
        & .editor-label { color: $dim; padding: 0 1; }
        & .editor-field.-here .editor-label { color: $accent; }
    }
    """

    class Kept(Message):
        """The edit is to go into the dataset."""

        def __init__(self, draft: Draft, values: Mapping[str, str]) -> None:
            super().__init__()
            self.draft = draft
            self.values = values
            """The fields that were changed; all of them for a new row."""

    class Left(Message):
        """Nothing is to change."""

    def __init__(self) -> None:
        super().__init__()
        self.draft: Draft | None = None
        self._warned = False
        self._areas: list[FieldArea] = []
        self._last: FieldArea | None = None

    def compose(self) -> ComposeResult:
        """A title and room for the fields."""
        yield _Title()
        yield VerticalScroll(id="editor-fields", can_focus=False)

    async def open(self, draft: Draft, *, field: str | None = None) -> None:
        """Edit this; the keyboard in the named field or the first, cursors at the ends."""
        self.draft = draft
        self._warned = False
        label = min(max(map(len, draft.fields)), _LONGEST_LABEL) + 2
        fields = self.query_one("#editor-fields", VerticalScroll)
        await fields.remove_children()
        self._areas = [FieldArea(name, text) for name, text in draft.fields.items()]
        lines = []
        for area in self._areas:
            head = Static(cut(area.name or "", label - 2), classes="editor-label", markup=False)
            head.styles.width = label
            lines.append(Horizontal(head, area, classes="editor-field"))
        await fields.mount_all(lines)
        self.add_class("-open")
        self._show_title()
        areas = {area.name: area for area in self._areas}
        for area in areas.values():
            area.move_cursor(area.document.end)
        (areas.get(field or "") or self._areas[0]).focus()

    def close(self) -> None:
        """Forget the draft and hide; whoever called gives the focus to something else."""
        self.draft = self._last = None
        self._areas = []
        self.remove_class("-open")
        self.query_one("#editor-fields").remove_children()

    @property
    def changed(self) -> bool:
        """Whether something would be lost by leaving."""
        if self.draft is None:
            return False
        return self.draft.brought or any(area.changed for area in self._areas)

    def warn(self, sentence: str) -> None:
        """Say at the title why the edit cannot be kept as it is."""
        self._show_title(sentence)

    def edit(self) -> tuple[Draft, dict[str, str]]:
        """The draft and the fields that were changed; all of them for a new row. A draft must be open."""
        assert self.draft is not None
        new = self.draft.index is None
        return self.draft, {area.name or "": area.value for area in self._areas if new or area.changed}

    def focus_field(self) -> None:
        """Go on typing where one was."""
        (self._last or self._areas[0]).focus()

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
        else:
            self.post_message(self.Kept(*self.edit()))

    def action_leave(self) -> None:
        """Leave at once when nothing was typed, else only when asked twice."""
        if self.changed and not self._warned:
            self._warned = True
            self._show_title("press escape again to discard what you typed")
            return
        self.post_message(self.Left())

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._warned = False
        self._show_title()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember where one types, and light up its name (a stylesheet's `:focus-within` does not reach it)."""
        if isinstance(event.widget, FieldArea):
            self._last = event.widget
            for area in self._areas:
                if isinstance(area.parent, Horizontal):
                    area.parent.set_class(area is event.widget, "-here")

    @on(TextArea.SelectionChanged)
    def _cursor_moved(self, event: TextArea.SelectionChanged) -> None:
        event.stop()
        self.call_after_refresh(self._keep_cursor_visible, event.text_area)

    def _keep_cursor_visible(self, area: TextArea) -> None:
        """The fields are as high as their text, so it is the whole that scrolls."""
        line = area.wrapped_document.location_to_offset(area.cursor_location).y
        if area.has_focus and isinstance(area.parent, Horizontal):
            top = area.parent.virtual_region.y + area.virtual_region.y
            fields = self.query_one("#editor-fields", VerticalScroll)
            fields.scroll_to_region(Region(0, top + line, 1, 1), animate=False)

    def _show_title(self, warning: str = "") -> None:
        if self.draft is not None:
            self.query_one(_Title).show(self.draft.title, warning, changed=self.changed)
