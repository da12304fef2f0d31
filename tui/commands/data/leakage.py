"""`burnish data leakage A B`: what two files have in common, row by row."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from data.formats.mapping_file import mapping_of
from data.formats.reading import format_of_store, read_as
from data.splitting.leakage import Leakage, LeakageMeasure
from data.splitting.links import Source
from data.splitting.questions import asked
from data.store import RowStore
from data.wording import counted
from tui.commands.data.opening import dataset_file, opened
from tui.commands.parser import print_json
from tui.commands.progress import LineProgress, after_a_while
from tui.dataset.cells import cut
from tui.literal import literal

_QUESTION = 60
"""Cells of a question that are shown."""


def add_parser(subparsers: Any) -> None:
    """Add `leakage`."""
    parser = subparsers.add_parser(
        "leakage",
        description="Show which rows of one file ask or state what rows of another do: those that a model trained on "
        "the first file has seen.",
    )
    parser.add_argument("file", type=dataset_file, metavar="A", help="the file that is trained on")
    parser.add_argument("other", type=dataset_file, metavar="B", help="the file that is held out")
    parser.add_argument("--limit", type=int, default=50, metavar="N", help="rows shown (default: 50; --json has all)")
    parser.add_argument("--json", action="store_true", help="one JSON value on stdout, for machines")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    with opened(arguments.file) as first, opened(arguments.other) as second, LineProgress("leakage") as progress:
        sources = [_source(store) for store in (first, second)]
        measure = LeakageMeasure(*sources)
        say = after_a_while(progress)
        for done in measure.run():
            say("comparing the rows", done)
        found = measure.result
        assert found is not None
        if arguments.json:
            print_json(_as_json(found, arguments.file, arguments.other))
        else:
            _print(found, first, second, sources, max(arguments.limit, 0))
    return 0


def _source(store: RowStore) -> Source:
    return Source(store.snapshot(), format_of_store(store, mapping_of(store.path)))


def _as_json(found: Leakage, first: Path, second: Path) -> dict[str, Any]:
    return {
        "a": str(first),
        "b": str(second),
        "rows_a": found.rows,
        "rows_b": found.other_rows,
        "share": found.share,
        "counts": found.counts,
        "matches": [{"a": match.row, "b": match.other, "why": match.why} for match in found.matches],
    }


def _print(found: Leakage, first: RowStore, second: RowStore, sources: list[Source], limit: int) -> None:
    one, other = (literal(store.path.name, one_line=True) for store in (first, second))
    if not found.matches:
        print(f"{one} and {other} have nothing in common ({counted(found.rows)} and {counted(found.other_rows)}).")
        return
    reasons = ", ".join(f"{why} ({count:,})" for why, count in found.counts.items())
    of = f"{len(found.matches):,} of {counted(found.other_rows)} ({found.share:.0%}) of {other}"
    print(f"{of} ask or state what {one} does: {reasons}")
    for match in found.matches[:limit]:
        print(f"row {match.row} ~ row {match.other}  {match.why}")
        for store, source, number in ((first, sources[0], match.row), (second, sources[1], match.other)):
            row = store.row(number - 1)
            text = asked(read_as(source.form, row.values or {}, number))
            print(f"  {number:>6}  {cut(text, _QUESTION)}".rstrip())
    if len(found.matches) > limit:
        print(f"… and {counted(len(found.matches) - limit)} more; --json has all of them")
