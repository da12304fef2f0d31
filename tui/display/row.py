"""One row of the cells of a terminal."""

from __future__ import annotations

from tui.display.look import Look


class Row:
    """One row of cells. A glyph of two cells stands in the first; the second holds an empty string."""

    __slots__ = ("glyphs", "looks")

    def __init__(self, glyphs: list[str], looks: list[Look]) -> None:
        self.glyphs = glyphs
        self.looks = looks

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and self.glyphs == other.glyphs and self.looks == other.looks

    __hash__ = None  # type: ignore[assignment]

    def copy(self) -> Row:
        """A row that does not change with this one."""
        return Row(self.glyphs.copy(), self.looks.copy())
