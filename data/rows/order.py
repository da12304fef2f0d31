"""The order of rows as runs of consecutive ids: a million untouched rows are one run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_BLOCK = 128


class Run(NamedTuple):
    """The ids `first`, `first + 1` … in a row."""

    first: int
    length: int


class RowOrder:
    """A sequence of row ids with cheap insertion and removal anywhere (some 20 µs with 100,000 runs)."""

    def __init__(self) -> None:
        self._blocks: list[list[Run]] = [[]]
        self._sizes = [0]
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: int) -> int:
        block, place, offset = self._find(index)
        return self._blocks[block][place].first + offset

    def runs(self) -> Iterator[Run]:
        """All runs, in order."""
        for block in self._blocks:
            yield from block

    def extend(self, first: int, count: int) -> None:
        """Put ids at the end."""
        self._put(len(self._blocks) - 1, len(self._blocks[-1]), Run(first, count))

    def insert(self, index: int, row_id: int) -> None:
        """Put an id before what is at `index`; `len` puts it at the end."""
        if index == self._length:
            self.extend(row_id, 1)
            return
        block, place, offset = self._find(index)
        if offset:
            run = self._blocks[block][place]
            self._blocks[block][place : place + 1] = [
                Run(run.first, offset),
                Run(run.first + offset, run.length - offset),
            ]
            place += 1
        self._put(block, place, Run(row_id, 1))

    def delete(self, index: int) -> int:
        """Take the id at `index` out."""
        block, place, offset = self._find(index)
        run = self._blocks[block][place]
        parts = [Run(run.first, offset), Run(run.first + offset + 1, run.length - offset - 1)]
        self._blocks[block][place : place + 1] = [part for part in parts if part.length]
        self._sizes[block] -= 1
        self._length -= 1
        if not self._blocks[block] and len(self._blocks) > 1:
            del self._blocks[block], self._sizes[block]
        else:
            self._halve(block)
        return run.first + offset

    def _put(self, block: int, place: int, run: Run) -> None:
        """Put a run before place `place` of a block, joined to its neighbours where the ids go on."""
        runs = self._blocks[block]
        self._sizes[block] += run.length
        self._length += run.length
        if place and runs[place - 1].first + runs[place - 1].length == run.first:
            place -= 1
            run = Run(runs[place].first, runs[place].length + run.length)
            del runs[place]
        if place < len(runs) and run.first + run.length == runs[place].first:
            run = Run(run.first, run.length + runs[place].length)
            del runs[place]
        runs.insert(place, run)
        self._halve(block)

    def _halve(self, block: int) -> None:
        """Make two of a block that has become too long to be looked through."""
        runs = self._blocks[block]
        if len(runs) > 2 * _BLOCK:
            self._blocks[block : block + 1] = [runs[:_BLOCK], runs[_BLOCK:]]
            halves = [sum(each.length for each in half) for half in self._blocks[block : block + 2]]
            self._sizes[block : block + 1] = halves

    def _find(self, index: int) -> tuple[int, int, int]:
        """Block, place of the run in it, and offset in the run. Raises IndexError."""
        if not 0 <= index < self._length:
            raise IndexError(index)
        block = 0
        while index >= self._sizes[block]:
            index -= self._sizes[block]
            block += 1
        place = 0
        runs = self._blocks[block]
        while index >= runs[place].length:
            index -= runs[place].length
            place += 1
        return block, place, index
