"""Rows in another order than that of the file, found in slices between which the screen lives."""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.rows.row import LONG_ROW, Snapshot, as_bytes
from data.rows.text import RowError
from data.store import RowStore
from tui.dataset.columns import Format
from tui.dataset.known import KnownRows
from tui.dataset.slices import Slices

Key = float | str
_BLOCK = 10_000
"""Rows sorted at once (some 5 ms); the blocks are merged in slices."""
_LETTERS = 40
"""Characters by which texts are put in order; what is longer and begins alike stays in the order of the file."""


@dataclass(frozen=True, slots=True)
class Order:
    """By what the rows are sorted."""

    by: str
    """The title of a column of text, or a measure."""
    descending: bool = False

    def __str__(self) -> str:
        return f"{self.by} {'↓' if self.descending else '↑'}"


_MEASURES: Mapping[str, tuple[str, bool]] = {
    "n": ("row", False),
    "t": ("tokens", True),
    "c": ("characters", True),
    "f": ("flags", True),
    "l": ("loss", True),
}


def orders(form: Format) -> dict[str, tuple[str, bool]]:
    """The key to press, what it sorts by, and whether the largest comes first at first: columns, then measures."""
    found: dict[str, tuple[str, bool]] = {}
    for place, column in enumerate(form.columns, 1):
        letters = (letter for letter in column.title.lower() if letter.isascii() and letter.isalpha())
        key = next((letter for letter in letters if letter not in found and letter not in _MEASURES), str(place))
        found[key] = (column.title, False)
    return found | dict(_MEASURES)


async def sort_rows(
    store: RowStore,
    rows: Sequence[int] | None,
    order: Order,
    form: Format,
    known: KnownRows,
    tell: Callable[[int], None],
) -> array[int]:
    """The indices of rows (None for all) in an order; `tell` hears how many rows were looked at, between slices."""
    snapshot, slices = store.snapshot(), Slices()
    blocks: list[list[tuple[Key, int]]] = []
    block: list[tuple[Key, int]] = []
    texts: Iterable[tuple[int, bytes]] = (
        enumerate(snapshot.texts()) if rows is None else ((index, as_bytes(store.text(index))) for index in rows)
    )
    sign = -1 if order.descending else 1
    for count, (index, text) in enumerate(texts, 1):
        block.append((_key(snapshot, order, form, known, index, text), sign * index))
        if len(block) == _BLOCK:
            blocks.append(sorted(block, reverse=order.descending))
            block = []
        if count % 8 == 0 and slices.due:
            if slices.tells:
                tell(count)
            await slices.pause()
    blocks.append(sorted(block, reverse=order.descending))
    merged: array[int] = array("Q")
    for _, index in heapq.merge(*blocks, reverse=order.descending):
        merged.append(sign * index)
        if slices.due:
            await slices.pause()
    return merged


def _key(snapshot: Snapshot, order: Order, form: Format, known: KnownRows, index: int, text: bytes) -> Key:
    """What a row is compared by; rows of which it is not known come last in a falling order."""
    match order.by:
        case "row":
            return index
        case "flags":
            return len(known.flags(index))
        case "loss":
            loss = known.loss(text)
            return -1.0 if loss is None else loss
    titles = [column.title for column in form.columns]
    values = _values(snapshot, text)
    if order.by in titles:
        return "" if values is None else form.cells(values, index + 1)[titles.index(order.by)].casefold()[:_LETTERS]
    if order.by == "tokens":
        count = None if values is None else known.tokens(values, index + 1)
        return -1 if count is None else count
    return len(text)


def _values(snapshot: Snapshot, text: bytes) -> dict[str, Any] | None:
    try:
        return snapshot.read(text) if len(text) <= LONG_ROW else None
    except RowError:
        return None
