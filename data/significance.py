"""How sure a count of answers makes one: the interval of a share, and whether a paired difference may be chance."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, sqrt

LEVEL = 0.05
"""A difference that chance gives less often than this is called one."""
FEWEST_CHANGED = 6
"""With fewer changed answers the exact test cannot fall below `LEVEL`: five of five give 0.0625."""
_TEST = "exact McNemar test"
_Z = 1.959963984540054
"""The normal distribution's 97.5 % point, for intervals of 95 %."""


@dataclass(frozen=True, slots=True)
class Paired:
    """The same questions answered by two sides, as far as they were judged differently."""

    lost: int
    """Right before, not right after."""
    gained: int
    """Not right before, right after."""

    @property
    def p(self) -> float:
        """How often chance alone parts them as unevenly."""
        return mcnemar(self.lost, self.gained)

    @property
    def significant(self) -> bool:
        """Whether that is rarer than `LEVEL`."""
        return self.p < LEVEL

    def sentence(self, before: str, after: str) -> str:
        """What may be concluded of two sides, by their names."""
        counts = f"{self.gained:,} became right and {self.lost:,} stopped being right"
        if self.lost + self.gained < FEWEST_CHANGED:
            return f"Not enough evidence: {counts}, and fewer than {FEWEST_CHANGED} changed answers show no difference."
        p = f"p < 0.0001, {_TEST}" if self.p < 0.0001 else f"p = {self.p:.2g}, {_TEST}"
        if not self.significant:
            return f"Not enough evidence that {after} differs from {before}: {counts} ({p})."
        better, worse = (after, before) if self.gained > self.lost else (before, after)
        return f"{better} is better than {worse}: {counts} ({p})."


def mcnemar(lost: int, gained: int) -> float:
    """The exact two-sided McNemar test: how often a fair coin parts `lost + gained` answers as unevenly, 0 to 1.

    Raises ValueError for a negative count.
    """
    if lost < 0 or gained < 0:
        raise ValueError("counts cannot be negative")
    changed, fewer = lost + gained, min(lost, gained)
    tail = sum(comb(changed, each) for each in range(fewer + 1))
    return min(1.0, 2 * tail / 2**changed)


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, from 0 to 1; (0, 1) where nothing was counted.

    It stays within 0 and 1 and is honest for small counts, where the usual one is not (Wilson 1927). Raises ValueError
    unless 0 ≤ hits ≤ total.
    """
    if not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total} is no share")
    if total == 0:
        return 0.0, 1.0
    share, square = hits / total, _Z * _Z
    middle = share + square / (2 * total)
    spread = _Z * sqrt(share * (1 - share) / total + square / (4 * total * total))
    scale = 1 + square / total
    # At the ends rounding would step over by a hair.
    low = 0.0 if hits == 0 else (middle - spread) / scale
    high = 1.0 if hits == total else (middle + spread) / scale
    return low, high
