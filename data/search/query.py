"""What a person asks of rows, as typed: `264 KB output:RAM tokens>200 !flag:duplicate ~\\d+ MHz`.

Words without a sign are one phrase, looked for in every field. `name:words` looks in one field, `~pattern` and
`name~pattern` take a regular expression, `tokens>200` compares a number, `flag:` and `tag:` ask for a label, and `!`
before any of them turns it round. Each reaches to the next one; a row must meet them all. Upper and lower case are the
same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

MEASURES = ("tokens", "characters", "turns", "loss", "row")
"""What a row can be compared by, beside its own fields that hold numbers."""
LABELS = ("flag", "tag")
VIRTUAL_FIELDS = ("question", "answer", "system")
"""Readings of a row that can be asked for like fields, whatever the format calls them."""

_TERM = re.compile(r"(?P<not>!?)(?:(?P<name>[\w.-]+)\s?(?P<sign>[:~]|[<>]=?|!?=)|(?P<bare>~)|(?P<words>(?<=!)(?=\w)))")


class QueryError(ValueError):
    """Why what was typed cannot be asked: the words of a sentence without its full stop."""


@dataclass(frozen=True, slots=True)
class Text:
    """A row holds these words, or something that fits the pattern."""

    words: str
    field: str | None = None
    """None for any field."""
    is_pattern: bool = False
    negated: bool = False

    def compiled(self) -> re.Pattern[str]:
        """Finds it in a text. `parse` has made sure that a pattern can be compiled."""
        return re.compile(self.words if self.is_pattern else re.escape(self.words), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the row compares so with another one."""

    measure: str
    """One of `MEASURES`, or a field."""
    sign: str
    """<, <=, >, >=, = or !="""
    value: float
    negated: bool = False

    def holds(self, number: float) -> bool:
        """Whether it is so for this number."""
        match self.sign:
            case "<":
                return number < self.value
            case "<=":
                return number <= self.value
            case ">":
                return number > self.value
            case ">=":
                return number >= self.value
            case "!=":
                return number != self.value
        return number == self.value


@dataclass(frozen=True, slots=True)
class Label:
    """A row has a flag or a tag; an empty name asks for any."""

    kind: str
    name: str
    negated: bool = False


Term = Text | Number | Label


@dataclass(frozen=True, slots=True)
class Query:
    """All terms, each of which a row must meet."""

    terms: tuple[Term, ...]

    def __bool__(self) -> bool:
        return bool(self.terms)

    def measures(self) -> list[str]:
        """What has to be measured of a row."""
        return [term.measure for term in self.terms if isinstance(term, Number)]

    def highlight(self) -> re.Pattern[str] | None:
        """What to make stand out where it occurs."""
        texts = [term for term in self.terms if isinstance(term, Text) and not term.negated and term.words]
        if not texts:
            return None
        return re.compile("|".join(f"(?:{text.compiled().pattern})" for text in texts), re.IGNORECASE)

    def narrows(self, other: Query) -> bool:
        """Whether every row that meets this one meets the other too, as far as that is easily told."""
        return bool(other.terms) and all(any(_narrows(term, old) for term in self.terms) for old in other.terms)


def parse(typed: str, fields: Collection[str]) -> Query:
    """What was typed, in a file with these fields; a word before a colon that names nothing is part of the phrase.

    Raises QueryError for a pattern or a number that is none.
    """
    terms: list[Term] = []
    for begin, end, match in _parts(typed, fields):
        if match is None:
            words = typed[begin:end].strip()
            if words:
                terms.append(Text(words))
            continue
        term = _term(match, typed[match.end() : end].strip())
        if term is not None:
            terms.append(term)
    return Query(tuple(terms))


def _parts(typed: str, fields: Collection[str]) -> Iterator[tuple[int, int, re.Match[str] | None]]:
    """From, to, and the sign with which the part begins, if any."""
    starts: list[tuple[int, re.Match[str] | None]] = [(0, None)]
    for word in re.finditer(r"\S+", typed):
        match = _TERM.match(typed, word.start())
        if match and match.end() > word.start() and _means_something(match, fields):
            starts.append((word.start(), match))
    if len(starts) > 1 and starts[1][0] == 0:
        starts.pop(0)
    for (begin, match), (end, _) in zip(starts, [*starts[1:], (len(typed), None)], strict=True):
        yield begin, end, match


def _means_something(match: re.Match[str], fields: Collection[str]) -> bool:
    if match["name"] is None:
        return True
    name, sign = match["name"], match["sign"]
    if sign == ":":
        return name in fields or name in LABELS or name in VIRTUAL_FIELDS
    if sign == "~":
        return name in fields or name in VIRTUAL_FIELDS
    return name in fields or name in MEASURES


def _term(match: re.Match[str], words: str) -> Term | None:
    negated = bool(match["not"])
    if match["words"] is not None:
        return Text(words, negated=negated)
    if match["bare"] or match["sign"] == "~":
        try:
            re.compile(words, re.IGNORECASE)
        except re.error as error:
            raise QueryError(f"{words} is no regular expression: {error.msg}") from error
        return Text(words, match["name"], is_pattern=True, negated=negated) if words else None
    name, sign = match["name"], match["sign"]
    if sign == ":":
        if name in LABELS:
            return Label(name, words, negated)
        return Text(words, name, negated=negated) if words else None
    if not words:
        return None
    try:
        value = float(words.replace(",", ""))
    except ValueError as error:
        raise QueryError(f"{name}{sign} wants a number, not {words}") from error
    return Number(name, sign, value, negated)


def _narrows(new: Term, old: Term) -> bool:
    if new == old:
        return True
    if isinstance(new, Text) and isinstance(old, Text) and new.negated == old.negated and new.field == old.field:
        if new.is_pattern or old.is_pattern:
            return False
        shorter, longer = (new, old) if new.negated else (old, new)
        return shorter.words.casefold() in longer.words.casefold()
    return False
