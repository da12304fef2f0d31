"""Opening the file that a command of the group is given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import InputError
from data.store import RowStore
from engine.datasets.files import HubDataset, hub_dataset
from tui.commands.progress import LineProgress
from tui.literal import literal

_FILES = {".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt", ".parquet", ".gz", ".zst"}
"""What a name ends in that is a file's and no dataset's."""


def dataset_file(text: str) -> Path:
    """The path of a file that must be there; `owner/name` (and `:part`) is fetched from the hub where no file is.

    Raises InputError where there is neither, and BurnishError when the hub does not give it.
    """
    path = Path(text)
    if path.is_file():
        return path
    if path.is_dir():
        raise InputError(f"{text} is a folder; give one dataset file.")
    dataset = None if path.parent.is_dir() else hub_dataset(text)
    if dataset is None or path.suffix.lower() in _FILES:
        raise InputError(f"There is no file {text}.")
    return _fetched(dataset, text)


def _fetched(dataset: HubDataset, name: str) -> Path:
    from engine.datasets.fetch import fetch

    with LineProgress("fetch") as progress:
        paths = fetch(dataset, Path(), report=progress.note)
        if len(paths) > 1:
            others = ", ".join(str(path) for path in paths[1:])
            progress.say(literal(f"{name} is in {len(paths)} files: {paths[0]} is taken, not {others}", one_line=True))
    return paths[0]


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
