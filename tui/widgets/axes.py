"""Axes of a chart: the scale of the values, and ticks at numbers that a person would choose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tui.widgets.figures import compact, power


@dataclass(frozen=True, slots=True)
class Scale:
    """Where values lie between the bottom (0.0) and the top (1.0) of a chart."""

    bottom: float
    top: float
    log: bool = False

    def share(self, value: float) -> float:
        """The height of a value, 0 to 1 inside the chart; a value that a log scale cannot show lies at the bottom."""
        if self.log:
            if value <= 0 or self.bottom <= 0:
                return 0.0
            return math.log(value / self.bottom) / math.log(self.top / self.bottom)
        height = self.top - self.bottom
        return (value - self.bottom) / height if height else 0.0  # values so small that their distance is none


def value_scale(low: float, high: float, *, log: bool) -> Scale:
    """A scale that shows all values from `low` to `high` with a little air, never below 0 for values that are not.

    A linear scale starts at 0 unless that would leave more than half of the chart empty.
    """
    if log and high > 0:
        low = low if low > 0 else high / 1000
        if high / low < 1.2:
            return Scale(low / 1.5, high * 1.5, log=True)
        air = (high / low) ** 0.04
        return Scale(low / air, high * air, log=True)
    spread = high - low
    if spread <= 0:
        spread = abs(high) or 1.0
    bottom = low - spread * 0.06
    if low >= 0 and (bottom < 0 or low < high * 0.5):
        bottom = 0.0
    return Scale(bottom, high + spread * 0.06)


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most `most` round numbers (1, 2, 2.5 or 5 × 10^k apart) between `low` and `high`."""
    if most < 1 or not high > low:
        return []
    raw = (high - low) / most
    magnitude = 10.0 ** math.floor(math.log10(raw))
    for multiple in (1, 2, 2.5, 5, 10, 20):
        step = multiple * magnitude
        first = math.ceil(low / step - 1e-9)
        last = math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [index * step for index in range(first, last + 1)]
    return []


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """At most `most` numbers 1, 2 or 5 × 10^k between two positive numbers; fewer kinds where there is less room."""
    if most < 1 or not 0 < low < high:
        return []
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for leads in ((1, 2, 5), (1, 3), (1,)):
        found = [lead * 10.0**decade for decade in decades for lead in leads]
        found = [value for value in found if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]
        if len(found) <= most:
            return found or ticks(low, high, most)
    return found[:: math.ceil(len(found) / most)]


def tick_labels(values: Sequence[float]) -> list[str]:
    """The labels of one axis, all with the same number of decimals."""
    if not values:
        return []
    largest = max(abs(value) for value in values)
    if largest >= 1e5 or (largest and largest < 1e-3):
        return [power(value) for value in values]
    for decimals in range(7):
        labels = [f"{value:.{decimals}f}" for value in values]
        if all(
            math.isclose(float(label), value, rel_tol=1e-6, abs_tol=largest * 1e-9)
            for label, value in zip(labels, values, strict=True)
        ):
            return labels
    return [power(value) for value in values]


def step_ticks(start: float, end: float, width: int) -> list[tuple[float, str]]:
    """Ticks of the step axis with their labels, as many as fit `width` columns with air between; whole steps only."""
    room = max(len(compact(end)), 3) + 4
    return [(value, compact(value)) for value in ticks(start, end, max(width // room, 1)) if value == round(value)]
