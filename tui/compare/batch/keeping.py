"""Which rows of a batch the table keeps, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.evaluation.results import EvaluatedRow


class Keep(StrEnum):
    """A filter; `arm` in what it says is the arm that it is about."""

    ALL = "all"
    DIFFER = "differ"
    NOT_RIGHT = "not right"
    LOST = "lost"
    GAINED = "gained"

    def words(self, first: str, arm: str) -> str:
        """The filter as a person reads it."""
        return {
            Keep.ALL: "all",
            Keep.DIFFER: f"{arm} differs from {first}",
            Keep.NOT_RIGHT: f"{arm} wrong",
            Keep.LOST: f"{first} right → {arm} wrong",
            Keep.GAINED: f"{first} wrong → {arm} right",
        }[self]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the table is to show."""

    keep: Keep = Keep.ALL
    arm: int = 1
    """Place of the arm that the filter is about."""
    words: str = ""
    """All of which must occur in a row."""
    column: str = ""
    """Name of the column that it is sorted by; "" for the order of the file."""
    reverse: bool = False


_VERDICTS = {"wrong": 0, "unclear": 1, "right": 2}
"""In the order in which a person looks for them."""


def kept(rows: Sequence[EvaluatedRow], wanted: Wanted) -> list[EvaluatedRow]:
    """The rows that the filter and all words keep, in the order of the file."""
    found: Iterable[EvaluatedRow] = rows
    place = wanted.arm
    match wanted.keep:
        case Keep.DIFFER:
            found = (row for row in found if _differs(row, place))
        case Keep.NOT_RIGHT:
            found = (row for row in found if row.verdict(place) in ("wrong", "unclear"))
        case Keep.LOST:
            found = (row for row in found if row.lost(place))
        case Keep.GAINED:
            found = (row for row in found if row.gained(place))
        case Keep.ALL:
            pass
    words = wanted.words.lower().split()
    return [row for row in found if all(word in _text(row) for word in words)] if words else list(found)


def ordered(rows: list[EvaluatedRow], wanted: Wanted, names: Sequence[str]) -> list[EvaluatedRow]:
    """The rows by the column that is wanted; those that have nothing there come last either way."""
    if wanted.column in names:
        place = names.index(wanted.column)
        known = [row for row in rows if row.verdict(place) in _VERDICTS]
        rest = [row for row in rows if row.verdict(place) not in _VERDICTS]
        known.sort(key=lambda row: _VERDICTS[row.verdict(place)], reverse=wanted.reverse)
        return known + rest
    if wanted.column == "changes":
        known = [row for row in rows if row.different]
        rest = [row for row in rows if not row.different]
        known.sort(key=lambda row: changed(row, wanted.arm).lower(), reverse=wanted.reverse)
        return known + rest
    if wanted.column in ("question", "reference"):
        known = [row for row in rows if _field(row, wanted.column)]
        rest = [row for row in rows if not _field(row, wanted.column)]
        known.sort(key=lambda row: _field(row, wanted.column).lower(), reverse=wanted.reverse)
        return known + rest
    return rows[::-1] if wanted.reverse else rows


def changed(row: EvaluatedRow, place: int) -> str:
    """On which facts an arm differs from the first: "150 MHz → 133 MHz"."""
    compared = row.compared[place] if 0 < place < len(row.compared) else None
    return "; ".join(compared.changes) if compared is not None else ""


def _differs(row: EvaluatedRow, place: int) -> bool:
    compared = row.compared[place] if 0 < place < len(row.compared) else None
    return compared is not None and compared.different


def _field(row: EvaluatedRow, name: str) -> str:
    return row.question.text if name == "question" else row.question.reference or ""


def _text(row: EvaluatedRow) -> str:
    answers = (f"{answer.text}\n{answer.error}" for answer in row.answers if answer is not None)
    return "\n".join((row.question.text, row.question.reference or "", *answers)).lower()
