"""`burnish data convert IN OUT --to FORMAT`: another format or kind of file, with what gets lost named first."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from data.conversion.plan import Plan, planning_of
from data.conversion.targets import FORMATS, format_named, target_of
from data.conversion.writing import write_conversion
from data.errors import InputError
from data.formats.detect import look
from data.formats.mapping_file import mapping_of
from data.formats.reading import format_of_store
from data.wording import counted
from tui.commands.data.opening import dataset_file, new_file, opened
from tui.commands.parser import print_json
from tui.commands.progress import LineProgress, after_a_while
from tui.literal import literal

_NAMED = 4
"""Losses named in a refusal."""


def add_parser(subparsers: Any) -> None:
    """Add `convert`."""
    parser = subparsers.add_parser(
        "convert",
        description="Write a dataset in another format, or as another kind of file. What would be lost is named, and "
        "then nothing is written without --lossy.",
        epilog=f"formats: {', '.join(FORMATS)}. The kind of file is told by the name of the new file: .jsonl, .json, "
        ".csv, .tsv, .parquet or .txt, with .gz or .zst after it where it is to be compressed.",
    )
    parser.add_argument("file", type=dataset_file, metavar="IN", help="the dataset file")
    parser.add_argument("new", type=Path, metavar="OUT", help="the file to write")
    parser.add_argument("--to", type=format_named, metavar="FORMAT", help="the new format (default: as it is)")
    parser.add_argument("--lossy", action="store_true", help="convert even where something gets lost")
    parser.add_argument("--overwrite", action="store_true", help="replace a file that is there")
    parser.add_argument("--json", action="store_true", help="one JSON value on stdout, for machines")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    new_file(arguments.new, arguments.file, overwrite=arguments.overwrite)
    target = target_of(arguments.new, arguments.to)
    with opened(arguments.file) as store, LineProgress("convert") as progress:
        mapping = mapping_of(store.path)
        form = format_of_store(store, mapping) if target.form else look(store, mapping).format
        planning = planning_of(store, form, target)
        say = after_a_while(progress)
        for done in planning.run():
            say("looking at the rows", done)
        plan = planning.plan
        assert plan is not None
        if plan.losses and not arguments.lossy:
            raise InputError(_refusal(plan), title="Something would be lost")
        write_conversion(plan, arguments.new, lambda done: say("writing", done))
    if arguments.json:
        print_json(_as_json(plan, arguments))
        return 0
    form = target.form or plan.form
    what = f"{form.NAME}, {target.kind}" if form else target.kind
    print(literal(f"{arguments.new.name}: {counted(plan.rows)} written as {what}.", one_line=True))
    if plan.carried:
        fields = ", ".join(f"{name} ({counted(rows)})" for name, rows in plan.carried.items())
        print(literal(f"  carried along: {fields}", one_line=True))
    for loss in plan.losses:
        print(literal(f"  lost: {loss.sentence}", one_line=True))
    return 0


def _refusal(plan: Plan) -> str:
    named = "; ".join(loss.sentence for loss in plan.losses[:_NAMED])
    more = f"; and {counted(len(plan.losses) - _NAMED, 'more thing')}" if len(plan.losses) > _NAMED else ""
    return literal(f"Nothing was written, because something would be lost: {named}{more}. --lossy converts anyway.")


def _as_json(plan: Plan, arguments: argparse.Namespace) -> dict[str, Any]:
    to = plan.target.form or plan.form
    return {
        "file": str(arguments.new),
        "from": plan.form.NAME if plan.form else None,
        "to": to.NAME if to else None,
        "kind": plan.target.kind,
        "read": plan.read,
        "rows": plan.rows,
        "carried": plan.carried,
        "losses": [
            {"what": loss.text, "rows": loss.rows, "first": loss.first, "left_out": loss.left_out}
            for loss in plan.losses
        ],
    }
