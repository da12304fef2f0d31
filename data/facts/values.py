"""When two stated values are the same: the rule of each kind, with its tolerance."""

from __future__ import annotations

from data.facts.model import Fact, Kind

_HEX, _MONEY, _RANGE, _RATIO = Kind.HEX, Kind.MONEY, Kind.RANGE, Kind.RATIO  # an enum's member costs 0.1 µs to look up

CONVERTED = 0.006
"""Relative tolerance where the units differ: converted figures are rounded (5 miles = 8 km)."""
HEDGED = 0.05
"""The most that "about" may cover."""
_CALENDAR = 0.1
"""What "about" covers between units of time: six weeks are about a month and a half."""
_FARTHEST = 0.1
"""More than any tolerance below, but for temperatures, whose zero is none."""
EXACT = frozenset({"information", "count", "hex", "rank", "pixels", "times", "units"})
"""Dimensions in which a rounded value is another value."""


def close(x: float, y: float, tolerance: float) -> bool:
    """Whether two numbers differ by at most a share of the greater."""
    return x == y or abs(x - y) <= tolerance * max(abs(x), abs(y))


def far_apart(f: Fact, g: Fact) -> bool:
    """Whether two numbers of one dimension, without other readings, are beyond every tolerance."""
    x, y = f.base[0], g.base[0]
    return abs(x - y) > _FARTHEST * max(abs(x), abs(y)) and x * y >= 0 and f.dimension != "temperature"


def _same_loss(f: Fact, g: Fact) -> bool:
    """Whether one is a negative sum and the other a loss of as much."""
    x, y = f.base[0], g.base[0]
    return f.kind is _MONEY and x < 0 < y and not g.about.isdisjoint(_LOSSES) and close(-x, y, 1e-9)


_LOSSES = frozenset(["loss", "deficit", "shortfall", "los"])


def _rounded(x: float, digits: int) -> float:
    return float(f"{x:.{max(digits, 1) - 1}e}")


def same_number(f: Fact, g: Fact) -> bool:
    """Whether two numeric facts of one dimension state the same value.

    Equal within 1e-9 in the same unit; within 0.6 %, or equal when rounded to the digits of the shorter
    (at most 3 % apart), in different units; within 5 % where one is only "about" the other. Bits, hex and
    small counts are exact.
    """
    if f.kind is _RANGE or g.kind is _RANGE:
        return _same_range(f, g)
    if len(f.base) != len(g.base):
        return False
    if len(f.base) == 1 and not f.other_base and not g.other_base:
        return _same(f, g, f.base[0], g.base[0]) or _same_loss(f, g) or _same_loss(g, f)
    if len(f.base) == 1:
        return any(_same(f, g, x[0], y[0]) for x, y in _readings(f, g))
    return any(all(_same(f, g, p, q) for p, q in zip(x, y, strict=True)) for x, y in _readings(f, g))


def _readings(f: Fact, g: Fact) -> list[tuple[tuple[float, ...], tuple[float, ...]]]:
    pairs = [(f.base, g.base)]
    if f.other_base and g.other_base and len(f.other_base) == len(g.other_base):
        pairs.append((f.other_base, g.other_base))
    elif f.dimension != "information" or not (f.unit and g.unit and f.unit[:1] == g.unit[:1]):
        if f.other_base and len(f.other_base) == len(g.base):
            pairs.append((f.other_base, g.base))
        if g.other_base and len(g.other_base) == len(f.base):
            pairs.append((f.base, g.other_base))
    return pairs


def _same(f: Fact, g: Fact, x: float, y: float) -> bool:
    """Whether x of `f` and y of `g`, both in the base unit, are the same value."""
    if close(x, y, 1e-9):
        return True
    if f.kind is _HEX or g.kind is _HEX:
        return False
    if f.dimension == "recurrence":
        return close(x, y, 0.02)
    if f.unit != g.unit and f.dimension not in EXACT and _same_converted(f, g, x, y):
        return True
    if f.dimension == "fraction" and _RATIO in (f.kind, g.kind) and close(x, y, 0.01):
        return True
    if f.dimension == "time" and f.unit != g.unit and "about" in (f.bound, g.bound) and close(x, y, _CALENDAR):
        return True
    hedged = "about" in (f.bound, g.bound) and (f.dimension != "count" or max(abs(x), abs(y)) >= 100)
    if hedged and (close(x, y, 0.005) or _round_equal(f, g, x, y, HEDGED)):
        return True
    if _roundable(f, g, x, y) and _round_equal(f, g, x, y, CONVERTED):
        return True
    if f.bound != g.bound and "over" in (f.bound, g.bound):
        low, high = (x, y) if f.bound == "over" else (y, x)
        return low < high <= low * 1.05
    return False


def _roundable(f: Fact, g: Fact, x: float, y: float) -> bool:
    """Whether two values are so great that one may be the other, rounded ("9.98 million km²")."""
    if f.dimension == "count":
        return min(abs(x), abs(y)) >= 1000
    if f.dimension in EXACT or f.kind is _MONEY or f.unit != g.unit:
        return False
    stated = (_stated(f), _stated(g))
    return all(v is not None and abs(v) >= _MANY for v in stated)


_MANY = 100_000


def _same_converted(f: Fact, g: Fact, x: float, y: float) -> bool:
    if f.dimension == "temperature":
        return abs(x - y) <= 0.6
    return close(x, y, CONVERTED) or (f.dimension != "time" and _round_equal(f, g, x, y, 0.03))


def _round_equal(f: Fact, g: Fact, x: float, y: float, limit: float) -> bool:
    if not close(x, y, limit) or not f.digits or not g.digits:
        return False
    fx, gy = _stated(f), _stated(g)
    if fx is None or gy is None or f.unit == g.unit:
        digits = min(f.digits, g.digits)
        return _rounded(x, digits) == _rounded(y, digits)
    if f.digits <= g.digits:
        scale = fx / x if x else 0.0
        return _rounded(y * scale, f.digits) == _rounded(fx, f.digits)
    scale = gy / y if y else 0.0
    return _rounded(x * scale, g.digits) == _rounded(gy, g.digits)


def _stated(f: Fact) -> float | None:
    return float(f.value) if isinstance(f.value, (int, float)) else None


def _same_range(f: Fact, g: Fact) -> bool:
    if f.kind is g.kind:
        for x, y in _readings(f, g):
            if len(x) == len(y) and all(_same(f, g, p, q) for p, q in zip(x, y, strict=True)):
                return True
        return f.base == g.other_base or g.base == f.other_base
    interval, single = (f, g) if f.kind is _RANGE else (g, f)
    if len(single.base) != 1 or len(interval.base) != 2:
        return False
    value = single.base[0]
    if len(interval.other_base) == 1 and close(interval.other_base[0], value, 1e-9):  # 5 V ± 5 % against 5 V
        return True
    low, high = interval.base
    if low == 0 and close(high, value, 1e-6):  # "between 0 and 3.3 V" against "3.3 V"
        return True
    if single.bound == "max":
        return close(high, value, 1e-6)
    if single.bound == "min":
        return close(low, value, 1e-6)
    return single.bound == "about" and low <= value <= high


def bounds_oppose(f: Fact, g: Fact) -> bool:
    """Whether equal values are meant in opposite ways: "at least 2 GB" against "at most 2 GB"."""
    lower, upper = {"min", "over"}, {"max", "under"}
    return (f.bound in lower and g.bound in upper) or (f.bound in upper and g.bound in lower)
