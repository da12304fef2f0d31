"""The scan of a file for the rows that a query asks for, in small steps between which a screen lives."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol

from data.rows.row import LONG_ROW, Snapshot, as_text
from data.rows.text import RowError
from data.search.bulk import Words
from data.search.query import VIRTUAL_FIELDS, Label, Number, Query, Term, Text

_UNREAD: Mapping[str, Any] = {}
"""Stands for fields that were not looked at yet."""
_decode = json.JSONDecoder().raw_decode
_STEP = 8
"""Rows that are read between two steps: at some 5 µs a row, well below what a key press may wait."""


class Readings(Protocol):
    """What is known of a row beside its bytes."""

    def tokens(self, values: Mapping[str, Any], number: int) -> int | None:
        """How many tokens the row has; None where that cannot be told."""
        ...

    def turns(self, values: Mapping[str, Any], number: int) -> int:
        """How many turns the row has."""
        ...

    def part(self, name: str, values: Mapping[str, Any], number: int) -> str:
        """The row's question, answer or system prompt."""
        ...

    def loss(self, text: bytes) -> float | None:
        """The loss that a run measured for the row of these bytes."""
        ...

    def flags(self, index: int) -> Collection[str]:
        """The names of the checks that flagged the row."""
        ...

    def tags(self, text: bytes) -> Collection[str]:
        """The tags of the row of these bytes."""
        ...


