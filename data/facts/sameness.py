"""When two comparable facts state the same."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from data.facts.keys import name_key
from data.facts.model import Fact, Kind
from data.facts.patterns import lazy
from data.facts.slots import NAMES, bare
from data.facts.unit_table import SYMBOLS
from data.facts.values import bounds_oppose, close, far_apart, same_number
from data.facts.vocabulary.aliases import canonical

if TYPE_CHECKING:
    from data.facts.extract import Analysis

_DATE, _DIMENSIONS, _VERSION = Kind.DATE, Kind.DIMENSIONS, Kind.VERSION  # an enum's member costs 0.1 µs to look up

_NUMBERED = lazy(r"([a-z]{3,})\|\1\d|([a-z]{3,})\d\|\2")  # CSI is a less exact CSI-2


def same(f: Fact, g: Fact) -> bool:
    """Whether two comparable facts state the same: numbers by `values`, dates and versions by prefix, names by word."""
    left, right = f.base, g.base
    if left and right:
        if f.dimension == g.dimension:
            if len(left) == len(right) == 1 and not f.other_base and not g.other_base and far_apart(f, g):
                return False
            return same_number(f, g) and not bounds_oppose(f, g)
        if {f.dimension, g.dimension} == {"recurrence", "time"}:
            return close(f.base[0] * g.base[0], 1.0, 0.02)
        return _same_across(f, g)
    if f.kind in NAMES and g.kind in NAMES:
        return same_name(f, g)
    if f.dimension != g.dimension and {f.dimension, g.dimension} == {"time", "time zone"}:
        zone, span = (f, g) if f.dimension == "time zone" else (g, f)
        hours, minutes = zone.key[0][1:].split(":")
        return close(int(hours) * 3600.0 + int(minutes) * 60, span.base[0], 1e-9)
    if f.kind is _DATE and g.kind is _DATE:
        return _same_date(f, g)
    if f.kind is _VERSION and g.kind is _VERSION:
        return _same_version(f, g)
    if "count" in (f.dimension, g.dimension):
        number, other = (f, g) if f.dimension == "count" else (g, f)
        written = tuple(number.text.strip("+").split("."))
        return written == other.key[: len(written)] or other.key[:1] == (f"{number.base[0]:g}",)
    return f.key == g.key


def _same_across(f: Fact, g: Fact) -> bool:
    if _DIMENSIONS in (f.kind, g.kind) and "count" in (f.dimension, g.dimension):
        sides, count = (f, g) if f.kind is _DIMENSIONS else (g, f)
        return sides.unit is None and close(prod(sides.base), count.base[0], 1e-9)  # a 64 × 32 matrix has 2048
    if f.dimension.startswith("money:") and g.dimension.startswith("money:"):
        left, right = (x.dimension.split("/")[0] for x in (f, g))
        if left != right and "money:?" not in (left, right):
            return False
    if f.base == g.base or (isinstance(f.value, tuple) and f.value == g.value):
        return True
    if (bare(f) or bare(g)) and isinstance(f.value, (int, float)) and isinstance(g.value, (int, float)):
        return close(float(f.value), float(g.value), 1e-9)
    numerators = [_numerator(x) for x in (f, g)]
    return numerators[0] is not None and numerators[1] is not None and close(numerators[0], numerators[1], 1e-9)


def _numerator(f: Fact) -> float | None:
    """The value of "4 g/day" in the base unit of its numerator: what "4 g" states when the question says "a day"."""
    if not isinstance(f.value, (int, float)):
        return None
    unit = SYMBOLS.get((f.unit or "").split("/")[0])
    return (
        float(f.value) * (unit.factor if unit and "/time" in f.dimension else 1.0)
        if "/time" in f.dimension
        else (f.base[0] if f.base else None)
    )


def _same_date(f: Fact, g: Fact) -> bool:
    a, b = f.key, g.key
    if "day of the year" in (f.dimension, g.dimension):
        return a[-2:] == b[-2:]
    if f.dimension != g.dimension:
        return _within(f, g) if g.dimension != "date" else _within(g, f)
    n = min(len(a), len(b))
    if a[:n] == b[:n]:
        return True
    slashed = "/" in f.text and "/" in g.text
    return slashed and len(a) == len(b) == 3 and a[0] == b[0] and {a[1], a[2]} == {b[1], b[2]}


def _within(date: Fact, period: Fact) -> bool:
    year = date.key[0]
    if period.dimension == "decade":
        return period.key[0][:-2] == year[:-1]
    if period.key[0].startswith("century ") and year.isdigit():
        return (int(year) + 99) // 100 == int("".join(c for c in period.key[0] if c.isdigit()))
    if period.key[0].startswith("Q") and len(date.key) > 1:
        return period.key[-1] == year and (int(date.key[1]) + 2) // 3 == int(period.key[0][1])
    return len(date.key) == 1 and period.key[-1] == year


def _same_version(f: Fact, g: Fact) -> bool:
    if f.dimension.startswith("802.") and f.dimension == g.dimension:
        return set(f.key) <= set(g.key) or set(g.key) <= set(f.key)
    if f.noun and g.noun and f.noun != g.noun:
        return False
    parts, others = ([p for p in x.key if not p.startswith("x")] for x in (f, g))
    lanes, other_lanes = ([p for p in x.key if p.startswith("x")] for x in (f, g))
    n = min(len(parts), len(others))
    return parts[:n] == others[:n] and (not lanes or not other_lanes or lanes == other_lanes)


def same_name(f: Fact, g: Fact) -> bool:
    """Whether two names are one: equal, one within the other, or one the initials of the other."""
    if f.key == g.key:
        return True
    if f.dimension == g.dimension == "name":
        return _same_words(f, g)
    if f.dimension.startswith("class:"):
        if g.dimension.startswith("class:"):
            return canonical(f.key[0]) == canonical(g.key[0])
        if name_key(f.key[0]) == g.key:
            return True
    elif g.dimension.startswith("class:") and name_key(g.key[0]) == f.key:
        return True
    if f.dimension in ("choice", "polarity") or f.dimension.startswith("label:"):
        return False
    return _same_words(f, g)


def _same_words(f: Fact, g: Fact) -> bool:
    if len(f.key) == len(g.key) == 1:
        x, y = f.key[0], g.key[0]
        return x[:3] == y[:3] and _NUMBERED.fullmatch(x + "|" + y) is not None
    a, b = set(f.key), set(g.key)
    if a <= b or b <= a or "".join(f.key) == "".join(g.key):
        return True
    return _stands_for(f, g) or _stands_for(g, f)


def _stands_for(short: Fact, long: Fact) -> bool:
    """Whether a name of one word is the first letters of a longer one."""
    if len(short.key) != 1 or len(long.key) < 2:
        return False
    return _initials(short) == "".join([w[0] for w in long.key])


def _initials(f: Fact) -> str:
    """The capitals that a name consists of (CSI of "CSI-2"), at least three; "-" when it is no such name."""
    letters = f.key[0].rstrip("0123456789") if len(f.key) == 1 else ""
    return letters if len(letters) > 2 and f.text.isupper() and len(f.key[0]) - len(letters) < 2 else "-"


def spelled(text: str, other: Analysis) -> bool:
    """Whether another text spells out capitals ("CSI-2" and "camera serial interface")."""
    letters = text.rstrip("0123456789-").replace(".", "")
    return len(letters) > 2 and len(text) - len(letters) < 4 and letters.isupper() and letters.lower() in other.initials
