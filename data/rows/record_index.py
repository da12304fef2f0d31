"""The rows of a CSV file."""

from __future__ import annotations

import re
from enum import Enum

from data.rows.index import BoundedIndex, Readable, skip

_NEWLINE, _QUOTE = b'\n"'


class _State(Enum):
    """What the byte at the position belongs to."""

    RECORD = 0
    """The beginning of a record."""
    FIELD = 1
    """The beginning of a further field."""
    PLAIN = 2
    """A field without quotes, or what follows a closing quote."""
    QUOTED = 3
    """A field in quotes, where a line break ends nothing."""


class RecordIndex(BoundedIndex):
    """Records of a CSV file, each of them a row; lines of nothing at all are between rows.

    A quote opens a quoted field only as the first character of the field, and two quotes inside it are one (RFC 4180).
    """

    def __init__(self, source: Readable, delimiter: bytes, position: int, *, quotes: bool = True) -> None:
        """`position`: where the first record after the header begins; `quotes`: whether they mean anything."""
        super().__init__(source, position)
        self._opening = _QUOTE if quotes else -1
        end = re.escape(delimiter) + rb"\n"
        quoted = rb'(?:"(?:[^"]++|"")*+"[^' + end + rb']*+|[^"' + end + rb"][^" + end + rb"]*+)?+"
        field = quoted if quotes else rb"[^" + end + rb"]*+"
        self._record = re.compile(field + rb"(?:" + re.escape(delimiter) + field + rb")*+\n")
        self._plain = re.compile(rb"[^" + end + rb"]*+")
        self._quoted = re.compile(rb'[^"]*+')
        self._state = _State.RECORD
        self._start = position

    def _take(self, chunk: bytes) -> int:
        base, size, here = self._position, len(chunk), 0
        while here < size:
            if self._state is _State.RECORD:
                while found := self._record.match(chunk, here):
                    self._add(base + here, base + found.end(), chunk[found.end() - 2 : found.end()])
                    here = found.end()
                self._start = base + here
                if here == size:
                    break
            if self._state in (_State.RECORD, _State.FIELD):
                self._state = _State.QUOTED if chunk[here] == self._opening else _State.PLAIN
                here += chunk[here] == self._opening
            if self._state is _State.QUOTED:
                here = skip(self._quoted, chunk, here)
                if here == size:
                    break
                if here + 1 == size and (base + size < self._source.size or not self._source.whole):
                    return here  # whether it closes the field is in the next chunk
                if chunk[here : here + 2] == b'""':
                    here += 2
                else:
                    self._state = _State.PLAIN
                    here += 1
            else:
                here = self._take_plain(chunk, here)
        return size

    def _take_plain(self, chunk: bytes, here: int) -> int:
        """Go on to the end of a field without quotes, or of the record."""
        here = skip(self._plain, chunk, here)
        if here < len(chunk):
            end = self._position + here + 1
            if chunk[here] == _NEWLINE:
                self._add(self._start, end, self._source.read(max(end - 2, self._start), end))
            else:
                self._state = _State.FIELD
            here += 1
        return here

    def _add(self, start: int, end: int, last: bytes) -> None:
        """A record and its line end, whose last two bytes are given, were found."""
        self._state = _State.RECORD
        end -= 2 if last == b"\r\n" else 1
        if end > start:
            self._starts.append(start)
            self._ends.append(end)

    def _finish(self) -> None:
        if self._state is not _State.RECORD:
            self._starts.append(self._start)
            self._ends.append(self._source.size)
