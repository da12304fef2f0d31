"""Copying rows into another file: added at its end, written as its rows are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from data.errors import InputError
from data.row_append import edit_file
from data.store import RowStore


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied."""

    rows: int
    left_out: int
    """Rows that cannot be read as fields, and so cannot be written into another file."""


def copy_rows(store: RowStore, indices: Iterable[int], target: Path, journals: Path) -> Copied:
    """Add rows of a store, as they are now, at the end of a file; one that is not there is begun as JSONL.

    Raises InputError for a target that is the store's own file, has unsaved edits in the workspace's `journals` or can
    be no new JSONL file, and BurnishError when it cannot be written; the target is then untouched.
    """
    if target.exists() and target.samefile(store.path):
        raise InputError(f"{target.name} is the file that is open; duplicate rows in it instead (D).")
    rows = [store.row(index) for index in indices]
    values = [row.values for row in rows if row.values is not None]
    edit_file(target, journals, partial(_append, rows=values))
    return Copied(len(values), len(rows) - len(values))


def _append(other: RowStore, rows: list[dict[str, Any]]) -> None:
    with other.together("copy rows"):
        for values in rows:
            other.append(values)
