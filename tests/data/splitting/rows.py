"""Datasets for the tests of splitting."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data.formats.reading import format_of_store
from data.splitting.links import Source
from data.store import RowStore


def pair(question: str, answer: str, **more: Any) -> dict[str, Any]:
    return {"instruction": question, "output": answer, **more}


def source_of(path: Path) -> Source:
    """All rows of a file; the store stays open for the snapshot."""
    store = RowStore.open(path)
    store.index_all()
    return Source(store.snapshot(), format_of_store(store))


def rows_about(things: Sequence[str]) -> list[dict[str, Any]]:
    """A question about each thing, with answers that share nothing."""
    return [
        pair(f"What colour has the {thing}?", f"The {thing} is in colour number {n + 3}.")
        for n, thing in enumerate(things)
    ]
