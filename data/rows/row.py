"""What a reader of the store gets: one row, or all rows as they were at one moment."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from data.rows.codec import Codec
from data.rows.container import Container
from data.rows.overlay import NEW_IDS, State
from data.rows.piece import Piece
from data.rows.text import RowError
from data.wording import byte_size

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
    """Its text in the file. Bytes that are not UTF-8 are lone surrogates (U+DC80 to U+DCFF): show as �, give back."""
    values: dict[str, Any] | None
    """Its fields; None where `error` says why there are none."""
    error: str | None
    """One sentence: why it is no usable row. It stays editable as text."""
    changed: bool
    """Whether it differs from the file on disk (edited, added or moved since)."""
    shortened: bool = False
    """Whether `raw` is only the beginning of a very long row; `RowStore.text` gives all of it."""


def make_row(index: int, text: bytes, codec: Codec, *, changed: bool) -> Row:
    """The row of its bytes, however many."""
    if len(text) > LONG_ROW:
        return make_long_row(index, text[:BEGINNING], len(text), changed=changed)
    raw, values, error = as_text(text), None, None
    try:
        values = codec.read(raw)
    except RowError as problem:
        error = f"Row {index + 1} {problem}."
    return Row(index, index + 1, raw, values, error, changed)


def make_long_row(index: int, beginning: bytes, size: int, *, changed: bool) -> Row:
    """A row of too many bytes to be parsed."""
    error = f"Row {index + 1} is {byte_size(size)} long, which is too long to be read as fields here."
    return Row(index, index + 1, as_text(beginning), None, error, changed, shortened=True)


def as_text(text: bytes) -> str:
    """Bytes of a row as text; what is not UTF-8 becomes lone surrogates."""
    return text.decode("utf-8", "surrogateescape")


def as_bytes(text: str) -> bytes:
    """The bytes that `as_text` made a text of."""
    return text.encode("utf-8", "surrogateescape")


class Snapshot:
    """All rows at one moment: edits made afterwards do not show. Any thread may read it."""

    def __init__(self, container: Container, state: State) -> None:
        self._container, self.state = container, state

    @property
    def json(self) -> bool:
        """Whether the bytes of a row are JSON text."""
        return self._container.codec.json

    @property
    def lines(self) -> bool:
        """Whether each row is one line, as it is in JSONL."""
        return self._container.codec.lines

    def read(self, text: bytes) -> dict[str, Any]:
        """The fields of a row's bytes, as this kind of file has them. Raises RowError."""
        return self._container.codec.read(as_text(text))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(run.length for run in self.state.runs))

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

    def text(self, index: int) -> bytes:
        """The bytes of one row. Raises IndexError for a row that is not there."""
        place = bisect_right(self._ends, index)
        if index < 0 or place == len(self._ends):
            raise IndexError(index)
        first, count = self.state.runs[place]
        row_id = first + count - (self._ends[place] - index)
        return self.state.texts[row_id] if row_id in self.state.texts else self._container.index.text(row_id)

    def pieces(self) -> Iterator[Piece]:
        """All rows in order as long stretches of bytes, about as fast as the file can be read. Raises SourceError.

        An edited or added row is a piece of its own.
        """
        texts, index = self.state.texts, 0
        special = sorted(row_id for row_id in texts if row_id < NEW_IDS)
        for first, count in self.state.runs:
            stop = first + count
            if first >= NEW_IDS:
                edited: Sequence[int] = range(first, stop)
            else:
                edited = special[bisect_left(special, first) : bisect_left(special, stop)]
            for row_id in edited:
                yield from self._container.index.pieces(first, row_id - first, index)
                index += row_id - first
                yield Piece.of_one(index, texts[row_id])
                index, first = index + 1, row_id + 1
            if first < stop:
                yield from self._container.index.pieces(first, stop - first, index)
                index += stop - first

    def rows(self) -> Iterator[Row]:
        """Each row, parsed (about 4 µs a row); `changed` is not told."""
        for index, text in enumerate(self.texts()):
            yield make_row(index, text, self._container.codec, changed=False)
