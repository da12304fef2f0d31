"""`burnish facts A B` and `burnish facts --batch FILE`: compare the facts in two texts, or in many pairs of answers."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from data.errors import InputError
from data.wording import counted
from tui.commands.parser import Parser, existing_folder, print_json
from tui.literal import literal

if TYPE_CHECKING:
    from data.facts import Comparison

_EPILOG = """
--batch reads one JSON object a line: {"id", "question", "reference", "answer_a", "answer_b"}; question and reference
may be left out. With --json one object a line comes back: {"id", "label", "agrees", "facts_a", "facts_b", "differing"},
with character offsets into the answers. A line that cannot be read is named on stderr, the others are compared, and the
exit code is 2. A synonym file is TOML: same = [["SoC", "system on a chip"], ["acetaminophen", "paracetamol"]].
"""
_REASON_WIDTH = 70


def run(words: list[str]) -> int:
    """Say which facts of two texts are the same, which conflict, and which agree with a reference."""
    parser = Parser(
        prog="burnish facts",
        description="Compare the facts in two texts, or in the pairs of answers of a file.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("a", nargs="?", help="one text")
    parser.add_argument("b", nargs="?", help="the other text")
    parser.add_argument("--batch", metavar="FILE", help="a JSONL file of pairs of answers; - for standard input")
    parser.add_argument("--question", help="what was asked; facts it names are not counted as answers")
    parser.add_argument("--reference", help="the right answer")
    parser.add_argument(
        "--synonyms",
        metavar="FILE",
        type=Path,
        help="names that mean the same (default: .burnish/synonyms.toml of the workspace)",
    )
    parser.add_argument(
        "-C", "--workspace", type=existing_folder, default=".", help="the workspace (default: this folder)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object for each pair on stdout, for machines")
    arguments = parser.parse_args(words)
    given = [text is not None for text in (arguments.a, arguments.b, arguments.question, arguments.reference)]
    if arguments.batch is None and not all(given[:2]):
        parser.error("give two texts to compare, or a file of pairs with --batch")
    if arguments.batch is not None and any(given):
        parser.error("--batch takes its texts, questions and references from the file alone")
    from data.facts import load_synonyms, use_synonyms

    if arguments.synonyms:
        load_synonyms(arguments.synonyms)
    else:
        use_synonyms(arguments.workspace)
    if arguments.batch is not None:
        return _compare_file(arguments.batch, as_json=arguments.json)
    return _compare_two(arguments)


def _compare_two(arguments: argparse.Namespace) -> int:
    from data.facts import compare, comparison_record

    result = compare(arguments.a, arguments.b, question=arguments.question or "", reference=arguments.reference or None)
    if arguments.json:
        print_json(comparison_record(result, None))
        return 0
    print(f"{result.label}" + (f"; with the reference agrees: {result.agrees}" if result.agrees else ""))
    for each in result.differing:
        print(literal(f"  {each.reason}", one_line=True))
    return 0


def _compare_file(name: str, *, as_json: bool) -> int:
    """Compare the pairs of a file, or of standard input; 2 when a line could not be read."""
    if name == "-":
        opened, shown = nullcontext(sys.stdin.buffer), "standard input"
    else:
        opened, shown = _open(name), name
    with opened as lines:
        return _compare_lines(lines, shown, as_json=as_json)


def _open(name: str) -> BinaryIO:
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise InputError(f"The file {name} cannot be read: {error.strerror}.") from error


def _compare_lines(lines: Iterable[bytes], shown: str, *, as_json: bool) -> int:
    from data.facts import compare, comparison_record
    from data.facts.pairs import read_pair
    from data.rows.text import RowError

    labels: Counter[str] = Counter()
    sides: Counter[str] = Counter()
    bad = 0
    for number, line in enumerate(lines, 1):
        try:
            pair = read_pair(line)
        except RowError as error:
            bad += 1
            print(f"burnish: {literal(f'Line {number} of {shown} {error}.', one_line=True)}", file=sys.stderr)
            continue
        if pair is None:
            continue
        result = compare(pair.answer_a, pair.answer_b, question=pair.question, reference=pair.reference)
        labels[result.label] += 1
        sides[result.agrees or ""] += 1
        if as_json:
            print_json(comparison_record(result, pair.name))
        else:
            print(_line(str(number if pair.name is None else pair.name), result))
    if not as_json:
        print(_summary(labels, sides, bad))
    return 2 if bad else 0


def _line(name: str, result: Comparison) -> str:
    reason = result.differing[0].reason if result.differing else ""
    more = f" (and {len(result.differing) - 1} more)" if len(result.differing) > 1 else ""
    short = reason if len(reason) <= _REASON_WIDTH else reason[: _REASON_WIDTH - 1] + "…"
    text = f"{name:<14} {result.label:<9} {result.agrees or '':<7} {short}{more}"
    return literal(text, one_line=True).rstrip()


def _summary(labels: Counter[str], sides: Counter[str], bad: int) -> str:
    parts = [f"{counted(labels.total(), 'pair')}: {labels['same']:,} same, {labels['different']:,} different"]
    if labels.total() > sides[""]:
        agree = ", ".join(f"{side} {sides[side]:,}" for side in ("A", "B", "both", "neither"))
        parts.append(f"with the reference agree: {agree}")
    if bad:
        parts.append(f"{counted(bad, 'line')} could not be read")
    return "; ".join(parts) + "."
