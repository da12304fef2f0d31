"""Rows that share a key, found in little memory: 12 bytes a row, and no step longer than some milliseconds."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator
from hashlib import blake2b

_PARTS = 256
"""A million rows are 4,000 in each part, which takes some 2 ms."""


def hashed(text: str) -> int:
    """64 bits of a text, the same in every run."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class Groups:
    """Collects a 64-bit key for each row, and then gives the rows with the same key."""

    def __init__(self) -> None:
        self._keys = [array("Q") for _ in range(_PARTS)]
        self._rows = [array("I") for _ in range(_PARTS)]

    def add(self, key: int, row: int) -> None:
        """Note a row, each under any number of keys; rows come in order."""
        part = key % _PARTS
        self._keys[part].append(key)
        self._rows[part].append(row)

    def groups(self) -> Iterator[tuple[float, list[list[int]]]]:
        """The part of the work done, 0 to 1, and the groups of two or more rows found in it, each in order of row."""
        for part, (keys, rows) in enumerate(zip(self._keys, self._rows, strict=True)):
            found: dict[int, int] = {}
            several: defaultdict[int, list[int]] = defaultdict(list)
            for key, row in zip(keys, rows, strict=True):
                first = found.setdefault(key, row)
                if first != row:
                    several[key].append(row)
            yield (part + 1) / _PARTS, [[found[key], *others] for key, others in several.items()]
