"""A grid of character cells to draw lines on, several dots to a cell."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Literal

from tui.display.characters import UTF8, started_with, terminal_encoding
from tui.widgets.lines import Line

Markers = Literal["braille", "half", "ascii"]
# Bits of Unicode's braille patterns (U+2800 + bits): rows from the top, left and right column.
_BRAILLE = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_TWO_DOTS = {"half": " ▀▄█", "ascii": " '.:"}


def terminal_markers(environment: Mapping[str, str] | None = None) -> Markers:
    """The finest marks that the terminal can be expected to draw.

    ASCII where the locale is not UTF-8; half blocks on the Linux console, whose fonts have no braille patterns.
    """
    if terminal_encoding(environment) != UTF8:
        return "ascii"
    return "half" if (started_with() if environment is None else environment).get("TERM") == "linux" else "braille"


class Canvas:
    """Dots and characters on a grid. What is drawn later lies on top and takes a cell for itself; characters stay.

    A cell has one colour, so dots of different styles are never mixed in one: a bright line stays readable on a band.
    Dots count from the upper left corner: `dot_columns` × `dot_rows` of them.
    """

    def __init__(self, width: int, height: int, markers: Markers) -> None:
        self.width, self.height, self.markers = width, height, markers
        self.per_column, self.per_row = (2, 4) if markers == "braille" else (1, 2)
        self.dot_columns, self.dot_rows = width * self.per_column, height * self.per_row
        self._bits = [[0] * width for _ in range(height)]
        self._styles = [[""] * width for _ in range(height)]
        self._characters: list[dict[int, str]] = [{} for _ in range(height)]
        columns = _BRAILLE if markers == "braille" else ((1, 2),)
        # spans[column][first][last]: the bits of the dots first … last of a cell's dot column.
        self._spans = [
            [[sum(bits[first : last + 1]) for last in range(self.per_row)] for first in range(self.per_row)]
            for bits in columns
        ]

    def bar(self, x: int, top: int, bottom: int, style: str) -> None:
        """A vertical line of dots from row `top` to row `bottom`, both included; what lies outside is left out."""
        top, bottom = max(top, 0), min(bottom, self.dot_rows - 1)
        if not 0 <= x < self.dot_columns or top > bottom:
            return
        column, within = divmod(x, self.per_column)
        spans = self._spans[within]
        first_row, first_dot = divmod(top, self.per_row)
        last_row, last_dot = divmod(bottom, self.per_row)
        for row in range(first_row, last_row + 1):
            start = first_dot if row == first_row else 0
            end = last_dot if row == last_row else self.per_row - 1
            self._add(column, row, spans[start][end], style)

    def line(self, x0: int, y0: int, x1: int, y1: int, style: str) -> None:
        """A line of dots; each dot column gets the whole stretch of rows it crosses, so a steep line has no gaps."""
        if x1 < x0:
            x0, y0, x1, y1 = x1, y1, x0, y0
        if x0 == x1:
            self.bar(x0, min(y0, y1), max(y0, y1), style)
            return
        slope = (y1 - y0) / (x1 - x0)
        for x in range(max(x0, 0), min(x1, self.dot_columns - 1) + 1):
            start = round(y0 + slope * max(x - x0 - 0.5, 0))
            end = round(y0 + slope * min(x - x0 + 0.5, x1 - x0))
            self.bar(x, min(start, end), max(start, end), style)

    def put(self, column: int, row: int, character: str, style: str) -> None:
        """One character in a cell, in place of what was there."""
        if 0 <= column < self.width and 0 <= row < self.height:
            self._characters[row][column] = character
            self._styles[row][column] = style

    def empty(self, column: int, row: int) -> bool:
        """Whether nothing was drawn in a cell."""
        return not self._bits[row][column] and column not in self._characters[row]

    def rows(self) -> list[Line]:
        """The cells as text, neighbours of one style together."""
        return [self._row(row) for row in range(self.height)]

    def _add(self, column: int, row: int, bits: int, style: str) -> None:
        if column in self._characters[row]:
            return
        if self._styles[row][column] != style:
            self._styles[row][column] = style
            self._bits[row][column] = 0
        self._bits[row][column] |= bits

    def _row(self, row: int) -> Line:
        bits, styles = self._bits[row], self._styles[row]
        if self.markers == "braille":
            drawn = [chr(0x2800 + each) if each else " " for each in bits]
        else:
            drawn = [_TWO_DOTS[self.markers][each] for each in bits]
        for column, character in self._characters[row].items():
            drawn[column] = character
        cells = zip(drawn, styles, strict=True)
        return tuple(
            ("".join(each for each, _ in run), style) for style, run in groupby(cells, key=lambda cell: cell[1])
        )
