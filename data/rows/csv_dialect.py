"""How a CSV file is put together: its delimiter, its quotes, and the names of its fields, found in its beginning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from data.rows.line_index import BOM
from data.rows.record_index import RecordIndex
from data.rows.source import Memory

DELIMITERS = ",\t;"
_LOOK = 500
_LIKELY = 0.9
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


class Quotes(Enum):
    """Which fields are in quotes."""

    NEEDED = "where they must be"
    TEXT = "all but numbers and empty ones"
    ALL = "all"
    NONE = "none: a quote is a character like any other"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record, and where it stands in its text."""

    start: int
    end: int
    quoted: bool
    value: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one file is written."""

    delimiter: str
    names: tuple[str, ...]
    """Of its fields; a name that was there before gets a number (`a`, `a.1`), as pandas does."""
    body: int
    """Offset of the first byte after the header."""
    quotes: Quotes = Quotes.NEEDED


def split(raw: str, delimiter: str, *, quotes: bool = True) -> list[Field]:
    """The fields of one record. Raises ValueError with the words after "Row 12 …" where its quotes do not fit."""
    fields: list[Field] = []
    here = 0
    while True:
        if quotes and raw[here : here + 1] == '"':
            closing = _closing(raw, here, len(fields) + 1)
            fields.append(Field(here, closing + 1, True, raw[here + 1 : closing].replace('""', '"')))
            here = closing + 1
            if here < len(raw) and raw[here] != delimiter:
                raise ValueError(f"has text after the closing quote of its field {len(fields)} (character {here + 1})")
        else:
            found = raw.find(delimiter, here)
            end = len(raw) if found < 0 else found
            fields.append(Field(here, end, False, raw[here:end]))
            here = end
        if here == len(raw):
            return fields
        here += 1


def _closing(raw: str, opening: int, number: int) -> int:
    here = raw.find('"', opening + 1)
    while here >= 0 and raw[here + 1 : here + 2] == '"':
        here = raw.find('"', here + 2)
    if here < 0:
        raise ValueError(f"is cut off: the quote of its field {number} is not closed (character {opening + 1})")
    return here


def find_dialect(head: bytes, *, cut: bool, delimiters: str = DELIMITERS) -> tuple[Dialect, float] | None:
    """The most likely dialect, and the share of the first records that fit it; None without a header.

    `head`: the beginning of the file; `cut`: there is more of it. `delimiters`: those to be tried, the likeliest first.
    """
    best: tuple[Dialect, float] | None = None
    ways = [(delimiter, True) for delimiter in delimiters]
    if b'"' in head:
        ways.append(("\t", False))  # files with tabs often have none of the quotes that CSV has
    for delimiter, quotes in ways:
        found = _read(head, delimiter, cut=cut, quotes=quotes)
        if found and (best is None or _rank(found) > _rank(best)):
            best = found
    return best


def _rank(found: tuple[Dialect, float]) -> tuple[float, int]:
    dialect, share = found
    return (1 + share, len(dialect.names)) if len(dialect.names) > 1 else (0, 0)


def _read(head: bytes, delimiter: str, *, cut: bool, quotes: bool) -> tuple[Dialect, float] | None:
    index = RecordIndex(Memory(head), delimiter.encode(), len(BOM) if head.startswith(BOM) else 0, quotes=quotes)
    while index.advance(64 << 10) < 1 and len(index) <= _LOOK:
        pass
    count = min(len(index), _LOOK + 1)
    if cut and index.done:
        count -= 1
    records: list[list[Field] | None] = []
    for number in range(count):
        try:
            text = index.text(number).decode("utf-8", "surrogateescape")
            records.append(split(text, delimiter, quotes=quotes))
        except ValueError:
            records.append(None)
    if not records or (header := records[0]) is None:
        return None
    rows = [each for each in records[1:] if each is not None and len(each) == len(header)]
    if not quotes and _are_quoted(rows or [header]):
        return None
    body = index.end(0) + (head[index.end(0) : index.end(0) + 2] == b"\r\n") + 1
    manner = _quotes(rows or [header]) if quotes else Quotes.NONE
    dialect = Dialect(delimiter, _names(header), min(body, len(head)), manner)
    return dialect, len(rows) / max(len(records) - 1, 1)


def _are_quoted(records: list[list[Field]]) -> bool:
    """Whether quotes at the beginning of fields come with quotes at their end, but for a few that were forgotten."""
    opened = [field.value for record in records for field in record if field.value.startswith('"')]
    return sum(len(value) > 1 and value.endswith('"') for value in opened) > _LIKELY * len(opened)


def _names(header: list[Field]) -> tuple[str, ...]:
    names: list[str] = []
    for field in header:
        name, number = field.value, 0
        while name in names:
            number += 1
            name = f"{field.value}.{number}"
        names.append(name)
    return tuple(names)


def _quotes(records: list[list[Field]]) -> Quotes:
    fields = [field for record in records for field in record]
    if all(field.quoted for field in fields):
        return Quotes.ALL
    bare = [field.value for field in fields if not field.quoted]
    texts = any(field.quoted and not _NUMBER.fullmatch(field.value) for field in fields)
    if texts and all(not value or _NUMBER.fullmatch(value) for value in bare):
        return Quotes.TEXT
    return Quotes.NEEDED


def is_number(value: str) -> bool:
    """Whether a field would be written without quotes where text has them."""
    return _NUMBER.fullmatch(value) is not None
