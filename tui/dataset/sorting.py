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
    """One of `ORDERS`."""
    descending: bool = False

    def __str__(self) -> str:
        return f"{self.by} {'↓' if self.descending else '↑'}"


ORDERS: Mapping[str, tuple[str, bool]] = {
    "n": ("row", False),
    "q": ("question", False),
    "a": ("answer", False),
    "t": ("tokens", True),
    "c": ("characters", True),
    "f": ("flags", True),
    "l": ("loss", True),
}
"""The key to press, what it sorts by, and whether the largest comes first at first."""


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
    values = _values(snapshot, text)
    if values is None:
        return "" if order.by in ("question", "answer") else -1
    match order.by:
        case "tokens":
            count = known.tokens(values, index + 1)
            return -1 if count is None else count
        case "question":
            return form.question(values).casefold()[:_LETTERS]
        case "answer":
            return form.answer(values).casefold()[:_LETTERS]
    return len(text)


def _values(snapshot: Snapshot, text: bytes) -> dict[str, Any] | None:
    try:
        return snapshot.read(text) if len(text) <= LONG_ROW else None
    except RowError:
        return None
