"""`burnish data split FILE`: rows to train on and rows to hold out."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from data.conversion.plan import Plan
from data.formats.mapping_file import mapping_of
from data.formats.reading import format_of_store
from data.splitting.links import Source
from data.splitting.split import ANSWER_KIND, LENGTH, Split, SplitOptions, Splitting, held_out_of
from data.splitting.writing import check_files, write_split
from data.wording import counted
from tui.commands.data.opening import dataset_file, new_file, opened
from tui.commands.parser import print_json
from tui.commands.progress import LineProgress, after_a_while
from tui.literal import literal

_SHOWN = 8
"""Rows named of the largest group."""


def add_parser(subparsers: Any) -> None:
    """Add `split`."""
    parser = subparsers.add_parser(
        "split",
        description="Split a dataset into rows to train on and rows to hold out. Rows that ask or state the same stay "
        "on one side; rows of JSONL are copied byte for byte.",
    )
    parser.add_argument("file", type=dataset_file, metavar="FILE", help="the dataset file")
    parser.add_argument(
        "--held-out", type=held_out_of, required=True, metavar="10%", help="a share, or a number of rows"
    )
    parser.add_argument("--train", type=Path, required=True, metavar="OUT", help="file of the rows to train on")
    parser.add_argument("--held-out-file", type=Path, required=True, metavar="OUT", help="file of those held out")
    parser.add_argument(
        "--by-fact", action=argparse.BooleanOptionalAction, default=True, help="keep rows on one fact on one side"
    )
    parser.add_argument(
        "--stratify", default="", metavar="FIELD", help=f"the same shares of each value; also {ANSWER_KIND}, {LENGTH}"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="another seed is another split (default: 0)")
    parser.add_argument("--overwrite", action="store_true", help="replace files that are there")
    parser.add_argument("--json", action="store_true", help="one JSON value on stdout, for machines")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    outputs: tuple[Path, Path] = (arguments.train, arguments.held_out_file)
    for path in outputs:
        new_file(path, arguments.file, overwrite=arguments.overwrite)
    check_files(*outputs)
    options = SplitOptions(arguments.held_out, arguments.by_fact, arguments.stratify, arguments.seed)
    with opened(arguments.file) as store, LineProgress("split") as progress:
        form = format_of_store(store, mapping_of(store.path))
        splitting = Splitting(Source(store.snapshot(), form), options)
        say = after_a_while(progress)
        for done in splitting.run():
            say("comparing the rows", done)
        split = splitting.split
        assert split is not None
        plans = write_split(store, form, split, *outputs)
    if arguments.json:
        print_json(_as_json(split, plans, outputs))
    else:
        _print(split, plans, outputs)
    return 0


def _as_json(split: Split, plans: tuple[Plan, Plan], outputs: tuple[Path, Path]) -> dict[str, Any]:
    return {
        "train": {"file": str(outputs[0]), "rows": plans[0].rows},
        "held_out": {"file": str(outputs[1]), "rows": plans[1].rows, "of": sorted(row + 1 for row in split.held_out)},
        "groups": split.groups,
        "grouped": split.grouped,
        "largest_group": split.largest,
        "links": split.reasons,
        "unread": split.unread,
        "strata": {name: {"train": train, "held_out": held} for name, (train, held) in split.strata.items()},
    }


def _print(split: Split, plans: tuple[Plan, Plan], outputs: tuple[Path, Path]) -> None:
    for label, plan, path in zip(("train", "held out"), plans, outputs, strict=True):
        share = plan.rows / max(split.rows, 1)
        print(literal(f"{label:<9} {plan.rows:>8,} {'row ' if plan.rows == 1 else 'rows'}  {share:>4.0%}  {path}"))
    if split.groups:
        reasons = ", ".join(f"{why} ({links:,})" for why, links in split.reasons.items())
        print(f"{counted(split.groups, 'group')} of {counted(split.grouped)} kept together: {reasons}")
        numbers = ", ".join(map(str, split.largest[:_SHOWN])) + (" …" if len(split.largest) > _SHOWN else "")
        print(f"  the largest has {counted(len(split.largest))}: {numbers}")
    for name, (train, held) in split.strata.items():
        print(literal(f"  {name or '(empty)'}: {train:,} and {held:,}", one_line=True))
    if split.unread:
        print(
            f"{counted(len(split.unread))} cannot be read, and went to those trained on (the first: {split.unread[0]})"
        )
