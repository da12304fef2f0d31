"""Rows of one dataset that contradict each other: 264 KB here and 284 KB there for the same memory of the same chip."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from data.facts.compare import compare
from data.facts.extract import analyse
from data.facts.model import Fact, Kind, MarkedFact, Outcome
from data.facts.questions import ask
from data.facts.sameness import same
from data.facts.statements import Row, Statement, brand_of, sentence, statements, without_brand
from data.facts.vocabulary.function_words import STOPWORDS

_MANY = 3
"""With more different values than this an attribute varies and is no single fact."""
_CROWDED = 50
"""With more different values of one dimension than this, two of a subject are a digit apart by chance."""
_TELL_BRAND = 2000
"""Different subjects that tell whether most start with the same words."""
_STEP = 50
"""Statements that are sorted at a time."""
_SURE_KINDS = (
    Kind.QUANTITY,
    Kind.RANGE,
    Kind.COUNT,
    Kind.DATE,
    Kind.MONEY,
    Kind.VERSION,
    Kind.DIMENSIONS,
    Kind.HEX,
)
_NAMES = (Kind.IDENTIFIER, Kind.NAME)
_YES_OR_NO = ("yes", "no")
_SHORT = 12
"""Words of an answer in which the one name is the answer."""


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
    rows: int = 1
    """How many rows state the value of `row`."""
    other_rows: int = 1
    """How many state that of `other_row`."""


class ContradictionFinder:
    """Takes rows one by one, and then finds those whose facts contradict each other.

    Built for precision: the subject must have exactly the same name (RP2040 is not RP2350), the attribute the same
    noun, and words that set conditions ("idle", "maximum") must be the same on both sides.
    """

    def __init__(self) -> None:
        self._said: list[Statement] = []
        self._subjects: dict[tuple[str, ...], None] = {}
        self._sentences: list[Statement] = []
        self._conditions: dict[frozenset[str], frozenset[str]] = {}

    def add(self, row: Row) -> None:
        """Read a row (some 0.5 ms); what it keeps of a row with numbers is about 1 KB."""
        said = [self._small(s) for s in statements(row)]
        self._said += said
        if len(self._subjects) < _TELL_BRAND:
            self._subjects.update(dict.fromkeys(s.subject for s in said))
        whole = sentence(row)
        if whole:
            self._sentences.append(self._small(whole))

    def _small(self, s: Statement) -> Statement:
        """A statement with fewer objects of its own: what is kept of many rows makes the collector of garbage pause."""
        conditions = self._conditions.setdefault(s.conditions, s.conditions)
        return s._replace(conditions=conditions, fact=s.fact._replace(about=frozenset()))

    def find(self) -> Iterator[list[Contradiction]]:
        """The contradictions, one for each two rows, as they are found; an empty list after each bit of work."""
        seen: set[tuple[int, int]] = set()
        brand = brand_of(self._subjects)
        for said in (self._said, self._sentences):
            groups: defaultdict[tuple[object, ...], list[Statement]] = defaultdict(list)
            for place, s in enumerate(said):
                if s.attribute:
                    s = s if said is self._sentences else without_brand(brand, s)
                    groups[_slot(s)].append(s)
                if place % _STEP == 0:
                    yield []
            for group in groups.values():
                yield _new(_in_group(group), seen)
        yield from (_new(found, seen) for found in _near_misses(self._said, brand))


def find_contradictions(rows: Iterable[tuple[int, str, str]]) -> list[Contradiction]:
    """The contradictions among rows of (row number, question, answer), in order of row.

    What a `ContradictionFinder` finds, and rows with the same question whose answers conflict.
    """
    finder, table = ContradictionFinder(), [Row(*row) for row in rows]
    for row in table:
        finder.add(row)
    unique: dict[tuple[int, int], Contradiction] = {}
    for c in chain(chain.from_iterable(finder.find()), _by_question(table)):
        unique.setdefault((min(c.row, c.other_row), max(c.row, c.other_row)), c)
    return sorted(unique.values(), key=lambda c: (c.row, c.other_row))


def conflict(question: str, answer: str, other: str) -> tuple[MarkedFact, MarkedFact] | None:
    """The first facts on which two answers to one question surely contradict each other.

    Numbers do; yes and no where both are said in so many words; names where each answer is short and has only one.
    """
    comparison = compare(answer, other, question=question)
    short = max(len(answer.split()), len(other.split())) <= _SHORT
    alone = short and all(sum(m.fact.kind in _NAMES for m in side) == 1 for side in (comparison.a, comparison.b))
    for mark in comparison.a:
        if mark.outcome is not Outcome.CONFLICT:
            continue
        counterpart = comparison.b[mark.counterpart or 0]
        said = [m.fact.text.lower() in _YES_OR_NO for m in (mark, counterpart)]
        if (
            mark.fact.kind in _SURE_KINDS
            or (mark.fact.kind is Kind.POLARITY and all(said))
            or (mark.fact.kind in _NAMES and alone and ask(question).form in ("name", "choice", "version"))
        ):
            return mark, counterpart
    return None


def _new(found: Iterable[Contradiction], seen: set[tuple[int, int]]) -> list[Contradiction]:
    """Those between two rows that no other was found between."""
    new = []
    for c in found:
        rows = (min(c.row, c.other_row), max(c.row, c.other_row))
        if rows not in seen:
            seen.add(rows)
            new.append(c)
    return new


def _slot(s: Statement) -> tuple[object, ...]:
    """What two statements have in common that cannot both be true."""
    bound = "" if s.fact.bound == "about" else s.fact.bound
    return s.subject, s.attribute, s.conditions, s.fact.dimension, s.fact.kind is Kind.RANGE, bound


def _in_group(group: list[Statement]) -> Iterator[Contradiction]:
    values = _by_value(group)
    if 1 < len(values) <= _MANY:
        common, *others = values
        for value in others:
            yield from (_contradiction(s, common[0], value, common) for s in value if s.row != common[0].row)


def _by_value(group: list[Statement]) -> list[list[Statement]]:
    """Statements with the same value together, the most frequent value first; stops at one value too many."""
    values: list[list[Statement]] = []
    for s in group:
        home = next((v for v in values if same(v[0].fact, s.fact)), None)
        if home is None:
            values.append([s])
            if len(values) > _MANY:
                return values
        else:
            home.append(s)
    return sorted(values, key=lambda v: (-len({s.row for s in v}), v[0].row))


def _near_misses(said: list[Statement], brand: tuple[str, ...]) -> Iterator[list[Contradiction]]:
    """A value without a noun that is none of the subject's known ones, but one digit away from one of them."""
    known: defaultdict[tuple[object, ...], list[list[Statement]]] = defaultdict(list)
    nameless: list[Statement] = []
    for place, s in enumerate(said):
        plain = without_brand(brand, s)
        if s.attribute:
            values = known[plain.subject, s.fact.dimension]
            home = next((v for v in values if same(v[0].fact, s.fact)), None)
            if home is not None:
                home.append(plain)
            elif len(values) <= _CROWDED:
                values.append([plain])
        else:
            nameless.append(plain)
        if place % _STEP == 0:
            yield []
    for s in nameless:
        values = known.get((s.subject, s.fact.dimension), [])
        others = [v for each in values if (v := [o for o in each if o.row != s.row])]
        if len(values) > _CROWDED or any(same(s.fact, v[0].fact) for v in others):
            yield []
            continue
        near = next((v for v in others if v[0].fact.unit == s.fact.unit and _one_digit_apart(s.fact, v[0].fact)), None)
        yield [_contradiction(s, near[0], [s], near)] if near else []


def _one_digit_apart(f: Fact, g: Fact) -> bool:
    x, y = (f"{v.value:g}" if isinstance(v.value, float) else "" for v in (f, g))
    return len(x) == len(y) >= 3 and sum(a != b for a, b in zip(x, y, strict=True)) == 1


def _contradiction(
    s: Statement, other: Statement, value: list[Statement], other_value: list[Statement]
) -> Contradiction:
    attribute = " ".join(other.attribute or s.attribute)
    return Contradiction(
        s.row,
        other.row,
        " ".join(s.subject),
        attribute,
        s.fact.text,
        other.fact.text,
        f"{s.fact.text} ≠ {other.fact.text}",
        len({each.row for each in value}),
        len({each.row for each in other_value}),
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
            if marks := conflict(row.question, row.answer, first.answer):
                mark, other = marks
                reason = mark.reason
                found.append(
                    Contradiction(row.number, first.number, "", row.question, mark.fact.text, other.fact.text, reason)
                )
    return found
