"""`burnish data stats FILE`: what a dataset amounts to."""

from __future__ import annotations

import argparse
import shutil
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from data.formats.mapping_file import mapping_of
from data.formats.reading import format_of_store
from data.statistics import Counting, CountTokens, Statistics, drawn
from data.wording import counted
from tui.commands.data.opening import dataset_file, opened
from tui.commands.parser import print_json
from tui.commands.progress import LineProgress, after_a_while
from tui.literal import literal


def add_parser(subparsers: Any) -> None:
    """Add `stats`."""
    parser = subparsers.add_parser("stats", description="Count rows, lengths, turns and different questions.")
    parser.add_argument("file", type=dataset_file, metavar="FILE", help="the dataset file")
    parser.add_argument(
        "--model", help="count tokens with the tokenizer and template of this model (default: count characters)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON value on stdout, for machines")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    count_tokens = _tokens(arguments.model) if arguments.model else None
    with opened(arguments.file) as store, LineProgress("stats") as progress:
        form = format_of_store(store, mapping_of(store.path))
        counting = Counting(store.snapshot(), form, count_tokens)
        say = after_a_while(progress)
        for done in counting.run():
            say("counting", done)
    result = counting.result
    assert result is not None
    if arguments.json:
        print_json({"file": str(arguments.file), "format": form.NAME, **asdict(result)})
    else:
        _print(arguments.file.name, form.NAME, result)
    return 0


def _print(name: str, form: str, result: Statistics) -> None:
    print(literal(f"{name}  {form}", one_line=True))
    lines = [("rows", f"{result.rows:,}"), ("questions", f"{result.questions:,} different")]
    if result.unusable:
        why = f"row {result.first_unusable} {result.reason}"
        lines.append(("unusable", f"{counted(result.unusable)} (the first: {why})"))
    lines.append(("turns", ", ".join(f"{turns} in {counted(rows)}" for turns, rows in result.turns.items()) or "–"))
    lengths = result.lengths
    if lengths:
        spread = f"median {lengths.median:,}, 95 % up to {lengths.most:,}, longest {lengths.longest:,}"
        lines.append((lengths.unit, f"{lengths.total:,}: {spread} (row {lengths.longest_row})"))
    for label, text in lines:
        print(literal(f"  {label:<10}  {text}", one_line=True))
    if lengths:
        width = min(shutil.get_terminal_size((80, 24)).columns, 80)
        print()
        for line in drawn(lengths.histogram, width - 2):
            print(f"  {line}".rstrip())


def _tokens(model: str) -> CountTokens:
    from data.rendered_row import count_rows
    from data.templates import Template
    from engine.models.tokenizer import tokenizer_directory

    return partial(count_rows, Template.from_model(tokenizer_directory(model, Path())))
