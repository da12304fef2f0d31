"""Text broken into lines of a width, cheaply enough to do again for every streamed chunk."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from rich.cells import cell_len, get_character_cell_size

TAB = "    "
"""What a tab is drawn as."""

# CJK and full-width characters may be parted anywhere; everything else only at blanks (a no-break space is none).
_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\U00020000-\U0003fffd"
_PIECE = re.compile(rf"\n|[ \t]+|[{_WIDE}]|[^ \t\n{_WIDE}]+")


class WrappedText:
    """A growing text as lines of at most `width` cells, each a pair of character offsets.

    A sign of one cell may stand before any character; it is never parted from it. Greedy wrapping looks back one line
    at most, so an update costs what was added, not what is there.
    """

    def __init__(self) -> None:
        self.text = ""
        self.lines: list[tuple[int, int]] = [(0, 0)]
        """Start and end offset of each line; blanks at a line's end may stand out over the width."""
        self._width = 0
        self._signs: tuple[int, ...] = ()

    def update(self, text: str, width: int, signs: Sequence[int] = (), kept: int = 0) -> int:
        """Wrap what changed; `signs` are the offsets, ascending, of the characters with a sign before them.

        `kept` is how many characters are known to be as they were. Returns the first line that may look different now.
        """
        signs = tuple(signs)
        changed = self._first_change(text, max(1, width), signs, kept)
        if changed is None:
            return len(self.lines)
        first = max(0, bisect_right(self.lines, changed, key=lambda line: line[0]) - 2)
        start = self.lines[first][0]
        self.text, self._width, self._signs = text, max(1, width), signs
        del self.lines[first:]
        self._wrap(start)
        return first

    def line_of(self, offset: int) -> int:
        """The line in which a character stands."""
        return max(0, bisect_right(self.lines, offset, key=lambda line: line[0]) - 1)

    def _first_change(self, text: str, width: int, signs: tuple[int, ...], kept: int) -> int | None:
        if width != self._width:
            return 0
        if text == self.text and signs == self._signs:
            return None
        changed = len(self.text) if text.startswith(self.text) else min(kept, len(self.text))
        for old, new in zip(self._signs, signs, strict=False):
            if old != new:
                return min(changed, old, new)
        shorter = min(len(signs), len(self._signs))
        for rest in (self._signs[shorter:], signs[shorter:]):
            changed = min((changed, *rest[:1]))
        return changed

    def _wrap(self, start: int) -> None:
        text, width, signs, lines = self.text, self._width, self._signs, self.lines
        line_start, column = start, 0
        for piece in _PIECE.finditer(text, start):
            begin, end = piece.span()
            first = text[begin]
            if first == "\n":
                lines.append((line_start, begin))
                line_start, column = end, 0
                continue
            marks = bisect_left(signs, end) - bisect_left(signs, begin)
            if first in " \t":
                column += marks + sum(len(TAB) if blank == "\t" else 1 for blank in piece.group())
                continue
            cells = marks + cell_len(piece.group())
            if column + cells <= width:
                column += cells
                continue
            if line_start < begin:
                lines.append((line_start, begin))
                line_start = begin
            column = cells
            if cells > width:
                line_start, column = self._break_long(begin, end)
        lines.append((line_start, len(text)))

    def _break_long(self, begin: int, end: int) -> tuple[int, int]:
        """Part a piece that is longer than a line anywhere; gives the start and the cells of what is left over."""
        text, width, signs, lines = self.text, self._width, set(self._signs), self.lines
        line_start, column = begin, 0
        for offset in range(begin, end):
            cells = get_character_cell_size(text[offset])
            taken = cells + (offset in signs)
            if cells and column + taken > width and offset > line_start:
                lines.append((line_start, offset))
                line_start, column = offset, 0
            column += taken
        return line_start, column
