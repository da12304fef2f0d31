"""A rendered row as lines: its text with every token's edges, or a list of its tokens; no colours yet."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from rich.cells import cell_len

from data.rendered_row import RenderedRow
from tui.dataset.cells import GLUE, cut
from tui.literal import literal

EDGE = "│"
"""Between two tokens of a line."""
LEARNT_SIGN, CUT_SIGN = "▌", "✂"
"""Before a line with tokens that carry loss, and before one with tokens that are cut off."""
GUTTER = 2
"""Cells of the sign and the space after it."""
SIGNS = {" ": "·", "\n": "⏎", "\t": "⇥", "\u00a0": "⍽"}
"""How whitespace is shown."""
_SAME = "◦"
"""A token that is another part of the character before it, or of no character; also what varies the one before it."""
_WIDEST = 40
"""Cells of a token's text in the list: few are longer, and what becomes of it stays near."""
_PIECES = re.compile(r"\n|[ \t\u00a0]+|[^ \n\t\u00a0]+")


class Fate(StrEnum):
    """What becomes of a token in training; the values are words for a person."""

    READ = ""
    LEARNT = "loss"
    CUT = "cut off"
    AFTER = "not fed"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a line that looks the same."""

    text: str
    fate: Fate = Fate.READ
    special: bool = False
    """Whether it is a special token."""
    sign: bool = False
    """Whether it stands for whitespace."""
    edge: bool = False
    """Whether it is the edge between two tokens."""


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One line of the screen."""

    parts: tuple[Part, ...]

    @property
    def gutter(self) -> str:
        """The sign before the line."""
        fates = {part.fate for part in self.parts if not part.edge}
        return LEARNT_SIGN if Fate.LEARNT in fates else CUT_SIGN if Fate.CUT in fates else " "


def fate(row: RenderedRow, place: int) -> Fate:
    """What becomes of a token of a row."""
    if place >= row.whole:
        return Fate.AFTER
    if place >= row.whole - row.cut:
        return Fate.CUT
    return Fate.LEARNT if place and row.target_mask[place] else Fate.READ


def text_lines(row: RenderedRow, special: Collection[int], width: int) -> list[TokenLine]:
    """The text of a row in lines of at most `width` cells, the gutter not counted; broken between tokens if possible.

    `special`: the ids of special tokens. A line break of the text breaks the line too.
    """
    width = max(width, 2)
    lines: list[TokenLine] = []
    parts: list[Part] = []
    used = seen = 0

    def end_line() -> None:
        nonlocal used
        lines.append(TokenLine(tuple(parts)))
        parts.clear()
        used = 0

    for place, (start, end) in enumerate(row.offsets):
        shown = row.text[max(start, seen) : end] or _SAME
        seen = max(seen, end)
        what, is_special = fate(row, place), row.token_ids[place] in special
        if parts:
            if used + 1 + cell_len(_first_line(shown)) > width:
                end_line()
            else:
                parts.append(Part(EDGE, what, edge=True))
                used += 1
        for piece in _PIECES.findall(shown):
            sign = piece[0] in SIGNS
            text = "".join(SIGNS[character] for character in piece) if sign else GLUE.sub(_SAME, literal(piece))
            for chunk in _chunks(text, width - used, width):
                if used and used + cell_len(chunk) > width:
                    end_line()
                parts.append(Part(chunk, what, is_special, sign))
                used += cell_len(chunk)
            if piece == "\n":
                end_line()
    if parts:
        end_line()
    return lines


def list_line(row: RenderedRow, special: Collection[int], place: int, width: int) -> TokenLine:
    """One token of a row in a line: its place from 1, its id, its text, and what becomes of it."""
    start, end = row.offsets[place]
    what, is_special = fate(row, place), row.token_ids[place] in special
    text = "".join(SIGNS.get(character, character) for character in row.text[start:end]) or _SAME
    if place and start < row.offsets[place - 1][1]:
        text = f"{_SAME}{text}"
    words = "  ".join(filter(None, (what.value, "special" if is_special else "")))
    numbers = f"{place + 1:>{len(str(len(row.token_ids)))}}  {row.token_ids[place]:>7}  "
    room = min(max(width - len(numbers) - 18, 4), _WIDEST)
    return TokenLine((Part(numbers, edge=True), Part(cut(text, room), what, is_special), Part(f"  {words}", edge=True)))


def _first_line(text: str) -> str:
    return text.partition("\n")[0] + ("⏎" if "\n" in text else "")


def _chunks(text: str, room: int, width: int) -> Iterator[str]:
    """A text in pieces that fit: the first into `room` unless a line of its own takes all of it."""
    if cell_len(text) <= width:
        yield text
        return
    chunk, used, limit = "", 0, room if room > 1 else width
    for character in text:
        size = cell_len(character)
        if chunk and used + size > limit:
            yield chunk
            chunk, used, limit = "", 0, width
        chunk += character
        used += size
    yield chunk
