"""What a reader of the store gets: one row, or all rows as they were at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from data.rows.container import Container
from data.rows.overlay import NEW_IDS, State
from data.rows.source import Source
from data.rows.text import RowError, read_row

LONG_ROW = 8 << 20
"""A row of more bytes is not parsed (some 50 ms), and `Row.raw` is only its beginning."""
BEGINNING = 64 << 10
"""How much of a long row is shown."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is now."""

    index: int
    """From 0."""
    number: int
    """From 1, as people count."""
    raw: str
    """Its JSON text. Bytes that are not UTF-8 are lone surrogates (U+DC80 to U+DCFF): show them as �, give back."""
    values: dict[str, Any] | None
    """Its fields; None where `error` says why there are none."""
    error: str | None
    """One sentence: why it is no usable row. It stays editable as text."""
    changed: bool
    """Whether it differs from the file on disk (edited, added or moved since)."""
    shortened: bool = False
    """Whether `raw` is only the beginning of a very long row; `RowStore.text` gives all of it."""


def make_row(index: int, text: bytes, *, changed: bool) -> Row:
    """The row of its bytes, however many."""
    if len(text) > LONG_ROW:
        return make_long_row(index, text[:BEGINNING], len(text), changed=changed)
    raw, values, error = as_text(text), None, None
    try:
        values = read_row(raw)
    except RowError as problem:
        error = f"Row {index + 1} {problem}."
    return Row(index, index + 1, raw, values, error, changed)


def make_long_row(index: int, beginning: bytes, size: int, *, changed: bool) -> Row:
    """A row of too many bytes to be parsed."""
    error = f"Row {index + 1} is {size / 1e6:,.0f} MB long, which is too long to be read as fields here."
    return Row(index, index + 1, as_text(beginning), None, error, changed, shortened=True)


def as_text(text: bytes) -> str:
    """Bytes of a row as text; what is not UTF-8 becomes lone surrogates."""
    return text.decode("utf-8", "surrogateescape")


def as_bytes(text: str) -> bytes:
    """The bytes that `as_text` made a text of."""
    return text.encode("utf-8", "surrogateescape")


class Snapshot:
    """All rows at one moment: edits made afterwards do not show. Any thread may read it."""

    def __init__(self, source: Source, container: Container, state: State) -> None:
        self._source, self._container, self.state = source, container, state

    def __len__(self) -> int:
        return sum(run.length for run in self.state.runs)

    def texts(self) -> Iterator[bytes]:
        """The bytes of each row in order, read in large pieces (about 1 µs a row)."""
        texts = self.state.texts
        for first, count in self.state.runs:
            if first >= NEW_IDS:
                yield from (texts[row_id] for row_id in range(first, first + count))
            elif texts:
                for row_id, text in enumerate(self._container.index.texts(first, count), first):
                    yield texts.get(row_id, text)
            else:
                yield from self._container.index.texts(first, count)

    def rows(self) -> Iterator[Row]:
        """Each row, parsed (about 4 µs a row); `changed` is not told."""
        for index, text in enumerate(self.texts()):
            yield make_row(index, text, changed=False)
