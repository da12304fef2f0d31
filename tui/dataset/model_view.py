"""What the model sees of a row: its text after the chat template, token by token, with those that carry loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import on, work
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from data.errors import InputError
from data.formats.pair import PairError
from data.rendered_row import RenderedRow, read_conversation
from data.rows.row import Row
from data.wording import counted
from tui.dataset.cells import wrap
from tui.dataset.token_count import TokenCounter
from tui.dataset.token_lines import (
    CUT_SIGN,
    EDGE,
    GUTTER,
    LEARNT_SIGN,
    SIGNS,
    Fate,
    Part,
    TokenLine,
    list_line,
    text_lines,
)
from tui.literal import literal

_HEAD = 2
"""Lines above the text: a rule with counts, and what the signs mean."""
_LONG = 20_000
"""Characters of a row beyond which it is rendered in a thread, so that the cursor never waits for it."""


@dataclass(frozen=True, slots=True)
class _View:
    """A row as it is shown; lines are those of the text, for one width."""

    number: int
    row: RenderedRow | None
    lines: tuple[TokenLine, ...] = ()
    width: int = 0
    problem: str = ""
    """Why nothing is shown, or why training refuses the row."""


class ModelView(ScrollView, can_focus=True):
    """Follows the row at the cursor of the table; has the keyboard only when a person wants to scroll."""

    BINDING_GROUP_TITLE = "What the model sees"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll(1)", "Line down", show=False, id="dataset.view-down", tooltip="One line down"),
        Binding("k,up", "scroll(-1)", "Line up", show=False, id="dataset.view-up", tooltip="One line up"),
        Binding(
            "ctrl+f,pagedown,space", "page(1)", "Page down", show=False, id="dataset.view-page-down", tooltip="One page"
        ),
        Binding("ctrl+b,pageup", "page(-1)", "Page up", show=False, id="dataset.view-page-up", tooltip="A page back"),
        Binding("g,home", "edge(-1)", "Top", show=False, id="dataset.view-top", tooltip="To the first line"),
        Binding("G,end", "edge(1)", "Bottom", show=False, id="dataset.view-bottom", tooltip="To the last line"),
        Binding(
            "right,l,right_square_bracket",
            "row(1)",
            "Next row",
            id="dataset.view-next",
            tooltip="The same view of the next row",
        ),
        Binding(
            "left,h,left_square_bracket",
            "row(-1)",
            "Row before",
            id="dataset.view-previous",
            tooltip="The same view of the row before",
        ),
        Binding("t", "list", "Token list", id="dataset.view-list", tooltip="Tokens with their ids, or the text again"),
        Binding("z", "zoom", "All the room", id="dataset.view-zoom", tooltip="Hide the table, or show it again"),
        Binding("p,escape,q", "leave", "Back", key_display="esc", id="dataset.view-leave", tooltip="Back to the table"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "model-view--rule",
        "model-view--title",
        "model-view--dim",
        "model-view--bad",
        "model-view--learnt",
        "model-view--special",
        "model-view--edge",
        "model-view--cut",
    }
    DEFAULT_CSS = """
    ModelView {
        display: none;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        background: $background;
        color: $foreground;
        & .model-view--rule { color: $line; }
        & .model-view--title { color: $dim; }
        & .model-view--dim { color: $dim; }
        & .model-view--bad { color: $disagrees; }
        & .model-view--learnt { color: $accent; text-style: underline; }
        & .model-view--special { color: $info; text-style: bold; }
        & .model-view--edge { color: $line; }
        & .model-view--cut { color: $dim; text-style: strike; }
        &:focus .model-view--title { color: $accent; text-style: bold; }
    }
    """

    class Left(Message):
        """The table is to have the keyboard again, and the room."""

    class ZoomWanted(Message):
        """All the room is wanted, or no longer."""

    class RowWanted(Message):
        """Another row is to be at the cursor."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step
            """1 for the next one, -1 for the one before."""

    class Rendered(Message):
        """A long row has been rendered in a thread."""

        def __init__(self, row: Row, width: int, view: _View) -> None:
            super().__init__()
            self.row = row
            self.width = width
            self.view = view

    def __init__(self, tokens: TokenCounter) -> None:
        super().__init__()
        self._tokens = tokens
        self._shown: Row | None = None
        self._view: _View | None = None
        self._as_list = False
        self._styles: dict[str, Style] = {}

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show(self, row: Row | None) -> None:
        """Show this row; nothing is rendered while the view is hidden."""
        if row is not None and self._shown is not None and row.number != self._shown.number:
            self.scroll_to(y=0, animate=False, force=True)
        self._shown = row
        self.show_again()

    def show_again(self) -> None:
        """The tokenizer, the width or the view itself changed."""
        row, width = self._shown, self._room
        if not self.display or width <= 0:
            return
        if row is None or len(row.raw) <= _LONG:
            self._take(None if row is None else _render(self._tokens, row, width))
        else:
            self._render_long(row, width)

    @work(thread=True, exclusive=True, group="model view", description="render a long row")
    def _render_long(self, row: Row, width: int) -> None:
        self.post_message(self.Rendered(row, width, _render(self._tokens, row, width)))

    @on(Rendered)
    def _take_long(self, event: Rendered) -> None:
        event.stop()
        if event.row is self._shown and event.width == self._room:
            self._take(event.view)

    def _take(self, view: _View | None) -> None:
        self._view = view
        self.virtual_size = Size(self.size.width, _HEAD + self._count())
        self.refresh()

    @property
    def _room(self) -> int:
        return self.size.width - GUTTER - 2

    def _count(self) -> int:
        """Lines below the head."""
        view = self._view
        if view is None or view.row is None:
            return 0 if view is None else len(list(wrap(view.problem, self._room)))
        return len(view.row.token_ids) if self._as_list else len(view.lines)

    def on_resize(self) -> None:
        """Lines are broken for the width there is."""
        self.show_again()

    # -- verbs --------------------------------------------------------------------------------------------------------

    def action_scroll(self, lines: int) -> None:
        """Up or down by lines."""
        self.scroll_relative(y=lines, animate=False, force=True)

    def action_page(self, pages: int) -> None:
        """Up or down by what is seen, less a line."""
        self.action_scroll(pages * max(self.size.height - _HEAD - 1, 1))

    def action_edge(self, direction: int) -> None:
        """To an end."""
        self.scroll_to(y=0 if direction < 0 else self.max_scroll_y, animate=False, force=True)

    def action_row(self, step: int) -> None:
        """The same view of another row."""
        self.post_message(self.RowWanted(step))

    def action_list(self) -> None:
        """Text or list of tokens."""
        self._as_list = not self._as_list
        self._take(self._view)
        self.action_edge(-1)

    def action_zoom(self) -> None:
        """All the room, or a part of it."""
        self.post_message(self.ZoomWanted())

    def action_leave(self) -> None:
        """Give the keyboard back."""
        self.post_message(self.Left())

    # -- drawing ------------------------------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """The theme changed."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.size.width
        if y == 0:
            return self._rule(width)
        if y == 1:
            return self._legend(width)
        view, place = self._view, self.scroll_offset.y + y - _HEAD
        if view is None or not 0 <= place < self._count():
            return Strip.blank(width, self.rich_style)
        if view.row is None:
            line = list(wrap(view.problem, self._room))[place]
            return Strip([Segment(f"  {line}", self._style("bad"))]).adjust_cell_length(width, self.rich_style)
        return self._line(self._line_at(view, view.row, place), width)

    def _line_at(self, view: _View, row: RenderedRow, place: int) -> TokenLine:
        return list_line(row, self._special, place, self._room) if self._as_list else view.lines[place]

    @property
    def _special(self) -> frozenset[int]:
        return self._tokens.template.special_ids if self._tokens.template is not None else frozenset()

    def _line(self, line: TokenLine, width: int) -> Strip:
        segments = [Segment(f"{line.gutter} ", self._style("dim"))]
        segments += [Segment(part.text, self._look(part)) for part in line.parts]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _look(self, part: Part) -> Style:
        if part.edge:
            return self._style("dim") if self._as_list else self._style("edge")
        if part.fate is Fate.CUT:
            return self._style("cut")
        if part.fate is Fate.AFTER:
            return self._style("dim")
        style = self.rich_style
        if part.special:
            style += self._style("special")
        if part.fate is Fate.LEARNT:
            style += self._style("learnt")
        return style + self._style("dim") if part.sign and part.fate is Fate.READ else style

    def _rule(self, width: int) -> Strip:
        view = self._view
        title = " what the model sees " if view is None else f" what the model sees of row {view.number} "
        said, bad = ("", "") if view is None or view.row is None else _counts(view.row, self._tokens.max_tokens)
        if view is not None and view.row is not None and view.problem:
            bad = view.problem
        segments = [
            Segment(" ─", self._style("rule")),
            Segment(title, self._style("title")),
            Segment(said, self.rich_style),
            Segment(f" ! {literal(bad, one_line=True)}" if bad else "", self._style("bad")),
        ]
        left = width - sum(segment.cell_length for segment in segments) - 2
        named = f" {literal(self._tokens.name, one_line=True)} " if self._tokens.ready else ""
        if left <= cell_len(named) + 3:
            named = ""
        line = "─" * max(left - cell_len(named) - bool(named), 0)
        rule = self._style("rule")
        segments += [Segment(f" {line}", rule), Segment(named, self._style("dim")), Segment("─" if named else "", rule)]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _legend(self, width: int) -> Strip:
        view = self._view
        if view is None or view.row is None:
            return Strip.blank(width, self.rich_style)
        dim = self._style("dim")
        parts = [
            Segment(f"{LEARNT_SIGN} ", dim),
            Segment("carries loss", self._style("learnt")),
            Segment(f"   {EDGE} edge of a token   {SIGNS[' ']} space   {SIGNS[chr(10)]} line end   ", dim),
            Segment("special", self._style("special")),
        ]
        if view.row.cut:
            parts += [Segment(f"   {CUT_SIGN} ", dim), Segment("cut off", self._style("cut"))]
        return Strip(parts).adjust_cell_length(width, self.rich_style)

    def _style(self, name: str) -> Style:
        """What the stylesheet says of a part, on the background of the whole."""
        if name not in self._styles:
            part = self.get_component_rich_style(f"model-view--{name}", partial=True)
            self._styles[name] = self.rich_style + part
        return self._styles[name]


def _render(tokens: TokenCounter, row: Row, width: int) -> _View:
    """Everything that takes time; on any thread."""
    if row.values is None:
        return _View(row.number, None, problem=row.error or "The row cannot be read.")
    try:
        rendered = tokens.render(row.values, row.number)
    except InputError as error:
        return _View(row.number, None, problem=error.sentence)
    problem = ""
    try:
        read_conversation(row.values, row.number, tokens.form).pair()
    except (PairError, InputError) as error:
        problem = f"training refuses the row: it {error}" if isinstance(error, PairError) else error.sentence
    special = tokens.template.special_ids if tokens.template is not None else frozenset[int]()
    return _View(row.number, rendered, tuple(text_lines(rendered, special, width)), width, problem)


def _counts(row: RenderedRow, max_tokens: int) -> tuple[str, str]:
    """The counts in words, and what is wrong with them."""
    said = f"· {counted(row.whole, 'token')} · {row.learnt:,} carry loss"
    if row.cut:
        return said, f"{row.cut:,} cut off by the maximum of {max_tokens:,}"
    return said, "" if row.learnt else "nothing to learn from"
