"""The facts of two answers, side by side, with the reason in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from tui.compare.certainty import Chances
from tui.compare.marks import LOOKS, FactRow, look_of
from tui.literal import literal

if TYPE_CHECKING:
    from data.facts import MarkedFact

_MARGIN = 2
"""Cells for the pointer at the selected row."""
_SIDE_SHARE = 0.27

_ALONE = {"A": "{0} agrees with the dataset", "neither": "{0} does not agree with the dataset"}
_VERDICTS = {
    "A": "{0} agrees with the dataset",
    "B": "{1} agrees with the dataset",
    "both": "both agree with the dataset",
    "neither": "neither agrees with the dataset",
}


class FactsTable(Widget):
    """A heading with the tally, and one line a fact; as many as there is room for, the selected one always."""

    DEFAULT_CSS = """
    FactsTable {
        height: 0;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.lines = 0
        """Its height."""
        self._rows: tuple[FactRow, ...] = ()
        self._selected: int | None = None
        self._names: tuple[str, ...] = ()
        self._chances: tuple[Chances, ...] = ()
        self._verdict = ""
        self._limit = 4

    def show(
        self,
        rows: tuple[FactRow, ...],
        selected: int | None,
        names: tuple[str, ...],
        agrees: str | None,
        chances: tuple[Chances, ...],
    ) -> None:
        """Show the facts of one or two sides, one of them pointed at; `agrees` as in `data.facts.Comparison`.

        `chances`: for each side how probable it found what it said, where that is known.
        """
        verdict = (_ALONE if len(names) == 1 else _VERDICTS).get(agrees or "", "").format(*names)
        new = rows, selected, names, verdict, chances
        if new == (self._rows, self._selected, self._names, self._verdict, self._chances):
            return
        self._rows, self._selected, self._names, self._verdict, self._chances = new
        self.set_class(bool(rows), "-filled")
        self._fit()
        self.refresh()

    def allow(self, lines: int) -> None:
        """Say how many facts there is room for."""
        self._limit = lines
        self._fit()

    def render(self) -> Content:
        """The heading and the facts around the selected one."""
        shown = min(self._limit, len(self._rows))
        first = 0
        if self._selected is not None:
            first = max(0, min(self._selected - shown + 1, len(self._rows) - shown))
        lines = [self._heading(first, shown)]
        lines += [self._line(index) for index in range(first, first + shown)]
        return Content("\n").join(lines)

    def _fit(self) -> None:
        height = min(self._limit, len(self._rows)) + 1 if self._rows else 0
        if height != self.lines:
            self.lines = height
            self.styles.height = height

    def _side_width(self) -> int:
        return max(12, int((self.size.width - _MARGIN) * _SIDE_SHARE))

    def _heading(self, first: int, shown: int) -> Content:
        width = self._side_width()
        hidden = len(self._rows) - shown
        said: list[Content | str] = [self._verdict] if self._verdict else []
        if hidden:
            said.append(Content.styled(f"{first + 1:,}-{first + shown:,} of {len(self._rows):,}", "$text-muted"))
        said.append(_tally(self._rows))
        columns = [Content(name).truncate(width - 2, ellipsis=True, pad=True) + "  " for name in self._names]
        names = Content.assemble(" " * _MARGIN, *columns).stylize("$text-muted")
        while len(said) > 1 and names.cell_length + Content("   ").join(said).cell_length > self.size.width:
            said.pop()
        return Content.assemble(names, Content("   ").join(said))

    def _line(self, index: int) -> Content:
        row, width = self._rows[index], self._side_width()
        selected = index == self._selected
        sides = (row.first, row.other)[: len(self._names)]
        room = max(1, self.size.width - _MARGIN - len(sides) * width)
        return Content.assemble(
            ("▸ " if selected else "  ", "$accent"),
            *(_cell(side, width, chances) for side, chances in zip(sides, self._chances, strict=False)),
            Content.styled(literal(row.reason, one_line=True), "" if selected else "$text-muted").truncate(
                room, ellipsis=True
            ),
        )


def _cell(marked: MarkedFact | None, width: int, chances: Chances) -> Content:
    if marked is None:
        return Content(" " * width)
    look = look_of(marked)
    chance = chances.get(marked.fact.start)
    told = Content("") if chance is None else Content.styled(f"  p {chance:.2f}", "$text-muted")
    words = Content.styled(f"{look.sign} {literal(marked.fact.text, one_line=True)}", look.style)
    return (words.truncate(width - 2 - told.cell_length, ellipsis=True) + told).truncate(width - 2, pad=True) + "  "


def _tally(rows: tuple[FactRow, ...]) -> Content:
    """How many rows there are of each state, the worse side counted."""
    counts = Counter(row.rank for row in rows)
    parts = [(f"{look.sign} {counts[look.rank]}", look.style) for look in LOOKS if counts[look.rank]]
    return Content("  ").join([Content.styled(text, style) for text, style in parts])
