"""`burnish data check FILE`: what looks wrong in a dataset."""

from __future__ import annotations

import argparse
import time
from typing import Any

from data.errors import InputError
from data.facts import use_synonyms
from data.formats.detect import look
from data.formats.mapping_file import mapping_of
from data.quality.checker import MAX_TOKENS, Checker
from data.quality.registry import CHECKS, NAMES
from data.quality.report import as_lines, as_markdown, as_values
from data.templates import Template
from data.wording import counted
from engine.jobs.events import Note
from tui.commands.data.opening import dataset_file, opened
from tui.commands.parser import existing_folder, print_json
from tui.commands.progress import LineProgress
from tui.literal import literal

_QUIET = 2.0
"""Seconds after which progress is shown."""


def add_parser(subparsers: Any) -> None:
    """Add `check`."""
    width = max(map(len, NAMES))
    parser = subparsers.add_parser(
        "check",
        description="Say what looks wrong in a dataset: which rows, and why.",
        epilog="checks:\n" + "\n".join(f"  {check.name:<{width}}  {check.what}" for check in CHECKS),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=dataset_file, metavar="FILE", help="the dataset file")
    parser.add_argument("--only", type=_names, metavar="A,B", default=NAMES, help="run these checks and no others")
    parser.add_argument("--skip", type=_names, metavar="A,B", default=(), help="leave these checks out")
    parser.add_argument("--model", help="count tokens with the tokenizer and template of this model")
    parser.add_argument(
        "--max-tokens", type=int, default=MAX_TOKENS, metavar="N", help=f"longest row (default: {MAX_TOKENS})"
    )
    parser.add_argument("--markdown", action="store_true", help="the report as Markdown")
    parser.add_argument(
        "-C", "--workspace", type=existing_folder, default=".", help="whose synonyms count (default: this folder)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON value on stdout, for machines: every flag")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    if arguments.max_tokens < 1:
        raise InputError(f"--max-tokens is {arguments.max_tokens}; give 1 or more.")
    names = [name for name in arguments.only if name not in arguments.skip]
    template = _template(arguments.model) if arguments.model else None
    use_synonyms(arguments.workspace)
    with opened(arguments.file) as store:
        checker = Checker(
            store.snapshot(),
            look(store, mapping_of(store.path)).format,
            checks=names,
            template=template,
            max_tokens=arguments.max_tokens,
        )
        _drive(checker)
    if arguments.json:
        print_json({"file": str(arguments.file), **as_values(checker)})
    elif arguments.markdown:
        print(literal(as_markdown(checker, arguments.file.name)), end="")
    else:
        for line in as_lines(checker):
            print(literal(line, one_line=True).rstrip())
    return 0


def _drive(checker: Checker) -> None:
    """Run the checks to their end; what takes long says on stderr how far it is."""
    started = time.monotonic()
    with LineProgress("check") as progress:
        for done in checker.run():
            if time.monotonic() - started > _QUIET:
                progress.note(Note(f"{checker.seen:,} of {counted(checker.rows)} looked at", done))


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if unknown := [name for name in names if name not in NAMES]:
        raise InputError(f"There is no check “{unknown[0]}”; there are {', '.join(NAMES)}.")
    return names


def _template(model: str) -> Template:
    from engine.models.resolve import resolve

    return Template.from_model(resolve(model, report=lambda _: None))
