"""Which examples an epoch shows, when files have weights of their own."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence


class Mix:
    """Examples of several sources, each seen as often as its weight says.

    Weight 2 shows an example twice an epoch, 0.5 every other example, the others in the next epoch. An epoch has
    always the same number of examples of each source; which ones depends on seed and epoch alone.
    """

    def __init__(self, sources: Sequence[Sequence[int]], weights: Sequence[float], seed: int) -> None:
        """`sources`: the indexes of the examples of each source; `weights`: one for each."""
        self._sources = sources
        self._weights = weights
        self._seed = seed

    def __len__(self) -> int:
        """Examples an epoch."""
        return sum(math.floor(weight) * len(each) + share for each, weight, share in self._shares())

    def epoch(self, epoch: int) -> list[int]:
        """The indexes of an epoch's examples, in no particular order."""
        found: list[int] = []
        for number, (each, weight, share) in enumerate(self._shares()):
            found += list(each) * math.floor(weight)
            if share:
                # A permutation is gone through share by share, so that no example waits longer than the others.
                shuffled = list(each)
                random.Random(f"{self._seed}/{number}").shuffle(shuffled)  # noqa: S311 - no secret
                start = epoch * share
                found += [shuffled[(start + place) % len(shuffled)] for place in range(share)]
        return found

    def _shares(self) -> list[tuple[Sequence[int], float, int]]:
        """Of each source its examples, its weight, and how many examples its fraction is: one at least."""
        return [
            (each, weight, share if math.floor(weight) or not each else max(share, 1))
            for each, weight in zip(self._sources, self._weights, strict=True)
            for share in [round((weight - math.floor(weight)) * len(each))]
        ]
