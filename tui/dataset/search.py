"""Looking for rows: what a person means by what was typed after "/", and the scan for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from data.rows.row import LONG_ROW, as_text
from data.rows.text import RowError, read_row

_FIELD = re.compile(r"([\w-]+):(.*)", re.DOTALL)


@dataclass(frozen=True)
class Wanted:
    """Rows that hold a text, in one field or in any; upper and lower case are the same."""

    text: str
    field: str | None = None

    @classmethod
    def typed(cls, typed: str, fields: Collection[str]) -> Wanted:
        """What `text` or `field:text` means; a word before a colon that is no field is part of the text."""
        found = _FIELD.fullmatch(typed)
        if found and found[1] in fields:
            return cls(found[2].strip(), found[1])
        return cls(typed.strip())

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds the text."""
        return re.compile(re.escape(self.text), re.IGNORECASE)

    def narrows(self, other: Wanted) -> bool:
        """Whether every row that fits this fits the other too."""
        return self.field == other.field and other.text.casefold() in self.text.casefold()

    def fits(self, text: bytes) -> bool:
        """Whether a row, given as its JSON text, holds what is wanted; what cannot be read is looked at as it is."""
        if not self._may_fit(text):
            return False
        raw = as_text(text)
        try:
            values: object = read_row(raw if len(text) <= LONG_ROW else "")
        except RowError:
            return self.field is None and self.pattern.search(raw) is not None
        if self.field is not None:
            assert isinstance(values, dict)
            values = values.get(self.field)
        return any(self.pattern.search(string) for string in _strings(values))

    def _may_fit(self, text: bytes) -> bool:
        """A look at the bytes, some ten times faster than reading them as JSON; only plain ASCII can be told so."""
        if self._plain is None:
            return True
        if self._plain in text.lower():
            return True
        return b"\\" in text and (b"\\u00" in text or (b"/" in self._plain and b"\\/" in text))

    @cached_property
    def _plain(self) -> bytes | None:
        plain = self.text.isascii() and self.text.isprintable() and '"' not in self.text and "\\" not in self.text
        return self.text.lower().encode() if plain else None


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif value is not None:
        yield str(value)
