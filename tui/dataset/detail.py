"""The row at the cursor, shown in full under the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from data.formats.turns import turn_keys
from data.rows.row import Row
from tui.dataset.cells import cut, wrap
from tui.dataset.columns import text_of

_LONGEST_LABEL = 14
_FEW_LINES = 6
_CONSIDERED = 20_000
"""Characters of a field that are wrapped; nobody reads more in a few lines."""


class RowDetail(Widget):
    """A rule with the row's number, then each field with its name at the left.

    Where there are only a few lines, empty fields are left out and each field has one line.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-detail--rule",
        "row-detail--label",
        "row-detail--changed",
        "row-detail--bad",
    }
    DEFAULT_CSS = """
    RowDetail {
        height: 1;
        background: $background;
        color: $foreground;
        & .row-detail--rule { color: $line; }
        & .row-detail--label { color: $dim; }
        & .row-detail--changed { color: $accent; }
        & .row-detail--bad { color: $disagrees; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._row: Row | None = None
        self._problem: str | None = None
        self._losses = ""
        self._lines: list[Strip] | None = None

    def show(self, row: Row | None, problem: str | None = None, losses: str = "") -> None:
        """Show this row, or nothing, why it cannot be used, and what a run measured of it."""
        self._row = row
        self._losses = losses
        self._problem = problem
        before, self._lines = self._lines, None
        if before is None:
            self.refresh()
            return
        changed = [y for y, (old, new) in enumerate(zip(before, self._shown(), strict=True)) if old != new]
        if changed:  # a refresh without regions would be one of everything
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def on_resize(self) -> None:
        """Wrapped anew for the new width."""
        self._lines = None

    def notify_style_update(self) -> None:
        """The theme changed."""
        super().notify_style_update()
        self._lines = None

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        lines = self._shown()
        return lines[y] if y < len(lines) else Strip.blank(self.size.width, self.rich_style)

    def _shown(self) -> list[Strip]:
        """Every line of the widget; a row that has more ends in a word about it."""
        width, height = self.size
        if self._lines is None:
            lines = list(islice(self._draw(width), height + 1))
            if height > 1 and len(lines) > height:
                more = Segment(cut("   … more, e shows it all", width), self._style("label"))
                lines[height - 1 :] = [Strip([more], width)]
            blank = Strip.blank(width, self.rich_style)
            self._lines = [*lines, *[blank] * (height - len(lines))][:height]
        return self._lines

    def _draw(self, width: int) -> Iterator[Strip]:
        row = self._row
        if row is None:
            return
        yield self._rule(row, width)
        if row.values is None:
            fields = [("row", row.raw, self.rich_style)]
        else:
            fields = [(name, text, self.rich_style) for name, text in _told(row.values)]
        few = self.size.height < _FEW_LINES
        if few:
            fields = [field for field in fields if field[1]]
        label = min(max((len(name) for name, _, _ in fields), default=0), _LONGEST_LABEL)
        for name, text, style in fields:
            lines = [text] if few else wrap(text[:_CONSIDERED], width - label - 4)
            for number, line in enumerate(lines):
                head = Segment(f" {cut(name if number == 0 else '', label)}  ", self._style("label"))
                yield Strip([head, Segment(cut(line, width - label - 3), style)], width)

    def _rule(self, row: Row, width: int) -> Strip:
        rule = self._style("rule")
        name = f" row {row.number} "
        state = "● changed " if row.changed else ""
        problem = cut(f"! {self._problem} ", min(cell_len(self._problem) + 3, width - 20)) if self._problem else ""
        room = max(width - 3 - len(name) - len(state) - cell_len(problem), 0)
        losses = f" {self._losses} ─" if self._losses and len(self._losses) + 3 <= room else ""
        return Strip(
            [
                Segment(" ─", rule),
                Segment(name, self._style("label")),
                Segment(state, self._style("changed")),
                Segment(problem, self._style("bad")),
                Segment("─" * (room - len(losses)), rule),
                Segment(losses[:-1], self._style("label")),
                Segment(losses[-1:], rule),
                Segment(" ", self.rich_style),
            ],
        ).adjust_cell_length(width, self.rich_style)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"row-detail--{name}")


def _told(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields with their texts; of a conversation each turn with its speaker."""
    for name, value in values.items():
        keys = turn_keys(value)
        if keys is None:
            yield name, text_of(value)
            continue
        for turn in value:
            said = turn.get(keys.text) if isinstance(turn, Mapping) else turn
            speaker = turn.get(keys.role) if isinstance(turn, Mapping) else None
            rest = turn if said is None else said
            yield (speaker if isinstance(speaker, str) else name), text_of(rest)
