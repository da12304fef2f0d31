"""Where the rows of a file are: found piece by piece, so that the first ones can be shown at once."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from enum import Enum
from typing import Protocol

from data.rows.piece import Piece
from data.rows.source import SourceError

_CHUNK = 1 << 20
_RETURN, _SPACE, _QUOTE, _BACKSLASH, _CLOSING = b'\r "\\]'
_OPENING = b"{["
_BETWEEN = re.compile(rb"[ \t\r\n,]*+")
_INSIDE = re.compile(rb'(?:[^"{}\[\]]++|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+")*+', re.DOTALL)
_FLAT = re.compile(rb'\{(?:[^"{}\[\]]++|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+")*+\}', re.DOTALL)
"""A whole object without a list or another object in it: most rows, in one step."""
_STRING_REST = re.compile(rb"[^\"\\\n]*+(?:\\[^\n][^\"\\\n]*+)*+")
_WORD = re.compile(rb"[^,\]\n]*+")


class _State(Enum):
    """What the byte at the position belongs to."""

    BETWEEN = 0
    """Commas and whitespace between rows."""
    INSIDE = 1
    """An object or array that is a row, outside its strings."""
    STRING = 2
    """A string: in a row, or being one."""
    WORD = 3
    """A row that begins with neither bracket nor quote: a number, a word, debris."""


class Readable(Protocol):
    """What an index looks at: a `Source`, or bytes in memory."""

    @property
    def size(self) -> int:
        """In bytes."""
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
        """Bytes of a row and perhaps of the blank lines after it: what can be told without reading it."""
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


class LineIndex:
    """Rows of a JSONL file: each line that is not blank. A byte order mark belongs to no row."""

    def __init__(self, source: Readable) -> None:
        self.done = False
        self._source = source
        self._starts = array("Q")
        self._line = self._position = 3 if source.read(0, 3) == b"\xef\xbb\xbf" else 0
        self._blank = True

    def __len__(self) -> int:
        return len(self._starts)

    def advance(self, budget: int) -> float:
        stop = min(self._position + max(budget, 1), self._source.size)
        while self._position < stop:
            try:
                self._take(self._source.read(self._position, self._position + _CHUNK))
            except SourceError:
                self._position = self._source.size
        if self._position >= self._source.size:
            if not self._blank:
                self._starts.append(self._line)
            self.done = True
        return 1.0 if self.done else self._position / self._source.size

    def start(self, row: int) -> int:
        return self._starts[row]

    def limit(self, row: int) -> int:
        return self._starts[row + 1] if row + 1 < len(self._starts) else self._position

    def size_at_most(self, row: int) -> int:
        return self.limit(row) - self.start(row)

    def text(self, row: int) -> bytes:
        region = self._source.read(self.start(row), self.limit(row))
        found = region.find(b"\n")
        if found < 0:
            return region
        return region[: found - (region[found - 1] == _RETURN)]

    def texts(self, first: int, count: int) -> Iterator[bytes]:
        for row, stop, offset, piece in _pieces(self, self._source, self._starts, first, first + count):
            lines = piece.removesuffix(b"\n").split(b"\n")
            if len(lines) == stop - row and b"\r" not in piece:  # no blank lines: three times as fast
                yield from lines
                continue
            for start in self._starts[row:stop]:
                found = piece.find(b"\n", start - offset)
                if found < 0:
                    found = len(piece)
                elif piece[found - 1] == _RETURN:
                    found -= 1
                yield piece[start - offset : found]

    def pieces(self, first: int, count: int, index: int) -> Iterator[Piece]:
        for row, stop, offset, text in _pieces(self, self._source, self._starts, first, first + count):
            yield Piece(index + row - first, text, offset, range(row, stop), (self._starts, self))

    def end(self, row: int) -> int:
        return self.start(row) + len(self.text(row))

    def end_in(self, text: bytes, offset: int, row: int) -> int:
        start = self._starts[row] - offset
        found = text.find(b"\n", start)
        if found < 0:
            return len(text)
        return found - (found > start and text[found - 1] == _RETURN)

    def _take(self, chunk: bytes) -> None:
        """Find the rows of the next chunk. A plain find loop: splitting into lines or numpy is slower (0.5, 0.7 s)."""
        base, find, starts = self._position, chunk.find, []
        found = find(b"\n")
        if found >= 0:
            if not (self._blank and _is_blank(chunk[:found])):
                starts.append(self._line)
            here, found = found + 1, find(b"\n", found + 1)
            while found >= 0:
                if chunk[here] > _SPACE or not _is_blank(chunk[here:found]):
                    starts.append(base + here)
                here = found + 1
                found = find(b"\n", here)
            self._line, self._blank = base + here, True
            chunk = chunk[here:]
            base += here
        self._blank = self._blank and _is_blank(chunk)
        self._position = base + len(chunk)
        self._starts.extend(starts)


def _is_blank(text: bytes) -> bool:
    return not text or text.isspace()


class ValueIndex:
    """Rows of a JSON file: the elements of its one array, or JSON values one after the other (often a single object).

    Only brackets and strings are looked at, so a value that is not valid JSON is still a row and spoils no other. A
    string ends at a line break, which JSON does not allow in one: a forgotten quote costs its line, not the rest.
    """

    def __init__(self, source: Readable, *, array_at: int | None) -> None:
        """`array_at`: offset of the array's opening bracket; None for values that follow each other."""
        self.done = False
        self.closed = array_at is None
        """Whether the closing bracket of the array was found."""
        self._source = source
        self._in_array = array_at is not None
        self._starts, self._ends = array("Q"), array("Q")
        self._position = (3 if source.read(0, 3) == b"\xef\xbb\xbf" else 0) if array_at is None else array_at + 1
        self._start = 0
        self._depth = 0
        self._state = _State.BETWEEN

    def __len__(self) -> int:
        return len(self._ends)

    def advance(self, budget: int) -> float:
        stop = min(self._position + max(budget, 2), self._source.size)
        while self._position < stop and not self.done:
            try:
                self._position += self._take(self._source.read(self._position, self._position + _CHUNK))
            except SourceError:
                self._position = self._source.size
        if not self.done and self._position >= self._source.size:
            if self._state is not _State.BETWEEN:  # a row that is torn ends with the file
                self._add(self._trimmed(self._source.size))
            self.done = True
        return 1.0 if self.done else self._position / self._source.size

    def start(self, row: int) -> int:
        return self._starts[row]

    def limit(self, row: int) -> int:
        return self._starts[row + 1] if row + 1 < len(self._ends) else self._source.size

    def end(self, row: int) -> int:
        return self._ends[row]

    def size_at_most(self, row: int) -> int:
        return self._ends[row] - self._starts[row]

    def text(self, row: int) -> bytes:
        return self._source.read(self._starts[row], self._ends[row])

    def texts(self, first: int, count: int) -> Iterator[bytes]:
        for row, stop, offset, piece in _pieces(self, self._source, self._starts, first, first + count):
            for start, end in zip(self._starts[row:stop], self._ends[row:stop], strict=True):
                yield piece[start - offset : end - offset]

    def pieces(self, first: int, count: int, index: int) -> Iterator[Piece]:
        for row, stop, offset, text in _pieces(self, self._source, self._starts, first, first + count):
            yield Piece(index + row - first, text, offset, range(row, stop), (self._starts, self))

    def end_in(self, text: bytes, offset: int, row: int) -> int:  # noqa: ARG002 - others must look at it
        return self._ends[row] - offset

    def _take(self, chunk: bytes) -> int:
        """Find the rows of the next chunk; how many of its bytes need not be seen again."""
        base, size, here = self._position, len(chunk), 0
        while here < size and not self.done:
            match self._state:
                case _State.BETWEEN:
                    here = _skip(_BETWEEN, chunk, here)
                    if flat := _FLAT.match(chunk, here):
                        self._start = base + here
                        here = flat.end()
                        self._add(base + here)
                    elif here < size:
                        self._begin(base + here, chunk[here])
                        here += 1
                case _State.INSIDE:
                    here = _skip(_INSIDE, chunk, here)
                    if here < size:
                        byte = chunk[here]
                        here += 1
                        if byte == _QUOTE:
                            self._state = _State.STRING
                        else:
                            self._depth += 1 if byte in _OPENING else -1
                            if not self._depth:
                                self._add(base + here)
                case _State.STRING:
                    here = _skip(_STRING_REST, chunk, here)
                    if here < size:
                        byte = chunk[here]
                        if byte == _BACKSLASH and here + 1 == size and base + size < self._source.size:
                            return here  # what it escapes is in the next chunk
                        here += 1
                        if byte != _BACKSLASH:
                            self._end_string(base + here, closed=byte == _QUOTE)
                case _State.WORD:
                    here = _skip(_WORD, chunk, here)
                    if here < size:
                        self._add(self._trimmed(base + here))
        return here

    def _begin(self, offset: int, byte: int) -> None:
        if byte == _CLOSING and self._in_array:
            self.closed = self.done = True
            return
        self._start = offset
        self._depth = int(byte in _OPENING)
        self._state = _State.INSIDE if self._depth else _State.STRING if byte == _QUOTE else _State.WORD

    def _end_string(self, offset: int, *, closed: bool) -> None:
        if self._depth:
            self._state = _State.INSIDE
        else:
            self._add(offset if closed else self._trimmed(offset))

    def _add(self, end: int) -> None:
        self._starts.append(self._start)
        self._ends.append(end)
        self._state = _State.BETWEEN

    def _trimmed(self, end: int) -> int:
        """`end` of the row under way, moved back over whitespace."""
        while end > self._start:
            try:
                piece = self._source.read(max(self._start, end - 4096), end)
            except SourceError:
                break
            kept = len(piece.rstrip(b" \t\r\n"))
            end -= len(piece) - kept
            if kept or not piece:
                break
        return end


def _pieces(
    index: Index, source: Readable, starts: array[int], row: int, stop: int
) -> Iterator[tuple[int, int, int, bytes]]:
    """The rows `row` to `stop` in pieces of about a megabyte: first row, row after the last, offset and bytes."""
    while row < stop:
        offset = starts[row]
        after = max(row + 1, bisect_right(starts, offset + _CHUNK, row + 1, stop) - 1)
        yield row, after, offset, source.read(offset, index.limit(after - 1))
        row = after


def _skip(pattern: re.Pattern[bytes], chunk: bytes, here: int) -> int:
    """The end of what the pattern matches at `here`; every pattern of this file can match nothing."""
    found = pattern.match(chunk, here)
    return found.end() if found else here
