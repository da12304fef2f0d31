"""What every format gives to training and to the table: a question and its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from data.errors import InputError
from data.store import RowStore

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Pair:
    """One question with the answer that a model should give."""

    question: str
    answer: str
    row_number: int
    """Row of the file, from 1."""
    system: str | None = None
    """What the system prompt says for this row; None where the row has none."""


class PairError(ValueError):
    """Why a row gives no pair: the words after "row 12 …", without a full stop."""


def read_pairs(rows: RowStore | Path, pair: Callable[[dict[str, Any], int], Read]) -> Iterator[Read]:
    """The pair (or what `pair` makes) of each row in order; a store is read as it is now, with its unsaved edits.

    Raises InputError naming file and row for the first one that gives no pair, and as `RowStore.open` does.
    """
    store = RowStore.open(rows) if isinstance(rows, Path) else rows
    try:
        store.index_all()
        for row in store.snapshot().rows():
            if row.values is None:
                raise InputError(f"{store.path.name}: {row.error}", title="A row cannot be read")
            try:
                yield pair(row.values, row.number)
            except PairError as error:
                sentence = f"{store.path.name}, row {row.number} {error}; mend or delete that row."
                raise InputError(sentence, title="A row cannot be used") from error
    finally:
        if store is not rows:
            store.close()
