"""Rows laid end to end: which of them share a pack."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence


def pack(lengths: Sequence[int], rows: Sequence[int], capacity: int) -> list[list[int]]:
    """Put rows into packs of at most `capacity` tokens: the longest first, each where it leaves the least room.

    `lengths` is that of every row there is, `rows` says which are packed, some perhaps more than once. Best-fit
    decreasing needs at most 11/9 of the fewest packs that are possible, plus four.
    """
    packs: list[list[int]] = []
    room: list[tuple[int, int]] = []
    for row in sorted(rows, key=lambda row: -lengths[row]):
        at = bisect_left(room, (lengths[row], -1))
        if at == len(room):
            packs.append([row])
            insort(room, (capacity - lengths[row], len(packs) - 1))
        else:
            left, number = room.pop(at)
            packs[number].append(row)
            insort(room, (left - lengths[row], number))
    return packs


def exactly(packs: list[list[int]], count: int) -> list[list[int]]:
    """The same rows in `count` packs, more than there are: those with the most rows are halved."""
    packs = sorted(packs, key=len)
    while len(packs) < count and len(packs[-1]) > 1:
        largest = packs.pop()
        half = len(largest) // 2
        packs += [largest[:half], largest[half:]]
        packs.sort(key=len)
    return packs
