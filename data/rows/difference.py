"""Where two versions of the same rows differ."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from data.rows.row import Snapshot, as_text

_LINED_UP = 20_000
"""Versions that differ over more rows than this are compared place by place: lining them up takes too long."""


@dataclass(frozen=True, slots=True)
class RowDifference:
    """One row that the two versions do not share; None for a version that has no such row there."""

    number: int | None
    """Row in hand, from 1."""
    text: str | None
    disk_number: int | None
    """Row on disk, from 1."""
    disk_text: str | None


def differences(mine: Snapshot, disk: Snapshot) -> Iterator[RowDifference]:
    """The rows in which two versions differ, in order. Raises SourceError when one cannot be read any more."""
    ours, theirs = _hashes(mine), _hashes(disk)
    short = min(len(ours), len(theirs))
    head = next((place for place in range(short) if ours[place] != theirs[place]), short)
    tail = next((place for place in range(short - head) if ours[-1 - place] != theirs[-1 - place]), short - head)
    middle, other = ours[head : len(ours) - tail], theirs[head : len(theirs) - tail]
    texts, disk_texts = _Texts(mine), _Texts(disk)
    for start, end, disk_start, disk_end in _blocks(middle, other):
        for place in range(max(end - start, disk_end - disk_start)):
            row = head + start + place if start + place < end else None
            disk_row = head + disk_start + place if disk_start + place < disk_end else None
            yield RowDifference(
                None if row is None else row + 1,
                None if row is None else texts.at(row),
                None if disk_row is None else disk_row + 1,
                None if disk_row is None else disk_texts.at(disk_row),
            )


def _hashes(snapshot: Snapshot) -> array[int]:
    return array("q", map(hash, snapshot.texts()))


def _blocks(ours: array[int], theirs: array[int]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches that differ: from, to, and from, to of the other one."""
    if len(ours) + len(theirs) > _LINED_UP:
        for place in range(max(len(ours), len(theirs))):
            if place >= min(len(ours), len(theirs)) or ours[place] != theirs[place]:
                yield (
                    min(place, len(ours)),
                    min(place + 1, len(ours)),
                    min(place, len(theirs)),
                    min(place + 1, len(theirs)),
                )
        return
    for tag, start, end, disk_start, disk_end in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag != "equal":
            yield start, end, disk_start, disk_end


class _Texts:
    """Texts of a snapshot, asked for in rising order."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._texts = enumerate(snapshot.texts())

    def at(self, row: int) -> str:
        return next(as_text(text) for index, text in self._texts if index == row)
