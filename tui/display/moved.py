"""Rows that stand higher or lower than before: a terminal moves them itself, for a few bytes instead of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from tui.display.row import Row

LEAST_ROWS = 4
"""Rows that differ, before any is looked for elsewhere."""
WORTH = 100
"""Cells that have to be spared: setting the margins, moving and lifting them again takes some thirty bytes."""
_EDGE = 2
"""Cells at each end of a row that are not compared when it is looked for: a frame, and the scroll bar."""


class Move(NamedTuple):
    """Rows from `top` to `bottom` (both from 0, inclusive) go up by so many lines; down where `up` is negative."""

    top: int
    bottom: int
    up: int


def find_move(rows: Sequence[Row], shown: Sequence[Row | None], changed: Sequence[int]) -> Move | None:
    """The move after which the least is left to send; None where none spares enough. `changed` are rows that differ."""
    if len(changed) < LEAST_ROWS:
        return None
    places: dict[str, list[int]] = {}
    for y, row in enumerate(shown):
        if row is not None and (text := _text(row)):
            places.setdefault(text, []).append(y)
    found = [(y, old - y) for y in changed for old in places.get(_text(rows[y]), ()) if old != y]
    votes = Counter(up for _, up in found)
    if not votes:
        return None
    up, _ = votes.most_common(1)[0]
    targets = [y for y, each in found if each == up]
    first, last = min(targets), max(targets)
    move = Move(min(first, first + up), max(last, last + up), up)
    return move if _spared(rows, shown, move) >= WORTH else None


def moved(shown: Sequence[Row | None], move: Move) -> list[Row | None]:
    """What the terminal shows after a move; None for rows that came in."""
    top, bottom, up = move
    came = [shown[y + up] if top <= y + up <= bottom else None for y in range(top, bottom + 1)]
    return [*shown[:top], *came, *shown[bottom + 1 :]]


def _text(row: Row) -> str:
    """What a row is known by; "" for a blank one, which is found everywhere."""
    return "".join(row.glyphs[_EDGE:-_EDGE]).strip()


def _spared(rows: Sequence[Row], shown: Sequence[Row | None], move: Move) -> int:
    after = moved(shown, move)
    within = range(move.top, move.bottom + 1)
    return sum(_differing(rows[y], shown[y]) - _differing(rows[y], after[y]) for y in within)


def _differing(row: Row, shown: Row | None) -> int:
    """Cells that would have to be sent."""
    if shown is None:
        return len(row.glyphs)
    same = zip(row.glyphs, shown.glyphs, row.looks, shown.looks, strict=True)
    return sum(glyph != other or look != worn for glyph, other, look, worn in same)
