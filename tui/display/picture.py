"""The cells that a terminal should show, those that it does show, and what takes it from these to those."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from rich.color import ColorSystem
from rich.segment import Segment

from tui.display.glyphs import all_narrow, clusters, steady
from tui.display.look import PLAIN, look_of
from tui.display.moved import find_move, moved
from tui.display.pen import Pen
from tui.display.row import Row


class Picture:
    """The screen as it should be, beside the screen as it was last sent. Starts blank, with nothing sent.

    With `erases`, many blanks in a row are erased, for a terminal that does so in the colour of the background.
    """

    def __init__(self, columns: int, lines: int, *, erases: bool = False) -> None:
        self.size = (columns, lines)
        self._erases = erases
        self.rows = [Row([" "] * columns, [PLAIN] * columns) for _ in range(lines)]
        self._shown: list[Row | None] = [None] * lines
        self._changed = set(range(lines))
        self._cursor = (-1, -1)

    def forget(self) -> None:
        """The terminal may show anything by now: the next frame sends every cell."""
        self._shown = [None] * len(self.rows)
        self._changed = set(range(len(self.rows)))

    def put(self, x: int, y: int, segments: Iterable[Segment], system: ColorSystem) -> None:
        """Draw segments from a cell on. What leaves the screen is cut off; what combines stays within the segments."""
        columns = self.size[0]
        if not (0 <= y < len(self.rows) and 0 <= x < columns):
            return
        row = self.rows[y]
        glyphs, looks = row.glyphs, row.looks
        start = x
        if not glyphs[x]:  # the right half of a glyph that ends here
            glyphs[x - 1] = " "
        for text, style, control in segments:
            if control or not text:
                continue
            look = look_of(style, system)
            if all_narrow(text):
                glyphs[x : x + len(text)] = text
                looks[x : x + len(text)] = [look] * len(text)
                x += len(text)
                continue
            for glyph, cells in clusters(text):
                if cells:
                    glyphs[x : x + cells] = [glyph] + [""] * (cells - 1)
                    looks[x : x + cells] = [look] * cells
                    x += cells
                elif start < x <= columns:
                    base = x - 1
                    while base > start and not glyphs[base]:
                        base -= 1
                    glyphs[base] += glyph
        if len(glyphs) > columns:
            if not glyphs[columns]:  # the left half would stand in the last cell
                _blank_end(glyphs, columns)
            del glyphs[columns:], looks[columns:]
        elif x < columns and not glyphs[x]:
            glyphs[x] = " "
        self._changed.add(y)

    def frame(self, cursor: tuple[int, int]) -> list[str]:
        """What makes the terminal show the picture, its cursor at a cell (column and row from 0); empty when it does.

        In pieces, between which something else may be asked of the terminal.
        """
        pieces: list[str] = []
        pen = Pen(self.size[0], erases=self._erases)
        changed = self._differing(sorted(self._changed))
        if move := find_move(self.rows, self._shown, changed):
            pen.scroll(move.top, move.bottom, move.up)
            pieces.append(pen.take())
            self._shown = moved(self._shown, move)
            changed = self._differing(sorted({*changed, *range(move.top, move.bottom + 1)}))
        for y in changed:
            row, shown = self.rows[y], self._shown[y]
            if shown is None or not (all_narrow(row.glyphs) and all_narrow(shown.glyphs)):
                _send_row(pen, y, row)
            else:
                _send_difference(pen, y, row, shown)
            self._shown[y] = row.copy()
            pieces.append(pen.take())
        self._changed.clear()
        if not pen.drew and cursor == self._cursor:
            return []
        self._cursor = cursor
        return [*pieces, pen.finish(*cursor)]

    def _differing(self, rows: Iterable[int]) -> list[int]:
        """Those of some rows that the terminal does not show as they should be."""
        return [y for y in rows if (shown := self._shown[y]) is None or self.rows[y] != shown]


def _blank_end(glyphs: list[str], columns: int) -> None:
    """Make the last glyph of a row spaces, which the edge cuts in two."""
    x = columns
    while x > 0 and not glyphs[x]:
        x -= 1
    glyphs[x:columns] = [" "] * (columns - x)


def _send_row(pen: Pen, y: int, row: Row) -> None:
    """Every cell of a row, from left to right."""
    x = 0
    pen.move(0, y)
    for look, group in groupby(zip(row.glyphs, row.looks, strict=True), key=lambda cell: cell[1]):
        glyphs = [glyph for glyph, _ in group]
        if all_narrow(glyphs):
            pen.move(x, y)
            pen.write("".join(glyphs), look, len(glyphs))
            x += len(glyphs)
            continue
        for at, glyph in enumerate(glyphs):
            if glyph:
                cells = 1
                while at + cells < len(glyphs) and not glyphs[at + cells]:
                    cells += 1
                pen.move(x, y)
                if steady(glyph):
                    pen.write(glyph, look, cells)
                else:
                    pen.write_doubtful(glyph, look, cells)
                x += cells


def _send_difference(pen: Pen, y: int, row: Row, shown: Row) -> None:
    """The cells of a narrow row that differ, in runs of one look; blanks that are erased together count as one run."""
    glyphs, looks = row.glyphs, row.looks
    old_glyphs, old_looks = shown.glyphs, shown.looks
    columns = len(glyphs)
    x = 0
    while x < columns:
        if glyphs[x] == old_glyphs[x] and looks[x] == old_looks[x]:
            x += 1
            continue
        start, look, end = x, looks[x], x
        while x < columns and looks[x] == look:
            if glyphs[x] != old_glyphs[x] or old_looks[x] != look:
                end = x + 1
            elif not (pen.erases and glyphs[x] == glyphs[x - 1] == " "):
                break
            x += 1
        x = end
        if not pen.bridge(glyphs, looks, start, y):
            pen.move(start, y)
        pen.write("".join(glyphs[start:x]), look, x - start)
