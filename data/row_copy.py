"""Copying rows into another file: added at its end, written as its rows are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.atomic import write_atomically
from data.errors import InputError
from data.store import RowStore

_NEW_SUFFIXES = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied."""

    rows: int
    left_out: int
    """Rows that cannot be read as fields, and so cannot be written into another file."""


def copy_rows(store: RowStore, indices: Iterable[int], target: Path) -> Copied:
    """Add rows of a store, as they are now, at the end of a file; one that is not there is begun as JSONL.

    Raises InputError for a target that is the store's own file or can be no new JSONL file, and BurnishError when it
    cannot be written; the target is then untouched.
    """
    if target.exists() and target.samefile(store.path):
        raise InputError(f"{target.name} is the file that is open; duplicate rows in it instead (D).")
    rows = [store.row(index) for index in indices]
    values = [row.values for row in rows if row.values is not None]
    if target.exists():
        _append(target, values)
    elif target.suffix.lower() in _NEW_SUFFIXES:
        target.parent.mkdir(parents=True, exist_ok=True)
        lines = (json.dumps(each, ensure_ascii=False) + "\n" for each in values)
        write_atomically(target, (line.encode("utf-8", "surrogatepass") for line in lines))
    else:
        raise InputError(f"{target.name} does not exist; name a file that does, or a new one that ends in .jsonl.")
    return Copied(len(values), len(rows) - len(values))


def _append(target: Path, rows: list[dict[str, Any]]) -> None:
    other = RowStore.open(target)
    try:
        other.index_all()
        with other.together("copy rows"):
            for values in rows:
                other.append(values)
        other.save()
    finally:
        other.close(keep_edits=False)
