"""`burnish data show FILE [--row N]`: what a file holds."""

from __future__ import annotations

import argparse
import json
import shutil
from dataclasses import asdict
from typing import Any

from data.errors import InputError
from data.formats.detect import Detection, look
from data.formats.mapping_file import mapping_of
from data.formats.pair import PairError
from data.rows.row import Row
from data.store import RowStore
from data.wording import counted
from tui.commands.data.opening import dataset_file, opened
from tui.commands.parser import print_json
from tui.dataset.cells import cut
from tui.literal import literal

_FIRST = 10
"""Rows shown of a file."""
_MISFITS = 5
"""Misfits named of a file."""


def add_parser(subparsers: Any) -> None:
    """Add `show`."""
    parser = subparsers.add_parser("show", description="Say what a dataset file holds, or show one row of it.")
    parser.add_argument("file", type=dataset_file, metavar="FILE", help="the dataset file")
    parser.add_argument("--row", type=int, metavar="N", help="the row to show, from 1")
    parser.add_argument("--json", action="store_true", help="one JSON value on stdout, for machines")
    parser.set_defaults(run=_run)


def row_at(store: RowStore, number: int) -> Row:
    """A row by its number, from 1. Raises InputError when the file has no such row."""
    if not 1 <= number <= len(store):
        raise InputError(f"{store.path.name} has no row {number}; it has {counted(len(store))}, counted from 1.")
    return store.row(number - 1)


def _run(arguments: argparse.Namespace) -> int:
    with opened(arguments.file) as store:
        if arguments.row is not None:
            return _show_row(row_at(store, arguments.row), as_json=arguments.json)
        return _show_file(store, look(store, mapping_of(store.path)), as_json=arguments.json)


def _show_row(row: Row, *, as_json: bool) -> int:
    if as_json:
        print_json({"row": row.number, "values": row.values, "error": row.error, "text": row.raw})
        return 0
    if row.values is None:
        print(literal(f"{row.error}\n{row.raw}"))
        return 0
    width = max((len(field) for field in row.values), default=0)
    for field, value in row.values.items():
        lines = literal(_text(value)).split("\n")
        print(f"{literal(field, one_line=True):<{width}}  {lines[0]}".rstrip())
        for line in lines[1:]:
            print(f"{'':<{width}}  {line}".rstrip())
    return 0


def _show_file(store: RowStore, found: Detection, *, as_json: bool) -> int:
    rows = [store.row(index) for index in range(min(len(store), _FIRST))]
    if as_json:
        print_json(
            {
                "file": str(store.path),
                "kind": store.format_name,
                "rows": len(store),
                "format": found.format.NAME if found.format else None,
                "evidence": found.evidence,
                "proposal": _proposal(found),
                "misfits": [{"row": misfit.row_number, "reason": misfit.reason} for misfit in found.misfits],
                "first": [{"row": row.number, "values": row.values, "error": row.error} for row in rows],
            }
        )
        return 0
    print(literal(f"{store.path.name}  {store.format_name} · {counted(len(store))} · {found.name}", one_line=True))
    print(literal(f"{found.evidence}; {store.evidence}", one_line=True))
    if found.proposal:
        print(literal(f"  {found.proposal.evidence}", one_line=True))
    for misfit in found.misfits[:_MISFITS]:
        print(literal(f"  row {misfit.row_number} {misfit.reason}", one_line=True))
    if len(found.misfits) > _MISFITS:
        print(f"  … and {counted(len(found.misfits) - _MISFITS)} more, of {found.rows:,} looked at")
    width = max(shutil.get_terminal_size((100, 24)).columns - 8, 20)
    for row in rows:
        asked, answered = _said(row, found)
        print(f"{row.number:>4}  {cut(asked, width * 2 // 5)}  {cut(answered, width - width * 2 // 5)}".rstrip())
    return 0


def _said(row: Row, found: Detection) -> tuple[str, str]:
    """What a row asks and what it answers; its text where it is no such row."""
    if row.values is None:
        return row.error or "", ""
    try:
        conversation = found.format.conversation(row.values, row.number) if found.format else None
    except PairError as error:
        return f"row {row.number} {error}", ""
    if conversation is None:
        return row.raw, ""
    turns = conversation.turns + (conversation.preference.chosen if conversation.preference else ())
    asked = next((turn.text for turn in turns if turn.role != "assistant"), "")
    answered = next((turn.text for turn in reversed(turns) if turn.role == "assistant"), "")
    return asked, answered


def _proposal(found: Detection) -> dict[str, str] | None:
    """The fields of the proposed mapping that are there."""
    return {name: field for name, field in asdict(found.proposal.mapping).items() if field} if found.proposal else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
