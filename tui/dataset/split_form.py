"""The questions before a dataset is split, and what the split would be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from textual.content import Content

from data.errors import InputError
from data.splitting.leakage import Leakage
from data.splitting.split import ANSWER_KIND, LENGTH, Split, SplitOptions, held_out_of
from data.wording import counted
from tui.dataset.ask_panel import Asked
from tui.literal import literal
from tui.widgets.lines import Line

_NONE = "nothing"
_SHOWN = 8
_WHY, _LONGEST = 28, 300
"""Cells of the reason, and characters of a question."""


def questions(path: Path, fields: Sequence[str]) -> list[Asked]:
    """What is asked about the two new files."""
    name = path.name.split(".")[0]
    return [
        Asked("held_out", "held out", "10 %", about="A share such as 10 %, or a number of rows."),
        Asked(
            "by_fact",
            "rows on one fact",
            "stay together",
            ("stay together", "fall apart"),
            "Paraphrases and doubles of a question on both sides make a held-out loss that says nothing.",
        ),
        Asked(
            "stratify",
            "same shares of",
            _NONE,
            (_NONE, ANSWER_KIND, LENGTH, *fields),
            "Both sides get the same shares of each value of this.",
        ),
        Asked("seed", "seed", "0", about="Another seed is another split; the same seed is the same split."),
        Asked("train", "train file", f"{name}_train.jsonl", about="The rows to train on, byte for byte."),
        Asked("held_out_file", "held-out file", f"{name}_held_out.jsonl", about="The rows that are held out."),
    ]


def options(values: Mapping[str, str]) -> SplitOptions:
    """What the answers mean. Raises InputError for a share or a seed that is none."""
    stratify = "" if values["stratify"] == _NONE else values["stratify"]
    try:
        seed = int(values["seed"])
    except ValueError as error:
        raise InputError(f"The seed is {values['seed'] or 'missing'}; give a whole number.") from error
    return SplitOptions(held_out_of(values["held_out"]), values["by_fact"] == "stay together", stratify, seed)


def files(values: Mapping[str, str], workspace: Path) -> tuple[Path, Path]:
    """The two new files. Raises InputError for names that are in use or missing."""
    found: list[Path] = []
    for name in ("train", "held_out_file"):
        typed = Path(values[name].strip()).expanduser()
        path = typed if typed.is_absolute() else workspace / typed
        if not typed.name or path.is_dir():
            raise InputError("Type a name for each of the two files.")
        if path.exists():
            raise InputError(f"{typed} is there already; choose another name.")
        found.append(path)
    return found[0], found[1]


def outcome(split: Split) -> Content:
    """How many rows fall on each side, and what stays together."""
    held = len(split.held_out)
    parts: list[str | tuple[str, str]] = [f"{split.rows - held:,} rows to train on, {held:,} held out\n"]
    if split.groups:
        reasons = ", ".join(f"{why} ({links:,})" for why, links in split.reasons.items())
        numbers = ", ".join(map(str, split.largest[:_SHOWN])) + (" …" if len(split.largest) > _SHOWN else "")
        words = f"{counted(split.groups, 'group')} of {counted(split.grouped)} kept together: {reasons}\n"
        parts += [words, (f"the largest has {counted(len(split.largest))}: {numbers}\n", "$dim")]
    for name, (train, out) in list(split.strata.items())[:_SHOWN]:
        parts.append((f"{literal(name or '(empty)', one_line=True)}: {train:,} and {out:,}\n", "$dim"))
    if split.unread:
        parts.append((f"{counted(len(split.unread))} cannot be read, and stay with those to train on\n", "$differs"))
    return Content.assemble(*parts)


def leakage_lines(found: Leakage, first: str, second: str, question: Callable[[int], str]) -> list[Line]:
    """What two files have in common, row by row; `question` gives that of a row of the second, counted from 1."""
    first, second = literal(first, one_line=True), literal(second, one_line=True)
    shared = f"{len(found.matches):,} of {found.other_rows:,} rows of {second} ({found.share:.0%})"
    lines: list[Line] = [((f"  {shared} are in {first} too", ""),)]
    lines += [((f"  {count:>7,}  {why}", "dim"),) for why, count in found.counts.items()]
    if found.matches:
        lines += [(), ((f"  {'there':>7}  {'here':>7}  {'why':<{_WHY}}  question", "dim"),)]
    for match in found.matches:
        asked = literal(question(match.other)[:_LONGEST], one_line=True)
        rows = f"  {match.other:>7,}  {match.row:>7,}  "
        lines.append(((rows, ""), (f"{match.why:<{_WHY}}  ", "differs"), (asked, "")))
    return lines
