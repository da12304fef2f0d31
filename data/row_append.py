"""Adding rows to a file that nobody has open for editing, in one step, as its other rows are written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from data.atomic import not_written
from data.errors import InputError
from data.formats import messages
from data.formats.alike import row_alike
from data.formats.conversation import Conversation
from data.formats.detect import look
from data.formats.format import Format
from data.formats.mapping_file import mapping_of
from data.formats.pair import PairError
from data.rows.disk_state import ChangedOnDisk
from data.rows.journal import has_journal
from data.store import RowStore

_NEW_SUFFIXES = (".jsonl", ".ndjson")
_ATTEMPTS = 5
"""How often a file is opened again that somebody else has just written."""

Result = TypeVar("Result")


def edit_file(path: Path, journals: Path, edit: Callable[[RowStore], Result]) -> Result:
    """Make edits to a file and save it; one that is not there is begun as JSONL.

    `journals` is where the workspace keeps unsaved edits: a file that has some is left alone, for they could not be
    saved any more. `edit` is called again where another program wrote to the file meanwhile. Raises InputError for such
    a file, one without rows or of a kind that cannot be begun, and BurnishError when it cannot be written.
    """
    if has_journal(path, journals):
        raise InputError(f"{path.name} has unsaved edits; save them in the dataset pane (w) first.", title="Not added")
    _begin(path)
    for attempt in range(_ATTEMPTS):
        store = RowStore.open(path)
        try:
            store.index_all()
            result = edit(store)
            store.save()
            return result
        except ChangedOnDisk:
            if attempt == _ATTEMPTS - 1:
                raise
        finally:
            store.close(keep_edits=False)
    raise AssertionError


def append_conversation(path: Path, said: Conversation, journals: Path, new: Format = messages) -> int:
    """Add a row at the end of a file that says this, and save it; gives its number, from 1.

    An empty or new file gets rows of the format `new`. Raises as `edit_file`, and InputError where the
    file's format has no place for it.
    """
    return edit_file(path, journals, lambda store: append_to(store, said, new)) + 1


def append_to(store: RowStore, said: Conversation, new: Format = messages) -> int:
    """Add a row at the end of an open store, not saved yet; its index. Raises as `append_conversation`."""
    store.index_all()
    # What the workspace says of the fields goes before what the rows look like.
    form = look(store, mapping_of(store.path)).format if len(store) else new
    return store.append(row_for(store, said, form))


def row_for(store: RowStore, said: Conversation, form: Format | None) -> dict[str, Any]:
    """A row that says this, in a format and with the fields that the rows of a store have.

    Raises InputError where the format is not known or has no place for it.
    """
    name = store.path.name
    if form is None:
        raise InputError(
            f"What the fields of {name} are is not known; open it in the dataset pane and say so with m.",
            title="Not added",
        )
    rows = (store.row(index).values for index in range(len(store)))
    near = next((values for values in rows if values and form.evidence(values)), None)
    try:
        return row_alike(said, form, near)
    except PairError as problem:
        raise InputError(f"{name} holds {form.NAME}, and the new row {problem}.", title="Not added") from problem


def _begin(path: Path) -> None:
    if path.exists():
        return
    if path.suffix.lower() not in _NEW_SUFFIXES:
        raise InputError(f"{path.name} does not exist; name a file that does, or a new one that ends in .jsonl.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666))
    except OSError as error:
        raise not_written(path, error) from error
