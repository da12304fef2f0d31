"""A terminal emulator that is fed frames, and the cells it shows."""

from __future__ import annotations

from itertools import pairwise

import pyte
from pyte import modes
from pyte.screens import Char
from rich.cells import cell_len


class Emulator:
    """pyte, set up as Textual sets a terminal up: no automatic wrap."""

    def __init__(self, columns: int, lines: int) -> None:
        self.screen = pyte.Screen(columns, lines)
        self.screen.reset_mode(modes.DECAWM)
        self._stream = pyte.Stream(self.screen)

    def feed(self, data: str) -> None:
        """Show what is written."""
        self._stream.feed(data)

    @property
    def cells(self) -> list[list[Char]]:
        """Every cell with its attributes."""
        screen = self.screen
        return [_whole([screen.buffer[y][x] for x in range(screen.columns)]) for y in range(screen.lines)]

    def differing(self, other: Emulator) -> int:
        """Cells that are not the other's."""
        return sum(
            cell != wanted
            for row, expected in zip(self.cells, other.cells, strict=True)
            for cell, wanted in zip(row, expected, strict=True)
        )

    def assert_same(self, other: Emulator) -> None:
        """Both show the same, cell by cell."""
        for y, (row, expected) in enumerate(zip(self.cells, other.cells, strict=True)):
            for x, (cell, wanted) in enumerate(zip(row, expected, strict=True)):
                assert cell == wanted, f"row {y}, column {x}: {cell} instead of {wanted}"


def _whole(row: list[Char]) -> list[Char]:
    """The row, blank where half a wide glyph was written over: terminals make the other half blank, pyte does not."""
    padded = [*row, row[-1]._replace(data=" ")]
    wide = [cell_len(cell.data[:1]) == 2 and right.data == "" for cell, right in pairwise(padded)]
    halves = (
        not kept and (cell.data == "" or cell_len(cell.data[:1]) == 2) for cell, kept in zip(row, wide, strict=True)
    )
    follows = [False, *wide[:-1]]
    return [
        cell._replace(data=" ") if half and not behind else cell
        for cell, half, behind in zip(row, halves, follows, strict=True)
    ]
