"""Rows of one dataset that contradict each other: 264 KB here and 284 KB there for the same memory of the same chip."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from data.facts.compare import compare
from data.facts.extract import analyse
from data.facts.model import Fact, Kind, MarkedFact, Outcome
from data.facts.sameness import same
from data.facts.statements import Row, Statement, sentences, statements
from data.facts.vocabulary.function_words import STOPWORDS

_MANY = 3
"""With more different values than this an attribute varies and is no single fact."""
_SURE_KINDS = (
    Kind.QUANTITY,
    Kind.RANGE,
    Kind.COUNT,
    Kind.DATE,
    Kind.MONEY,
    Kind.VERSION,
    Kind.DIMENSIONS,
    Kind.HEX,
    Kind.POLARITY,
    Kind.IDENTIFIER,
    Kind.NAME,
)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two rows of which at most one can be right."""

    row: int
    """The row whose value is the rarer one."""
    other_row: int
    """A row with the more frequent value; the earlier one when both are as frequent."""
    subject: str
    attribute: str
    text: str
    other_text: str
    reason: str
    """In words: "284 KB ≠ 264 KB"."""


def find_contradictions(rows: Iterable[tuple[int, str, str]]) -> list[Contradiction]:
    """The contradictions among rows of (row number, question, answer), in order of row.

    Built for precision: the subject must have exactly the same name (RP2040 is not RP2350), the attribute the same
    noun, and words that set conditions ("idle", "maximum") must be the same on both sides. Two rows with the same
    question are compared as answers.
    """
    table = [Row(*row) for row in rows]
    said = statements(table)
    found = [*_by_attribute(said), *_by_attribute(sentences(table)), *_by_near_miss(said), *_by_question(table)]
    unique: dict[tuple[int, int], Contradiction] = {}
    for c in found:
        unique.setdefault((min(c.row, c.other_row), max(c.row, c.other_row)), c)
    return sorted(unique.values(), key=lambda c: (c.row, c.other_row))


def _by_attribute(said: list[Statement]) -> list[Contradiction]:
    groups: defaultdict[tuple[object, ...], list[Statement]] = defaultdict(list)
    for s in said:
        if s.attribute:
            bound = "" if s.fact.bound == "about" else s.fact.bound
            groups[s.subject, s.attribute, s.conditions, s.fact.dimension, s.fact.kind is Kind.RANGE, bound].append(s)
    found = []
    for group in groups.values():
        values = _by_value(group)
        if not 1 < len(values) <= _MANY:
            continue
        common, *others = values
        for value in others:
            found += [_contradiction(s, common[0]) for s in value if s.row != common[0].row]
    return found


def _by_value(group: list[Statement]) -> list[list[Statement]]:
    """Statements with the same value together, the most frequent value first."""
    values: list[list[Statement]] = []
    for s in group:
        home = next((v for v in values if same(v[0].fact, s.fact)), None)
        if home is None:
            values.append([s])
        else:
            home.append(s)
    return sorted(values, key=lambda v: (-len({s.row for s in v}), v[0].row))


def _by_near_miss(said: list[Statement]) -> list[Contradiction]:
    """A value without a noun that is none of the subject's known ones, but one digit away from one of them."""
    known: defaultdict[tuple[object, ...], list[Statement]] = defaultdict(list)
    for s in said:
        if s.attribute:
            known[s.subject, s.fact.dimension].append(s)
    found = []
    for s in said:
        others = [o for o in known[s.subject, s.fact.dimension] if o.row != s.row]
        if s.attribute or not others or any(same(s.fact, o.fact) for o in others):
            continue
        near = next((o for o in others if o.fact.unit == s.fact.unit and _one_digit_apart(s.fact, o.fact)), None)
        if near:
            found.append(_contradiction(s, near))
    return found


def _one_digit_apart(f: Fact, g: Fact) -> bool:
    x, y = (f"{v.value:g}" if isinstance(v.value, float) else "" for v in (f, g))
    return len(x) == len(y) >= 3 and sum(a != b for a, b in zip(x, y, strict=True)) == 1


def _contradiction(s: Statement, other: Statement) -> Contradiction:
    attribute = " ".join(other.attribute or s.attribute)
    return Contradiction(
        s.row,
        other.row,
        " ".join(s.subject),
        attribute,
        s.fact.text,
        other.fact.text,
        f"{s.fact.text} ≠ {other.fact.text}",
    )


def _by_question(rows: list[Row]) -> list[Contradiction]:
    """Rows with the same question in the same or slightly other words."""
    groups: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        key = tuple(w.stem for w in analyse(row.question, "").reading.words if w.lower not in STOPWORDS)
        if len(key) > 1:
            groups[key].append(row)
    found = []
    for group in groups.values():
        first = group[0]
        for row in group[1:]:
            comparison = compare(row.answer, first.answer, question=row.question)
            marks = [m for m in comparison.a if m.outcome is Outcome.CONFLICT and m.fact.kind in _SURE_KINDS]
            if marks:
                other = comparison.b[marks[0].counterpart or 0]
                found.append(_of_marks(row, first, marks[0], other))
    return found


def _of_marks(row: Row, first: Row, mark: MarkedFact, other: MarkedFact) -> Contradiction:
    return Contradiction(row.number, first.number, "", row.question, mark.fact.text, other.fact.text, mark.reason)
