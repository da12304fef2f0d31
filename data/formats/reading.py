"""Pairs and conversations of a file of any format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from data.errors import InputError
from data.formats.conversation import Conversation
from data.formats.detect import Misfit, format_of, look, unreadable
from data.formats.format import Format
from data.formats.mapping import FieldMapping
from data.formats.mapping_file import NAME as MAPPINGS
from data.formats.pair import Pair, PairError, Read, read_pairs
from data.store import RowStore

_NAME_THEM = f"Say which fields are which in {MAPPINGS} of the workspace, or as dataset.mapping of a job."


def pairs(rows: RowStore | Path, mapping: FieldMapping | None = None) -> Iterator[Pair]:
    """The pair of each row in order, as the file's format or a mapping has it; a store is read with its unsaved edits.

    Raises InputError naming file and row for the first row of another format and the first that gives no pair, naming
    the fields where no format is recognised, and as `RowStore.open` does.
    """
    return _read(rows, mapping, Conversation.pair)


def conversations(rows: RowStore | Path, mapping: FieldMapping | None = None) -> Iterator[Conversation]:
    """The conversation of each row in order; otherwise as `pairs`."""
    return _read(rows, mapping, lambda conversation: conversation)


def each_pair(rows: RowStore | Path, mapping: FieldMapping | None = None) -> Iterator[Pair | Misfit]:
    """Of each row in order the pair, or why there is none; nothing for a file without rows.

    Raises InputError where no format is recognised, and as `RowStore.open` does.
    """
    return _each(rows, mapping, Conversation.pair)


def each_conversation(rows: RowStore | Path, mapping: FieldMapping | None = None) -> Iterator[Conversation | Misfit]:
    """Of each row in order the conversation, or why there is none; otherwise as `each_pair`."""
    return _each(rows, mapping, lambda conversation: conversation)


def read_as(form: Format, values: Mapping[str, Any], row_number: int) -> Conversation:
    """What a row of a file of this format says. Raises PairError, also where the row itself is of another format."""
    own = None if isinstance(form, FieldMapping) else format_of(values)
    if own not in (form, None):
        raise PairError(f"is {own.NAME}, where the file is {form.NAME}")
    return form.conversation(values, row_number)


def format_of_store(store: RowStore, mapping: FieldMapping | None = None) -> Format:
    """The format of a store. Raises InputError when none is recognised, naming the fields."""
    found = look(store, mapping)
    if found.format is None:
        why = f"{store.path.name} is of no format that can be read here: {found.evidence}"
        if found.proposal:
            raise InputError(f"{why}; {found.proposal.evidence}. {_NAME_THEM}", title="Unknown format")
        if found.misfits:
            why += f"; row {found.misfits[0].row_number} {found.misfits[0].reason}"
        raise InputError(f"{why}.", title="Unknown format")
    return found.format


def _each(
    rows: RowStore | Path, mapping: FieldMapping | None, take: Callable[[Conversation], Read]
) -> Iterator[Read | Misfit]:
    with _opened(rows) as store:
        form = format_of_store(store, mapping) if len(store) else None
        if form is None:
            return
        for row in store.snapshot().rows():
            if row.values is None:
                yield Misfit(row.number, unreadable(row))
                continue
            try:
                yield take(read_as(form, row.values, row.number))
            except PairError as error:
                yield Misfit(row.number, str(error))


def _read(rows: RowStore | Path, mapping: FieldMapping | None, take: Callable[[Conversation], Read]) -> Iterator[Read]:
    with _opened(rows) as store:
        form = format_of_store(store, mapping)
        yield from read_pairs(store, lambda values, row_number: take(read_as(form, values, row_number)))


@contextmanager
def _opened(rows: RowStore | Path) -> Iterator[RowStore]:
    store = RowStore.open(rows) if isinstance(rows, Path) else rows
    try:
        store.index_all()
        yield store
    finally:
        if store is not rows:
            store.close()
