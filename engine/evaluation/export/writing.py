"""Writing a batch into a file of the kind that its name tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from data.atomic import write_atomically
from data.errors import InputError
from engine.evaluation.export.page import page
from engine.evaluation.export.tables import csv_lines, json_lines, markdown_lines
from engine.reports import BatchAdvanced

WRITERS: dict[str, Callable[[BatchAdvanced], Iterable[str]]] = {
    ".jsonl": json_lines,
    ".csv": csv_lines,
    ".md": markdown_lines,
    ".html": page,
}
"""By the ending of a file's name."""


def write_export(batch: BatchAdvanced, path: Path) -> None:
    """Write a batch into a new file. Raises InputError for another ending or a file that is there already.

    Raises BurnishError when it cannot be written.
    """
    check_name(path)
    writer = WRITERS[path.suffix.lower()]
    # Half of a surrogate pair, which a server may send, has no UTF-8.
    write_atomically(path, (text.encode("utf-8", "replace") for text in writer(batch)))


def check_name(path: Path) -> None:
    """Raise InputError for an ending that tells no kind, or a file that is there already."""
    if path.suffix.lower() not in WRITERS:
        raise InputError(f"{path.name} must end in {', '.join(WRITERS)}: that tells what is written.")
    if path.exists():
        raise InputError(f"{path} is there already; choose another name.")


def free_name(folder: Path, batch_id: str, ending: str) -> Path:
    """A name for an export that no file has yet."""
    path, number = folder / f"{batch_id}{ending}", 1
    while path.exists():
        number += 1
        path = folder / f"{batch_id}-{number}{ending}"
    return path
