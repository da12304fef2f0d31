"""`burnish data edit FILE`: set fields of a row, delete it, or add rows; every other byte stays."""

from __future__ import annotations

import argparse
import json
from typing import Any

from data.errors import InputError
from data.store import RowStore
from data.wording import counted
from tui.commands.data.opening import dataset_file, opened
from tui.commands.data.show import row_at
from tui.commands.parser import print_json
from tui.literal import literal


def add_parser(subparsers: Any) -> None:
    """Add `edit`."""
    parser = subparsers.add_parser(
        "edit",
        description="Set fields of a row, delete it, or add rows at the end. All of it is saved in one step, and every "
        "other byte of the file stays.",
        epilog="A value is a text (--set output='150 MHz'); with := it is JSON (--set tags:='[\"a\"]').",
    )
    parser.add_argument("file", type=dataset_file, metavar="FILE", help="the dataset file")
    parser.add_argument("--row", type=int, metavar="N", help="the row to change, from 1")
    parser.add_argument(
        "--set", type=_assignment, action="append", default=[], metavar="FIELD=VALUE", help="set a field (repeatable)"
    )
    parser.add_argument("--delete", action="store_true", help="delete the row")
    parser.add_argument(
        "--append", type=_row, action="append", default=[], metavar="JSON", help="add a row at the end (repeatable)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON value on stdout, for machines")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    if not (arguments.set or arguments.delete or arguments.append):
        raise InputError("There is nothing to do: give --set, --delete or --append; see `burnish data edit --help`.")
    if (arguments.set or arguments.delete) and arguments.row is None:
        raise InputError("Which row? Give its number with --row, counted from 1.")
    if arguments.row is not None and not (arguments.set or arguments.delete):
        raise InputError(f"What is to be done with row {arguments.row}? Give --set or --delete.")
    if arguments.set and arguments.delete:
        raise InputError("A row is either changed or deleted: give --set or --delete, not both.")
    with opened(arguments.file) as store:
        done = _edit(store, arguments)
        store.save()
        if arguments.json:
            print_json({"file": str(store.path), "rows": len(store), **done})
            return 0
        print(literal(f"{_sentence(arguments, done)}; {store.path.name} has {counted(len(store))}.", one_line=True))
    return 0


def _edit(store: RowStore, arguments: argparse.Namespace) -> dict[str, Any]:
    """Make the edits; what became of the row and the numbers of those added."""
    done: dict[str, Any] = {}
    if arguments.row is not None:
        row = row_at(store, arguments.row)
        done["row"] = row.number
        if arguments.delete:
            store.delete(row.index)
            done["deleted"] = row.values
        else:
            store.set_fields(row.index, dict(arguments.set))
            done["values"] = store.row(row.index).values
    if arguments.append:
        done["appended"] = [store.append(values) + 1 for values in arguments.append]
    return done


def _sentence(arguments: argparse.Namespace, done: dict[str, Any]) -> str:
    parts: list[str] = []
    if arguments.delete:
        parts.append(f"row {done['row']} deleted")
    elif arguments.set:
        parts.append(f"{', '.join(name for name, _ in arguments.set)} of row {done['row']} set")
    if arguments.append:
        numbers = done["appended"]
        parts.append(f"{counted(len(numbers))} added ({', '.join(map(str, numbers))})")
    return ", ".join(parts)


def _assignment(text: str) -> tuple[str, Any]:
    """A field and its value: `output=150 MHz`, `tags:=["a"]`."""
    field, sign, value = text.partition("=")
    if not sign or not field.removesuffix(":"):
        raise InputError(f"{text} sets nothing; write --set FIELD=VALUE, or FIELD:=JSON.")
    if field.endswith(":"):
        return field[:-1], _json(value, f"The value of {field[:-1]}")
    return field, value


def _row(text: str) -> dict[str, Any]:
    values = _json(text, "The row to add")
    if not isinstance(values, dict):
        raise InputError("The row to add is no JSON object; write --append '{\"instruction\": …}'.")
    return values


def _json(text: str, what: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{what} is no JSON: {error}.") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is none of its numbers")
