"""Running checks over rows made in a test."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data.formats.detect import look
from data.quality.checker import Checker
from data.quality.flag import Flag
from data.quality.registry import NAMES
from data.store import RowStore

Rows = Sequence[Mapping[str, Any]]


def qa(question: str, answer: str, **more: Any) -> dict[str, Any]:
    """A row of Alpaca."""
    return {"instruction": question, "output": answer, **more}


def talk(*turns: tuple[str, str]) -> dict[str, Any]:
    """A row of OpenAI messages."""
    return {"messages": [{"role": role, "content": content} for role, content in turns]}


def check_file(path: Path, checks: Sequence[str] = NAMES, **options: Any) -> Checker:
    """All that the checks say of a file."""
    store = RowStore.open(path)
    try:
        store.index_all()
        checker = Checker(store.snapshot(), look(store).format, checks=checks, **options)
        for _ in checker.run():
            continue
        return checker
    finally:
        store.close()


def check(folder: Path, rows: Rows, *checks: str, **options: Any) -> Checker:
    """All that some checks say of rows."""
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return check_file(path, checks or NAMES, **options)


def flags(folder: Path, rows: Rows, name: str, **options: Any) -> list[Flag]:
    """The flags of one check, in order of row."""
    found = check(folder, rows, name, **options).flags
    return [flag for row in sorted(found) for flag in found[row]]


def flagged(folder: Path, rows: Rows, name: str, **options: Any) -> list[int]:
    """The indices of the rows that one check flags."""
    return [flag.row for flag in flags(folder, rows, name, **options)]
