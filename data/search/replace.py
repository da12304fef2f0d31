"""Replacing words in rows: what would change, told before anything does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from data.rows.row import LONG_ROW, Snapshot
from data.rows.text import RowError
from data.search.query import QueryError

_SPEAKERS = frozenset(("role", "from"))
"""Keys of a turn that name the speaker: words are not replaced in them."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A row in which something would be replaced."""

    index: int
    """From 0."""
    count: int
    """Places in it."""
    fields: Mapping[str, Any]
    """The fields that change, with their new values."""
    before: str
    """The words around the first place, the words found and what follows them, on one line."""
    found: str
    put: str
    after: str


class Replacement:
    """One find-and-replace over the texts of rows."""

    def __init__(self, find: str, put: str, *, field: str | None = None, pattern: bool = False) -> None:
        """`field`: only in this one; `pattern`: `find` is a regular expression and `put` may use its groups (\\1).

        Capitals count, as in the text that is put in. Raises QueryError for a pattern that is none.
        """
        try:
            self._find = re.compile(find if pattern else re.escape(find))
            self._put = put if pattern else put.replace("\\", "\\\\")
            self._find.sub(self._put, "")  # raises for a group that is not there
        except (re.error, IndexError) as error:
            raise QueryError(f"that is no regular expression or replacement: {error}") from error
        self._field = field

    def run(self, snapshot: Snapshot) -> Iterator[Changed | None]:
        """What would change, row by row; None for a row in which nothing would. Rows that cannot be read stay."""
        for index, text in enumerate(snapshot.texts()):
            try:
                values = snapshot.read(text) if len(text) <= LONG_ROW else None
            except RowError:
                values = None
            yield None if values is None else self.change(index, values)

    def change(self, index: int, values: Mapping[str, Any]) -> Changed | None:
        """What would change in one row; None where nothing would."""
        hits: list[tuple[str, re.Match[str]]] = []
        fields: dict[str, Any] = {}
        try:
            for name, value in values.items():
                if self._field in (None, name):
                    new = self._replace(value, hits)
                    if new != value:
                        fields[name] = new
        except RecursionError:  # nested as deeply as the decoder allows: left alone
            return None
        if not fields:
            return None
        text, first = hits[0]
        begin, end = max(first.start() - 40, 0), first.end() + 60
        return Changed(
            index,
            len(hits),
            fields,
            text[begin : first.start()],
            first[0],
            first.expand(self._put),
            text[first.end() : end],
        )

    def _replace(self, value: Any, hits: list[tuple[str, re.Match[str]]]) -> Any:
        if isinstance(value, str):
            found = [(value, match) for match in self._find.finditer(value)]
            hits += found
            return self._find.sub(self._put, value) if found else value
        if isinstance(value, list):
            return [self._replace(each, hits) for each in value]
        if isinstance(value, dict):
            return {key: each if key in _SPEAKERS else self._replace(each, hits) for key, each in value.items()}
        return value
