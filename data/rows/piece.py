"""Rows that follow each other, as one long stretch of bytes: what a search over a whole file looks through."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Protocol


class Ends(Protocol):
    """What knows where a row ends: an index."""

    def end_in(self, text: bytes, offset: int, row: int) -> int:
        """Where the row ends in a text that was read at `offset`."""
        ...


class Piece:
    """Whole rows, with what stands between them. Making one costs no more than reading its bytes."""

    def __init__(self, first: int, text: bytes, offset: int, rows: range, places: tuple[Sequence[int], Ends]) -> None:
        """`offset`: where `text` was read; `rows`: which rows of the source; `places`: where all of those are."""
        self.first = first
        """Index of its first row."""
        self.text = text
        """Their bytes, about a megabyte."""
        self._offset, self._rows = offset, rows
        self._starts, self._ends = places

    @classmethod
    def of_one(cls, index: int, text: bytes) -> Piece:
        """A single row that is not in the source as it is."""
        return cls(index, text, 0, range(1), _ALONE)

    def __len__(self) -> int:
        """How many rows."""
        return len(self._rows)

    @property
    def starts(self) -> Sequence[int]:
        """Where each row starts in `text`; made when asked for."""
        return [start - self._offset for start in self._starts[self._rows.start : self._rows.stop]]

    def row_at(self, place: int) -> int:
        """The index of the row that a place in `text` belongs to; behind a row's end it is still that row's."""
        found = bisect_right(self._starts, self._offset + place, self._rows.start, self._rows.stop) - 1
        return self.first + max(found - self._rows.start, 0)

    def rows_at(self, places: Iterable[int]) -> list[int]:
        """The indices of the rows that ascending places in `text` belong to, each once; quick where hits are many."""
        starts, offset, shift = self._starts, self._offset, self.first - self._rows.start
        row, last = self._rows.start, self._rows.stop - 1
        rows: list[int] = []
        after = -1
        for place in places:
            where = place + offset
            if where < after:
                continue
            if row < last and where >= starts[row + 1]:
                row += 1
                if row < last and where >= starts[row + 1]:
                    row = bisect_right(starts, where, row, last + 1) - 1
            rows.append(row + shift)
            if row == last:
                break
            after = starts[row + 1]
        return rows

    def bounds(self, index: int) -> tuple[int, int]:
        """Where the row with this index starts and ends in `text`."""
        row = self._rows[index - self.first]
        return self._starts[row] - self._offset, self._ends.end_in(self.text, self._offset, row)


class _Whole:
    """Ends of a row that fills its text."""

    def end_in(self, text: bytes, offset: int, row: int) -> int:  # noqa: ARG002
        return len(text)


_ALONE = ((0,), _Whole())
