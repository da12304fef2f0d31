"""How wide the columns of the row table are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.dataset.columns import TextColumn

GAP = 2
"""Cells between two columns."""
_NARROW = 36
"""Below this width there is room for one text column only."""
_MIDDLE, _WIDE = 60, 100
"""Widths from which the measures are shown, and the flags in words."""
_TOKENS, _LOSS, _SIGNS, _FLAGS = 5, 5, 3, 16
_BEFORE = 5
"""Cursor, mark, a space, sign and a space around the number."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Widths in cells; what is 0 is left out."""

    number: int
    texts: tuple[int, ...]
    tokens: int
    loss: int
    flags: int


def layout(width: int, rows: int, columns: Sequence[TextColumn], *, tokens: bool, loss: bool, flags: bool) -> Layout:
    """The columns of a table of this width, of so many rows; `tokens`, `loss` and `flags`: whether there are any."""
    number = max(3, len(str(rows)))
    middle = width >= _MIDDLE
    tokens_width = _TOKENS if tokens and middle else 0
    loss_width = _LOSS if loss and middle else 0
    flags_width = 0 if not flags or width < _NARROW else _FLAGS if width >= _WIDE else _SIGNS
    extras = sum(each + GAP for each in (tokens_width, loss_width, flags_width) if each)
    room = max(width - number - _BEFORE - 1 - extras, 0)
    if width < _NARROW or len(columns) == 1:
        return Layout(number, (room,), tokens_width, loss_width, flags_width)
    texts = _shared(room - GAP * (len(columns) - 1), [column.share for column in columns])
    return Layout(number, texts, tokens_width, loss_width, flags_width)


def _shared(room: int, shares: Sequence[int]) -> tuple[int, ...]:
    """A width for each share; what rounding leaves goes to the last one."""
    whole = sum(shares)
    widths = [max(room, 0) * share // whole for share in shares[:-1]]
    return (*widths, max(room - sum(widths), 0))
