"""A growing series of points, and what a screen of a few hundred columns needs of it."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

BLOCK = 64
"""Points (or blocks) summed up in one block of the next level."""


@dataclass(frozen=True, slots=True)
class Column:
    """The points of a series that fall into one column of the screen."""

    low: float
    high: float
    mean: float
    count: int


class Series:
    """Points in order of their x, kept with the least, the greatest and the sum of each block of 64, of 64 blocks, ….

    A column of any width is answered from the blocks inside it, so a chart costs O(columns), however many points there
    are. Values that are not finite are left out and counted in `dropped`.
    """

    def __init__(self, points: Iterable[tuple[float, float]] = ()) -> None:
        self.xs: list[float] = []
        self.ys: list[float] = []
        self.dropped = 0
        """Points left out because their value was not a finite number."""
        self.revision = 0
        """Grows with every change, so that a reader can tell whether it has seen this state."""
        self._sums: list[float] = [0.0]
        self._lows: list[list[float]] = []
        self._highs: list[list[float]] = []
        self.extend(points)

    def __len__(self) -> int:
        return len(self.xs)

    def extend(self, points: Iterable[tuple[float, float]]) -> None:
        """Add points. One that does not lie after the last replaces all from its x on (a run resumed further back)."""
        xs, ys, sums = self.xs, self.ys, self._sums
        clean = len(xs)
        changed = False
        for x, y in points:
            changed = True
            if not (math.isfinite(x) and math.isfinite(y)):
                self.dropped += 1
                continue
            if xs and x <= xs[-1]:
                keep = bisect_left(xs, x)
                del xs[keep:], ys[keep:], sums[keep + 1 :]
                clean = min(clean, keep)
            xs.append(x)
            ys.append(y)
            sums.append(sums[-1] + y)
        if changed:
            self.revision += 1
            self._rebuild(clean)

    def span(self, start: float, end: float) -> tuple[int, int]:
        """The indices [first, last) of the points with start ≤ x < end."""
        return bisect_left(self.xs, start), bisect_left(self.xs, end)

    def column(self, first: int, last: int) -> Column | None:
        """What the points [first, last) come to; None when there are none."""
        if first >= last:
            return None
        low, high = self._extremes(first, last)
        # Rounding (or an overflow) in the running sum must not carry the mean outside of what it is the mean of.
        mean = (self._sums[last] - self._sums[first]) / (last - first)
        return Column(low, high, min(high, max(low, mean)), last - first)

    def columns(self, start: float, end: float, width: int) -> list[Column | None]:
        """The points with start ≤ x ≤ end in `width` columns of equal width; the last column includes `end`."""
        if width < 1 or not self.xs or end < start:
            return [None] * max(width, 0)
        step = (end - start) / width
        last = bisect_left(self.xs, math.nextafter(end, math.inf))
        edges = [bisect_left(self.xs, start + index * step, 0, last) for index in range(width)] + [last]
        return [self.column(edges[index], edges[index + 1]) for index in range(width)]

    def nearest(self, x: float) -> int | None:
        """The index of the point whose x is nearest; None when there are no points."""
        if not self.xs:
            return None
        index = bisect_left(self.xs, x)
        if index == len(self.xs):
            return index - 1
        if index > 0 and x - self.xs[index - 1] <= self.xs[index] - x:
            return index - 1
        return index

    def _rebuild(self, clean: int) -> None:
        """Bring the levels up to date; the first `clean` points are as they were."""
        lows, highs = self.ys, self.ys
        level = 0
        while len(lows) > BLOCK:
            if level == len(self._lows):
                self._lows.append([])
                self._highs.append([])
                # Points that were there before this level was are not in it yet.
                clean = 0
            clean //= BLOCK
            new_lows, new_highs = self._lows[level], self._highs[level]
            del new_lows[clean:], new_highs[clean:]
            for start in range(clean * BLOCK, len(lows), BLOCK):
                new_lows.append(min(lows[start : start + BLOCK]))
                new_highs.append(max(highs[start : start + BLOCK]))
            lows, highs = new_lows, new_highs
            level += 1
        del self._lows[level:], self._highs[level:]

    def _extremes(self, first: int, last: int) -> tuple[float, float]:
        """The least and the greatest value of the points [first, last), which are not empty."""
        low, high = math.inf, -math.inf
        lows, highs = self.ys, self.ys
        level = 0
        while True:
            inner_first, inner_last = -(-first // BLOCK), last // BLOCK
            if level == len(self._lows) or inner_first >= inner_last:
                return min(low, min(lows[first:last])), max(high, max(highs[first:last]))
            for start, end in ((first, inner_first * BLOCK), (inner_last * BLOCK, last)):
                if start < end:
                    low = min(low, min(lows[start:end]))
                    high = max(high, max(highs[start:end]))
            first, last = inner_first, inner_last
            lows, highs = self._lows[level], self._highs[level]
            level += 1


class Smoothing:
    """An exponential moving average over about `steps` values, without bias at its start (Kingma & Ba 2014, §3)."""

    def __init__(self, steps: float) -> None:
        self._weight = 1 - 1 / max(steps, 1.0)
        self._average = 0.0
        self._share = 0.0

    def restart(self, average: float) -> None:
        """Go on from an average that was given earlier."""
        self._average, self._share = average, 1.0

    def add(self, value: float) -> float:
        """Take one more value; the average up to it. A value that is not finite leaves the average as it was."""
        if math.isfinite(value):
            self._average = self._weight * self._average + (1 - self._weight) * value
            self._share = self._weight * self._share + (1 - self._weight)
        return self._average / self._share if self._share else math.nan
