"""What the checks found, as lines of text, as Markdown, and as plain values for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from data.quality.check import Check
from data.quality.checker import Checker
from data.quality.flag import Flag
from data.wording import counted

WORST = 10
"""Rows shown with their reasons."""


def worst_rows(checker: Checker, most: int = WORST) -> list[tuple[int, list[Flag]]]:
    """The rows with the most flags, by index from 0, with what is wrong with each; earlier rows first."""
    order = sorted(checker.flags, key=lambda row: (-len(checker.flags[row]), row))
    return [(row, checker.flags[row]) for row in order[:most]]


def as_lines(checker: Checker) -> list[str]:
    """The report for a terminal; the texts come from the file and are not made safe to print."""
    lines = [_summary(checker), ""]
    lines += _table([("", "check", "rows", "time"), *_counts(checker)])
    if checker.findings:
        lines += ["", "The file as a whole"]
        lines += [f"  {finding.text} {finding.suggestion}".rstrip() for finding in checker.findings]
    worst = worst_rows(checker)
    if worst:
        lines += ["", "Rows with the most flags"]
        for row, flags in worst:
            lines += [f"  row {row + 1}: {flag.reason}  [{flag.check}]" for flag in flags]
    return lines


def as_markdown(checker: Checker, name: str) -> str:
    """The report as a Markdown document with `name`, the file's, as its heading."""
    lines = [f"# Quality of {_escaped(name)}", "", _summary(checker), ""]
    lines += ["| check | rows | time | what it flags | what it costs |", "|---|---:|---:|---|---|"]
    times = {check: seconds for _, check, _, seconds in _counts(checker)}
    for check in checker.checks:
        count = f"{checker.counts[check.name]:,}"
        lines.append(
            f"| {check.title} (`{check.name}`) | {count} | {times[check.name]} | {check.what} | {check.cost} |"
        )
    if checker.findings:
        lines += ["", "## The file as a whole", ""]
        lines += [f"- {_escaped(f'{finding.text} {finding.suggestion}'.rstrip())}" for finding in checker.findings]
    worst = worst_rows(checker)
    if worst:
        lines += ["", "## Rows with the most flags", "", "| row | check | reason |", "|---:|---|---|"]
        for row, flags in worst:
            lines += [f"| {row + 1:,} | `{flag.check}` | {_escaped(flag.reason)} |" for flag in flags]
    return "\n".join([*lines, ""])


def as_values(checker: Checker) -> dict[str, Any]:
    """The report for JSON: every flag in order of row, rows counted from 1.

    A row with a secret or an address shows no fix, because a fix holds the row's text.
    """
    return {
        "rows": checker.rows,
        "flagged_rows": len(checker.flags),
        "checks": [
            {
                "name": check.name,
                "title": check.title,
                "what": check.what,
                "cost": check.cost,
                "flags": checker.counts[check.name],
                "seconds": round(checker.seconds[check.name], 4),
            }
            for check in checker.checks
        ],
        "findings": [
            {
                "check": finding.check,
                "text": finding.text,
                "figures": dict(finding.figures),
                "suggestion": finding.suggestion,
            }
            for finding in checker.findings
        ],
        "flags": [value for row in sorted(checker.flags) for value in _flags(checker.flags[row])],
    }


def _flags(flags: list[Flag]) -> Iterator[dict[str, Any]]:
    private = any(flag.check in ("secret", "email") for flag in flags)
    for flag in flags:
        yield {
            "row": flag.row + 1,
            "check": flag.check,
            "reason": flag.reason,
            "other_row": None if flag.other is None else flag.other + 1,
            "field": flag.field,
            "fix": None if flag.fix is None or private else dict(flag.fix),
            "delete": flag.delete,
        }


def _summary(checker: Checker) -> str:
    flagged = len(checker.flags)
    share = f" ({flagged / checker.rows:.0%})" if checker.rows else ""
    return f"{counted(flagged)} of {checker.rows:,}{share} {'has' if flagged == 1 else 'have'} something to look at."


def _counts(checker: Checker) -> Iterator[tuple[str, str, str, str]]:
    for check in checker.checks:
        yield check.sign, check.name, _count(checker, check), f"{checker.seconds[check.name] * 1e3:,.0f} ms"


def _count(checker: Checker, check: Check) -> str:
    """How many rows a check flags; "file" where it has only something to say of the file as a whole."""
    of_file = any(finding.check == check.name for finding in checker.findings)
    return "file" if of_file and not checker.counts[check.name] else f"{checker.counts[check.name]:,}"


def _table(rows: Sequence[tuple[str, str, str, str]]) -> list[str]:
    names, counts, times = (max(len(row[place]) for row in rows) for place in (1, 2, 3))
    return [f"  {sign:1}  {name:<{names}}  {count:>{counts}}  {time:>{times}}" for sign, name, count, time in rows]


def _escaped(text: str) -> str:
    """Text of a file as text in Markdown, also inside a table."""
    flat = " ".join(text.split())
    return "".join(f"\\{character}" if character in "\\`*_[]<>|#&~$" else character for character in flat)
