"""Where the rows of a file are: found piece by piece, so that the first ones can be shown at once."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import Protocol

from data.rows.piece import Piece
from data.rows.source import SourceError


class Readable(Protocol):
    """What an index looks at: a `Source`, a `WorkingCopy`, or bytes in memory."""

    @property
    def size(self) -> int:
        """In bytes; grows while not `whole`."""
        ...

    @property
    def whole(self) -> bool:
        """Whether all bytes are there."""
        ...

    def extend(self, budget: int) -> None:
        """Make about `budget` more bytes, when not `whole`."""
        ...

    def seen(self, position: int) -> float:
        """The fraction of the file that was looked at when `position` was reached, 0 to 1."""
        ...

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` to `end` or the end. Raises SourceError."""
        ...


class Index(Protocol):
    """The places of rows in a source. One thread at a time may call `advance`; reading needs no lock beside it."""

    done: bool
    """Whether every row has been found."""

    def __len__(self) -> int:
        """Rows found so far; each of them can be read."""
        ...

    def advance(self, budget: int) -> float:
        """Look at about `budget` more bytes; the fraction of the file seen, 0 to 1."""
        ...

    def start(self, row: int) -> int:
        """Offset of the first byte of a row's text."""
        ...

    def limit(self, row: int) -> int:
        """Offset where the next row starts, or of the end of what was looked at."""
        ...

    def end(self, row: int) -> int:
        """Offset after the last byte of a row's text (its line end, comma and the like not included)."""
        ...

    def size_at_most(self, row: int) -> int:
        """Bytes of a row and perhaps of some blank lines after it: what can be told without reading all of it."""
        ...

    def text(self, row: int) -> bytes:
        """The bytes of a row. Raises SourceError."""
        ...

    def texts(self, first: int, count: int) -> Iterator[bytes]:
        """The bytes of rows that follow each other, read in large pieces. Raises SourceError."""
        ...

    def pieces(self, first: int, count: int, index: int) -> Iterator[Piece]:
        """The same rows as long stretches; `index`: what the first of them counts as. Raises SourceError."""
        ...

    def end_in(self, text: bytes, offset: int, row: int) -> int:
        """Where a row ends in a text that was read at `offset`."""
        ...


class GrowingIndex(ABC):
    """What all kinds of index have in common: they look at a source chunk by chunk."""

    chunk = 1 << 20
    """How many bytes are looked at in one step."""

    def __init__(self, source: Readable, position: int) -> None:
        self.done = False
        self._source = source
        self._starts = array("Q")
        self._position = position

    def advance(self, budget: int) -> float:
        source = self._source
        if not source.whole:
            source.extend(budget)
        stop = min(self._position + max(budget, 2), source.size)
        while self._position < stop and not self.done:
            try:
                taken = self._take(source.read(self._position, self._position + self.chunk))
            except SourceError:
                taken = source.size - self._position
            if not taken:
                break
            self._position += taken
        if not self.done and source.whole and self._position >= source.size:
            self._finish()
            self.done = True
        return 1.0 if self.done else source.seen(self._position)

    def start(self, row: int) -> int:
        return self._starts[row]

    def pieces(self, first: int, count: int, index: int) -> Iterator[Piece]:
        for rows, offset, text in self._stretches(first, count):
            yield Piece(index + rows.start - first, text, offset, rows, (self._starts, self))

    @abstractmethod
    def end_in(self, text: bytes, offset: int, row: int) -> int: ...

    @abstractmethod
    def _take(self, chunk: bytes) -> int:
        """Find rows in the next chunk; how many of its bytes need not be seen again."""

    @abstractmethod
    def _finish(self) -> None:
        """The source has ended."""

    @abstractmethod
    def _reach(self, row: int) -> int:
        """Offset up to which the source must be read to have a row."""

    def _stretches(self, first: int, count: int) -> Iterator[tuple[range, int, bytes]]:
        """Rows in pieces of about a megabyte: which ones, offset and bytes."""
        row, stop = first, first + count
        while row < stop:
            offset = self._starts[row]
            after = max(row + 1, bisect_right(self._starts, offset + self.chunk, row + 1, stop) - 1)
            yield range(row, after), offset, self._source.read(offset, self._reach(after - 1))
            row = after


class BoundedIndex(GrowingIndex):
    """An index that keeps both ends of each row."""

    def __init__(self, source: Readable, position: int) -> None:
        super().__init__(source, position)
        self._ends = array("Q")

    def __len__(self) -> int:
        return len(self._ends)

    def limit(self, row: int) -> int:
        return self._starts[row + 1] if row + 1 < len(self._ends) else self._source.size

    def end(self, row: int) -> int:
        return self._ends[row]

    def size_at_most(self, row: int) -> int:
        return self._ends[row] - self._starts[row]

    def text(self, row: int) -> bytes:
        return self._source.read(self._starts[row], self._ends[row])

    def texts(self, first: int, count: int) -> Iterator[bytes]:
        for rows, offset, piece in self._stretches(first, count):
            starts, ends = self._starts[rows.start : rows.stop], self._ends[rows.start : rows.stop]
            for start, end in zip(starts, ends, strict=True):
                yield piece[start - offset : end - offset]

    def end_in(self, text: bytes, offset: int, row: int) -> int:  # noqa: ARG002 - others must look at it
        return self._ends[row] - offset

    def _reach(self, row: int) -> int:
        return self._ends[row]


def skip(pattern: re.Pattern[bytes], chunk: bytes, here: int) -> int:
    """The end of what a pattern, which may match nothing, matches at `here`."""
    found = pattern.match(chunk, here)
    return found.end() if found else here
