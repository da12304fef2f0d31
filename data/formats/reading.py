"""Pairs and conversations of a file of any format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from data.errors import InputError
from data.formats.conversation import Conversation
from data.formats.detect import format_of, look
from data.formats.format import Format
from data.formats.pair import Pair, PairError, Read, read_pairs
from data.store import RowStore


def pairs(rows: RowStore | Path) -> Iterator[Pair]:
    """The pair of each row in order, as the file's format has it; a store is read with its unsaved edits.

    Raises InputError naming file and row for the first row of another format and the first that gives no pair, naming
    the fields where no format is recognised, and as `RowStore.open` does.
    """
    return _read(rows, Conversation.pair)


def conversations(rows: RowStore | Path) -> Iterator[Conversation]:
    """The conversation of each row in order; otherwise as `pairs`."""
    return _read(rows, lambda conversation: conversation)


def _read(rows: RowStore | Path, take: Callable[[Conversation], Read]) -> Iterator[Read]:
    store = RowStore.open(rows) if isinstance(rows, Path) else rows
    try:
        store.index_all()
        form = _format(store)

        def read(values: dict[str, Any], row_number: int) -> Read:
            own = format_of(values)
            if own not in (form, None):
                raise PairError(f"is {own.NAME}, where the file is {form.NAME}")
            return take(form.conversation(values, row_number))

        yield from read_pairs(store, read)
    finally:
        if store is not rows:
            store.close()


def _format(store: RowStore) -> Format:
    found = look(store)
    if found.format is None:
        sentence = f"{store.path.name} is of no format that can be read here: {found.evidence}."
        raise InputError(sentence, title="Unknown format")
    return found.format