class Scan:
    """One pass over all rows of a snapshot for a query."""

    def __init__(self, snapshot: Snapshot, query: Query, readings: Readings) -> None:
        self._snapshot = snapshot
        self._terms = sorted(query.terms, key=lambda term: (Label, Text, Number).index(type(term)))
        """What is told most quickly first."""
        self._readings = readings
        self._finds = {term: _finder(term) for term in query.terms if isinstance(term, Text)}
        self.seen = 0
        """Rows looked at so far."""

    def run(self) -> Iterator[list[int]]:
        """The indices of rows found, ascending, a few at a time or none; each step takes about a millisecond.

        Raises SourceError when the file cannot be read any more.
        """
        literal = self._literal()
        if literal is not None:
            yield from self._with_words(literal)
        elif all(isinstance(term, Label) and term.kind == "flag" for term in self._terms):
            yield from self._with_flags()
        else:
            yield from self._one_by_one()

    def fits(self, index: int, text: bytes) -> bool:
        """Whether one row meets the query."""
        return self._fits(index, text, self._terms)

    # -- ways through the file ----------------------------------------------------------------------------------------

    def _literal(self) -> Text | None:
        """The longest words among the terms: what is quickly looked for."""
        words = [term for term in self._terms if isinstance(term, Text) and not (term.is_pattern or term.negated)]
        return max(words, key=lambda term: len(term.words), default=None)

    def _with_words(self, literal: Text) -> Iterator[list[int]]:
        words = Words(literal.words, json=self._snapshot.json, lines=self._snapshot.lines)
        others = tuple(term for term in self._terms if term is not literal)
        whole = literal.field is None
        for piece in self._snapshot.pieces():
            sure, maybe = words.find(piece)
            if whole and not maybe and not others:
                self.seen = piece.first + len(piece)
                yield sure
                continue
            certain = set(sure) if whole else set()
            found = []
            for count, index in enumerate(sorted({*sure, *maybe})):
                terms = others if index in certain else self._terms
                start, end = piece.bounds(index)
                if not terms or self._fits(index, piece.text[start:end], terms):
                    found.append(index)
                if count % _STEP == 0:
                    self.seen = index
                    yield found
                    found = []
            self.seen = piece.first + len(piece)
            yield found

    def _with_flags(self) -> Iterator[list[int]]:
        """Flags alone: no row has to be read."""
        for first in range(0, len(self._snapshot), 1000):
            rows = range(first, min(first + 1000, len(self._snapshot)))
            found = [index for index in rows if self._fits(index, b"", self._terms)]
            self.seen = rows.stop
            yield found

    def _one_by_one(self) -> Iterator[list[int]]:
        found: list[int] = []
        for index, text in enumerate(self._snapshot.texts()):
            if self.fits(index, text):
                found.append(index)
            if index % _STEP == 0:
                self.seen = index + 1
                yield found
                found = []
        yield found

    # -- one row ------------------------------------------------------------------------------------------------------

    def _fits(self, index: int, text: bytes, terms: Sequence[Term]) -> bool:
        values: Mapping[str, Any] | None = _UNREAD
        for term in terms:
            if isinstance(term, Label):
                fits = self._labelled(index, text, term)
            else:
                if values is _UNREAD:
                    values = self._values(text)
                if values is None:
                    fits = self._unreadable(as_text(text), term)
                elif isinstance(term, Text):
                    fits = self._says(values, index + 1, term) != term.negated
                else:
                    fits = self._measures(values, index, text, term) != term.negated
            if not fits:
                return False
        return True

    def _values(self, text: bytes) -> Mapping[str, Any] | None:
        """The fields of a row; None where it cannot be read."""
        if len(text) > LONG_ROW:
            return None
        if self._snapshot.json:
            # Twice as fast as the reading that also says what is wrong with a row.
            try:
                said = text.decode()
                values, end = _decode(said)
                if end == len(said) and type(values) is dict:
                    return values
            except (ValueError, StopIteration, RecursionError):
                pass
        try:
            return self._snapshot.read(text)
        except RowError:
            return None

    def _unreadable(self, raw: str, term: Text | Number) -> bool:
        """Of a row that is no row: its text is all there is."""
        held = isinstance(term, Text) and term.field is None and self._finds[term](raw)
        return held != term.negated

    def _labelled(self, index: int, text: bytes, term: Label) -> bool:
        labels = self._readings.flags(index) if term.kind == "flag" else self._readings.tags(text)
        name = term.name.lower()
        return any(name in label.lower() for label in labels) != term.negated

    def _says(self, values: Mapping[str, Any], number: int, term: Text) -> bool:
        find = self._finds[term]
        if term.field is None:
            return any(map(find, texts(values)))
        if term.field in values:
            value = values[term.field]
            return find(value) if type(value) is str else any(map(find, texts(value)))
        if term.field in VIRTUAL_FIELDS:
            return find(self._readings.part(term.field, values, number))
        return False

    def _measures(self, values: Mapping[str, Any], index: int, text: bytes, term: Number) -> bool:
        number = self._number(term.measure, values, index, text)
        return number is not None and term.holds(number)

    def _number(self, measure: str, values: Mapping[str, Any], index: int, text: bytes) -> float | None:
        own = values.get(measure)
        if isinstance(own, int | float):
            return float(own)
        if isinstance(own, str):
            try:
                return float(own)
            except ValueError:
                return None
        ways: Mapping[str, Callable[[], float | None]] = {
            "tokens": lambda: self._readings.tokens(values, index + 1),
            "characters": lambda: sum(map(len, texts(values))),
            "turns": lambda: self._readings.turns(values, index + 1),
            "loss": lambda: self._readings.loss(text),
            "row": lambda: index + 1,
        }
        return ways[measure]() if measure in ways else None


def _finder(term: Text) -> Callable[[str], bool]:
    """Whether a text holds what a term asks for. Small letters compare ten times as fast as a pattern searches."""
    search = term.compiled().search
    if term.is_pattern or not term.words.isascii():
        return lambda text: search(text) is not None
    words = term.words.lower()
    return lambda text: words in text.lower() or (not text.isascii() and search(text) is not None)


def texts(value: object) -> Iterator[str]:
    """Every value inside a value as text, in order; names of fields are not among them."""
    left = [value]  # no recursion: a row can be nested as deeply as the decoder allows
    while left:
        each = left.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, Mapping):
            left += reversed(list(each.values()))
        elif isinstance(each, list):
            left += reversed(each)
        elif each is not None:
            yield str(each)
