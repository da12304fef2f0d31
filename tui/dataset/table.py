"""The table of rows: drawn line by line from the store, so that its size does not matter."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from data.rows.row import Row
from data.store import RowStore
from tui.dataset.cells import cut
from tui.dataset.columns import Format
from tui.dataset.known import KnownRows
from tui.dataset.layout import GAP, Layout, layout

_HEAD = 1
"""Lines above the rows."""


class RowTable(ScrollView, can_focus=True):
    """Rows of a store, or a choice of them, with a cursor and marks. It changes nothing in the store."""

    PLACE: ClassVar[str] = "rows"
    """What it is called where one can go to it."""
    BINDING_GROUP_TITLE = "Moving about"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Next row", show=False, id="dataset.down", tooltip="One row down"),
        Binding("k,up", "move(-1)", "Previous row", show=False, id="dataset.up", tooltip="One row up"),
        Binding("g,home", "go_first", "First row", show=False, id="dataset.first", tooltip="To the first row"),
        Binding("G,end", "go_last", "Last row", show=False, id="dataset.last", tooltip="To the last row"),
        Binding(
            "ctrl+f,pagedown", "page(1)", "Page down", show=False, id="dataset.page-down", tooltip="One screen down"
        ),
        Binding("ctrl+b,pageup", "page(-1)", "Page up", show=False, id="dataset.page-up", tooltip="One screen up"),
        Binding("space", "mark", "Mark", show=False, id="dataset.mark", tooltip="Mark the row, or unmark it"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-table--head",
        "row-table--number",
        "row-table--answer",
        "row-table--cursor",
        "row-table--sign",
        "row-table--bad",
        "row-table--found",
        "row-table--flag",
    }
    DEFAULT_CSS = """
    RowTable {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        background: $background;
        color: $foreground;
        & .row-table--head { color: $dim; }
        & .row-table--number { color: $dim; }
        & .row-table--answer { color: $foreground; }
        & .row-table--cursor { background: $surface; color: $foreground; }
        & .row-table--sign { color: $accent; }
        & .row-table--bad { color: $disagrees; }
        & .row-table--found { color: $accent; text-style: underline; }
        & .row-table--flag { color: $differs; }
        &:focus .row-table--cursor { background: $cursor; color: $cursor-text; }
    }
    """

    class CursorMoved(Message):
        """Another row is at the cursor, or its content changed."""

    class RowsDrawn(Message):
        """Rows are on the screen for the first time."""

    class RowChosen(Message):
        """The row at the cursor was clicked twice."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.store: RowStore | None = None
        self.format: Format | None = None
        self.known = KnownRows()
        """What is known of rows beside their text."""
        self.marked: set[int] = set()
        """Indices of the marked rows."""
        self.needle: re.Pattern[str] | None = None
        """What is looked for, shown where it occurs."""
        self._choice: Sequence[int] | None = None
        self._ascending = True
        self._drawn = False
        self._cursor = 0
        self._styles: dict[str, Style] = {}

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show(self, store: RowStore | None, format: Format | None, known: KnownRows) -> None:  # noqa: A002 - the word
        """Show all rows of a store, from the top."""
        self.store = store
        self.format = format
        self.known = known
        self.marked.clear()
        self._choice = None
        self._ascending = True
        self._cursor = 0
        self.scroll_to(y=0, animate=False, force=True)
        self.rows_changed()

    def choose(self, indices: Sequence[int] | None, here: int | None, *, ascending: bool = True) -> None:
        """Show only these rows in this order, or all; the cursor at row `here`. More may come: call `rows_changed`."""
        self._choice = indices
        self._ascending = ascending
        self.rows_changed(here)

    def rows_changed(self, index: int | None = None) -> None:
        """Rows came, went or changed: draw anew, with the cursor on this row or as near to it as can be."""
        if index is not None:
            self._cursor = self.position_of(index)
        self._cursor = max(0, min(self._cursor, len(self) - 1))
        self.virtual_size = Size(self.size.width, len(self) + _HEAD)
        self._keep_cursor_visible()
        self.refresh()
        self.post_message(self.CursorMoved())

    def rows_grew(self) -> None:
        """Rows came behind those known: little is drawn where they are out of sight."""
        shown, before = round(self.scroll_offset.y) + self.size.height, self.virtual_size.height
        if before <= shown:
            self.rows_changed()
        elif len(self) > before * 2:  # the scroll bar's length; a layout each time would cost more than the search
            self.virtual_size = Size(self.size.width, len(self) + _HEAD)

    def __len__(self) -> int:
        if self._choice is not None:
            return len(self._choice)
        return len(self.store) if self.store is not None else 0

    def index_at(self, position: int) -> int | None:
        """The store's index of the row at a place of the table, or None beyond its end."""
        if not 0 <= position < len(self):
            return None
        return position if self._choice is None else self._choice[position]

    def position_of(self, index: int) -> int:
        """Where a row is shown; where it is not, the place of the next row that is."""
        if self._choice is None:
            return index
        if self._ascending:
            return bisect_left(self._choice, index)
        try:
            return self._choice.index(index)
        except ValueError:
            return 0

    @property
    def index(self) -> int | None:
        """The store's index of the row at the cursor."""
        return self.index_at(self._cursor)

    @property
    def position(self) -> int:
        """The cursor's place in the table, counted from 0."""
        return self._cursor

    @property
    def row(self) -> Row | None:
        """The row at the cursor."""
        index = self.index
        return self.store.row(index) if self.store is not None and index is not None else None

    # -- the cursor ---------------------------------------------------------------------------------------------------

    def move_to(self, position: int) -> None:
        """Put the cursor at a place of the table, or at its end if there is no such place."""
        position = max(0, min(position, len(self) - 1))
        if position == self._cursor:
            return
        before, self._cursor = self._cursor, position
        self.refresh_line(before + _HEAD)
        self.refresh_line(position + _HEAD)
        self._keep_cursor_visible()
        self.post_message(self.CursorMoved())

    def action_move(self, rows: int) -> None:
        """Up or down by some rows."""
        self.move_to(self._cursor + rows)

    def action_page(self, pages: int) -> None:
        """Up or down by a screen, less one row that stays to be seen."""
        self.move_to(self._cursor + pages * max(self.size.height - _HEAD - 1, 1))

    def action_go_first(self) -> None:
        """To the first row."""
        self.move_to(0)

    def action_go_last(self) -> None:
        """To the last row known so far."""
        self.move_to(len(self) - 1)

    def action_mark(self) -> None:
        """Mark the row or unmark it, and go on to the next."""
        index = self.index
        if index is None:
            return
        self.marked ^= {index}
        self.refresh_line(self._cursor + _HEAD)
        self.move_to(self._cursor + 1)
        self.post_message(self.CursorMoved())

    def mark_shown(self) -> None:
        """Mark every row that is shown."""
        self.marked.update(range(len(self)) if self._choice is None else self._choice)
        self.refresh()
        self.post_message(self.CursorMoved())

    def unmark(self) -> None:
        """No row is marked any more."""
        self.marked.clear()
        self.refresh()

    def _keep_cursor_visible(self) -> None:
        room = self.size.height - _HEAD
        if room <= 0:
            return
        top = round(self.scroll_target_y)
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False, force=True)
        elif self._cursor >= top + room:
            self.scroll_to(y=self._cursor - room + 1, animate=False, force=True)

    def on_resize(self) -> None:
        """The columns are as wide as there is room; the cursor stays in sight."""
        self.virtual_size = Size(self.size.width, len(self) + _HEAD)
        self._keep_cursor_visible()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a second click opens the row."""
        position = self.scroll_offset.y + event.y - _HEAD
        if event.y < _HEAD or position >= len(self):
            return
        self.move_to(position)
        if event.chain > 1:
            self.post_message(self.RowChosen())

    # -- drawing ------------------------------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """The theme changed."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """One line of the screen: the heads of the columns, or a row."""
        width = self.size.width
        if y < _HEAD:
            return self._head(width)
        position = self.scroll_offset.y + y - _HEAD
        index = self.index_at(position)
        if index is None or self.store is None:
            return Strip.blank(width, self.rich_style)
        if not self._drawn:
            self._drawn = True
            self.post_message(self.RowsDrawn())
        return self._row(self.store.row(index), width, at_cursor=position == self._cursor)

    def _layout(self, width: int) -> Layout:
        """The widths of the columns."""
        known, form = self.known, self.format
        return layout(
            width,
            len(self.store or ()),
            form.columns if form is not None else (),
            tokens=known.counts_tokens,
            loss=known.has_losses,
            flags=known.has_labels,
        )

    def _head(self, width: int) -> Strip:
        if self.format is None:
            return Strip.blank(width, self.rich_style)
        widths = self._layout(width)
        titles = [cut(column.title, each) for column, each in zip(self.format.columns, widths.texts, strict=False)]
        text = f"  {'#':>{widths.number}}   {(' ' * GAP).join(titles)}"
        for title, each in (("tok", widths.tokens), ("loss", widths.loss)):
            text += " " * GAP + title.rjust(each) if each else ""
        if widths.flags:
            text += " " * GAP + ("flags" if widths.flags >= len("flags") else "").ljust(widths.flags)
        return Strip([Segment(cut(text, width), self.rich_style + self._style("head"))], width)

    def _row(self, row: Row, width: int, *, at_cursor: bool) -> Strip:
        """A row. The cursor's colour ends with its first text: two whole lines of it would cost 500 bytes a step."""
        widths = self._layout(width)
        rest = self.rich_style
        base = rest + self._style("cursor") if at_cursor else rest
        accent = base + self._style("sign")
        number = rest + self._style("number")
        # One style for all that it can: each other one costs up to 40 bytes.
        plain = base if at_cursor else number
        bad = base + self._style("bad")
        problem = self.format.problem(row) if self.format is not None else None
        sign = ("!", bad) if problem else ("●", accent) if row.changed else (" ", base)
        segments = [
            Segment("▸" if at_cursor else " ", plain),
            Segment("*", accent) if row.index in self.marked else Segment(" ", plain),
            Segment(f"{row.number:>{widths.number}} ", plain),
            Segment(*sign),
            Segment(" ", base),
            *self._texts(row, widths, problem, base, bad),
        ]
        if widths.tokens:
            segments.append(Segment(" " * GAP + self.known.tokens_word(row).rjust(widths.tokens), number))
        if widths.loss:
            segments.append(Segment(" " * GAP + self.known.loss_word(row).rjust(widths.loss), number))
        if widths.flags:
            labels = self.known.labels_word(row, short=widths.flags < len("near-duplicate"))
            segments.append(Segment(" " * GAP + cut(labels, widths.flags), rest + self._style("flag")))
        segments.append(Segment(" ", rest))
        return Strip(segments).adjust_cell_length(width, rest)

    def _texts(self, row: Row, widths: Layout, problem: str | None, base: Style, bad: Style) -> Iterator[Segment]:
        """The cells that hold text; a row that cannot be read as fields is shown as it is, with the reason."""
        if self.format is None:
            return
        values = row.values
        cells = (row.raw, problem or "") if values is None else self.format.cells(values, row.number)
        last = len(widths.texts) - 1
        for place, width in enumerate(widths.texts):
            text = cells[place] if place < len(cells) else ""
            if place == 1:
                base, bad = self.rich_style, self.rich_style + self._style("bad")
            if place:
                yield Segment(" " * GAP, base)
            if problem and place == last and (row.values is None or not text.strip()):
                yield Segment(cut(problem if last else f"{text}  {problem}", width), bad)
            else:
                yield from self._found(cut(text, width), base)

    def _found(self, text: str, style: Style) -> list[Segment]:
        """The text, with what is looked for made to stand out."""
        if not self.needle:
            return [Segment(text, style)]
        # The row at the cursor has one colour for all its words, which its background is made for.
        at_cursor = style.bgcolor != self.rich_style.bgcolor
        found = style + (Style(bold=True, underline=True) if at_cursor else self._style("found"))
        segments, end = [], 0
        for match in self.needle.finditer(text):
            segments.append(Segment(text[end : match.start()], style))
            segments.append(Segment(match[0], found))
            end = match.end()
        return [*segments, Segment(text[end:], style)]

    def _style(self, name: str) -> Style:
        """What the stylesheet says of a part, without the colours that it does not name."""
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(f"row-table--{name}", partial=True)
        return self._styles[name]
