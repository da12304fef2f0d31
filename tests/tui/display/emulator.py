"""A terminal emulator that is fed frames, and the cells it shows."""

from __future__ import annotations

import pyte
from pyte import modes
from pyte.screens import Char


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
        return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]

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
