"""Writing glyphs to a terminal: knows where its cursor is and how it draws, and moves it the shortest way."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui.display.look import PLAIN, Look, transition

_BLANKS = re.compile(" {4,}")
_WORTH_ERASING = 12
"""Blanks from which on erasing them, and moving over them, is shorter than writing them."""

_UNSEEN_ON_BLANKS = frozenset({"1", "2", "3"})
"""Bold, dim and italic."""

_FILLING = ("xterm", "tmux", "alacritty", "foot", "rxvt", "linux", "konsole", "st-", "wezterm", "putty")
"""How the names of terminals begin that erase in the colour of the background ("bce" in terminfo, which knows it of
fewer). GNU screen does not; tmux does, by the same name."""


def fills(environment: Mapping[str, str]) -> bool:
    """Whether the terminal gives cells that it erases the background that is set."""
    return environment.get("TERM", "").startswith(_FILLING) or "TMUX" in environment


class Pen:
    """Collects one frame. It starts with an unknown cursor and the plain look, and leaves the look plain again."""

    def __init__(self, columns: int, *, erases: bool = False) -> None:
        self._columns = columns
        self.erases = erases
        """Whether many blanks in a row are erased instead of written."""
        self._out: list[str] = []
        self.drew = False
        """Whether anything was taken."""
        self._x: int | None = None
        """The cursor's column from 0; None where terminals may differ: after doubtful glyphs and at the right edge."""
        self._y: int | None = None
        self._look = PLAIN

    def take(self) -> str:
        """What was written since the last time."""
        taken = "".join(self._out)
        self._out.clear()
        self.drew = self.drew or bool(taken)
        return taken

    def finish(self, x: int, y: int) -> str:
        """The end of the frame: a plain look and the cursor at a place."""
        self._turn(PLAIN)
        self._out.append(self._way(x, y))
        return self.take()

    def move(self, x: int, y: int) -> None:
        """Put the cursor on a cell."""
        self._out.append(self._way(x, y))
        self._x, self._y = x, y

    def scroll(self, top: int, bottom: int, up: int) -> None:
        """Move the rows from `top` to `bottom` (inclusive) up by so many lines, or down; what comes in is unknown.

        By deleting or inserting lines within margins (DECSTBM, DL and IL of the VT102), which every terminal knows.
        """
        lines = f"\x1b[{up}M" if up > 0 else f"\x1b[{-up}L"
        self._out.append(f"\x1b[{top + 1};{bottom + 1}r\x1b[{top + 1}H{lines}\x1b[r")
        self._x = self._y = None

    def write(self, text: str, look: Look, cells: int) -> None:
        """Write glyphs on whose cells all terminals agree."""
        self._turn(look)
        plain = look.attributes <= _UNSEEN_ON_BLANKS and not look.link
        if self.erases and plain and self._x is not None and cells == len(text):
            self._write_and_erase(text)
        else:
            self._put(text, cells)

    def _put(self, text: str, cells: int) -> None:
        self._out.append(text)
        if self._x is not None:
            self._x = self._x + cells if self._x + cells < self._columns else None

    def _write_and_erase(self, text: str) -> None:
        """Write characters of one cell each; many blanks in a row are erased, which leaves the cursor before them."""
        written = 0
        for blanks in _BLANKS.finditer(text):
            start, end = blanks.span()
            assert self._x is not None
            at = self._x - written + start
            to_edge = at + end - start == self._columns
            if not to_edge and end - start < _WORTH_ERASING:
                continue
            if start > written:
                self._put(text[written:start], start - written)
            if to_edge:
                self._out.append("\x1b[K")
                return
            self._out.append(f"\x1b[{end - start}X")
            if end == len(text):
                return
            self._out.append(f"\x1b[{end - start}C")
            self._x = at + end - start
            written = end
        if written < len(text):
            self._put(text[written:], len(text) - written)

    def write_doubtful(self, glyph: str, look: Look, cells: int) -> None:
        """Write a glyph that may take more or fewer cells than counted; those it leaves free are blank."""
        assert self._x is not None
        assert self._y is not None
        x, y = self._x, self._y
        self.write(" " * cells, look, cells)
        self.move(x, y)
        self._out.append(glyph)
        self._x = None

    def bridge(self, glyphs: list[str], looks: list[Look], x: int, y: int) -> bool:
        """Reach a cell further right in the row by writing again the narrow glyphs up to it, where that is shorter.

        `glyphs` and `looks` are the whole row. False when moving is as good; nothing is written then.
        """
        if self._x is None or self._y != y or x < self._x:
            return False
        gap = glyphs[self._x : x]
        if any(look is not self._look and look != self._look for look in looks[self._x : x]):
            return False
        text = "".join(gap)
        if len(text) > 8 or len(text.encode()) > len(self._way(x, y)):
            return False
        self._out.append(text)
        self._x = x
        return True

    def _turn(self, look: Look) -> None:
        if look is not self._look:
            self._out.append(transition(self._look, look))
            self._look = look

    def _way(self, x: int, y: int) -> str:
        """The shortest sequence to a cell."""
        if (x, y) == (self._x, self._y):
            return ""
        ways = [f"\x1b[{y + 1};{x + 1}H"]
        if self._y is not None:
            across = self._across(self._x, x)
            if y == self._y:
                ways.append(across)
            elif self._y < y:
                ways.append("\r" + "\n" * (y - self._y) + self._across(0, x))
                if x == self._x:
                    ways.append(_relative(y - self._y, "B"))
            elif x == self._x:
                ways.append(_relative(self._y - y, "A"))
        return min(ways, key=len)

    @staticmethod
    def _across(start: int | None, x: int) -> str:
        """The shortest sequence to a column of the same row."""
        if start == x:
            return ""
        ways = ["\r" if x == 0 else f"\x1b[{x + 1}G"]
        if start is not None:
            ways.append(_relative(x - start, "C") if x > start else "\b" * (start - x))
            if x < start:
                ways.append(_relative(start - x, "D"))
        return min(ways, key=len)


def _relative(cells: int, letter: str) -> str:
    return f"\x1b[{cells}{letter}" if cells > 1 else f"\x1b[{letter}"
