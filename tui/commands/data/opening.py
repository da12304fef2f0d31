"""Opening the file that a command of the group is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import InputError
from data.store import RowStore

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


def dataset_file(text: str) -> Path:
    """The path of a file that must be there. Raises InputError, with what to do about a dataset of the hub."""
    path = Path(text)
    if path.is_file():
        return path
    if path.is_dir():
        raise InputError(f"{text} is a folder; give one dataset file.")
    if _HUB_ID.fullmatch(text) and not path.parent.is_dir():
        raise InputError(f"There is no file {text}; a dataset of the hub is fetched first, then its file can be given.")
    raise InputError(f"There is no file {text}.")


def new_file(path: Path, *sources: Path, overwrite: bool) -> None:
    """Raise InputError for a file that may not be written: a folder, a source, or (unless `overwrite`) any other."""
    if path.is_dir():
        raise InputError(f"{path} is a folder; name the file to write.")
    if not path.exists():
        return
    if any(path.samefile(source) for source in sources):
        raise InputError(f"{path} is the file that is read; give the new file another name.")
    if not overwrite:
        raise InputError(f"{path} is there already; give another name, or --overwrite to replace it.")


@contextmanager
def opened(path: Path) -> Iterator[RowStore]:
    """A dataset file with all its rows known. Raises InputError as `RowStore.open` does."""
    store = RowStore.open(path)
    try:
        store.index_all()
        yield store
    finally:
        store.close()
