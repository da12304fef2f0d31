"""The rows of a JSON file that is no JSONL."""

from __future__ import annotations

import re
from enum import Enum

from data.rows.index import BoundedIndex, Readable, skip
from data.rows.line_index import BOM
from data.rows.source import SourceError

_QUOTE, _BACKSLASH, _CLOSING = b'"\\]'
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


class ValueIndex(BoundedIndex):
    """Rows of a JSON file: the elements of its one array, or JSON values one after the other (often a single object).

    Only brackets and strings are looked at, so a value that is not valid JSON is still a row and spoils no other. A
    string ends at a line break, which JSON does not allow in one: a forgotten quote costs its line, not the rest.
    """

    def __init__(self, source: Readable, *, array_at: int | None) -> None:
        """`array_at`: offset of the array's opening bracket; None for values that follow each other."""
        opening = len(BOM) if source.read(0, len(BOM)) == BOM else 0
        super().__init__(source, opening if array_at is None else array_at + 1)
        self.closed = array_at is None
        """Whether the closing bracket of the array was found."""
        self._in_array = array_at is not None
        self._start = 0
        self._depth = 0
        self._state = _State.BETWEEN

    def _take(self, chunk: bytes) -> int:
        """Find the rows of the next chunk; how many of its bytes need not be seen again."""
        base, size, here = self._position, len(chunk), 0
        while here < size and not self.done:
            match self._state:
                case _State.BETWEEN:
                    here = skip(_BETWEEN, chunk, here)
                    if flat := _FLAT.match(chunk, here):
                        self._start = base + here
                        here = flat.end()
                        self._add(base + here)
                    elif here < size:
                        self._begin(base + here, chunk[here])
                        here += 1
                case _State.INSIDE:
                    here = skip(_INSIDE, chunk, here)
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
                    here = skip(_STRING_REST, chunk, here)
                    if here < size:
                        byte = chunk[here]
                        if byte == _BACKSLASH and here + 1 == size and self._goes_on(base + size):
                            return here  # what it escapes is in the next chunk
                        here += 1
                        if byte != _BACKSLASH:
                            self._end_string(base + here, closed=byte == _QUOTE)
                case _State.WORD:
                    here = skip(_WORD, chunk, here)
                    if here < size:
                        self._add(self._trimmed(base + here))
        return here

    def _finish(self) -> None:
        if self._state is not _State.BETWEEN:  # a row that is torn ends with the file
            self._add(self._trimmed(self._source.size))

    def _goes_on(self, offset: int) -> bool:
        return offset < self._source.size or not self._source.whole

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
