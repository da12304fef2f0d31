"""Numbers that belong together: dimensions ("55 × 40 mm"), products ("2 × 4 GB"), ratios ("120/80", "1 in 5")."""

from __future__ import annotations

import re

from data.facts.claims import number_fact
from data.facts.measures import NOTHING, Made, following, in_base, quantity, unit_at
from data.facts.model import Fact, Kind
from data.facts.numbers import Number
from data.facts.patterns import lazy
from data.facts.reading import Reading
from data.facts.unit_table import SYMBOLS, Unit

_TIMES = lazy(r"\s?(?:[x×*✕]|by|X)\s?(?=[\d.])|\s(?:by)\s(?=[a-z])")
_OUT_OF = lazy(r"\s(?:in|out of)\s(?:every\s)?", re.IGNORECASE)
_MMHG = SYMBOLS["mmHg"].factor
_MOST_SIDES = 4


def read_dimensions(reading: Reading, numbers: list[Number], i: int) -> Made:
    """Numbers with "×" or "by" between them: the sides of a thing in any order, or a product."""
    sides, units, end, j = [numbers[i]], [], 0, i
    while True:
        last = sides[-1]
        found = unit_at(reading, last.end, last.value)
        if found and found[0].dimension == "factor":
            found = None
        units.append(found[0] if found else None)
        end = found[1] if found else last.end
        m = _TIMES.match(reading.text, end)
        side = following(reading, numbers, j + 1, m.end()) if m and len(sides) < _MOST_SIDES else None
        if not side:
            break
        j += 1
        sides.append(side)
    if len(sides) < 2:
        return NOTHING
    unit = next((u for u in reversed(units) if u), None)
    if unit and unit.dimension not in ("length", "pixels") and not units[0]:
        return [_product(reading, sides, unit, end)], len(sides)
    plain = unit or SYMBOLS["px"]
    base = tuple(sorted(in_base(s.value, u or plain) for s, u in zip(sides, units, strict=True)))
    fact = number_fact(
        reading, sides[0].start, end, Kind.DIMENSIONS, tuple(s.value for s in sides), unit.symbol if unit else None,
        f"dimensions of {plain.dimension}", base, digits=max(s.digits for s in sides),
    )  # fmt: skip
    return [fact], len(sides)


def _product(reading: Reading, sides: list[Number], unit: Unit, end: int) -> Fact:
    product = 1.0
    for s in sides:
        product *= s.value
    return number_fact(
        reading, sides[0].start, end, Kind.QUANTITY, product, unit.symbol, unit.dimension, (in_base(product, unit),),
        other_base=(in_base(sides[-1].value, unit),), digits=sides[-1].digits,
    )  # fmt: skip


def read_ratio(reading: Reading, numbers: list[Number], i: int) -> Made:
    """Two numbers with "/", ":" or "in" between them: a share, a proportion, or a pair such as a blood pressure."""
    text, n = reading.text, numbers[i]
    m = _OUT_OF.match(text, n.end)
    other = following(reading, numbers, i + 1, m.end()) if m else None
    if other and other.value > n.value > 0 and not unit_at(reading, other.end, other.value):
        return _made(reading, n, other, other.end, "fraction", (n.value / other.value,))
    sign = text[n.end : n.end + 1]
    other = following(reading, numbers, i + 1, n.end + 1) if sign in ("/", ":") else None
    if not other or n.word:
        return NOTHING
    found = unit_at(reading, other.end, other.value)
    if found:
        return _measured(reading, n, other, *found, sign)
    if sign == ":":
        return _made(reading, n, other, other.end, "proportion", (n.value / other.value,)) if other.value else NOTHING
    if (n.value, other.value) == (24.0, 7.0):
        return [number_fact(reading, n.start, other.end, Kind.RATIO, "24/7", None, "opening", (), key=("24/7",))], 2
    if 0 < n.value < other.value and n.value == int(n.value):
        return _made(reading, n, other, other.end, "fraction", (n.value / other.value,))
    if n.value >= 60 and 30 <= other.value < n.value:
        return _made(reading, n, other, other.end, "pressure pair", (n.value * _MMHG, other.value * _MMHG))
    return _made(reading, n, other, other.end, "pair", (n.value, other.value))


def _measured(reading: Reading, n: Number, other: Number, unit: Unit, end: int, sign: str) -> Made:
    """With a unit behind it: "120/80 mmHg" is a pair, "1/2 inch" a fraction; "2.4/5 GHz" is a list, read elsewhere."""
    if sign == "/" and unit.dimension == "pressure":
        base = (in_base(n.value, unit), in_base(other.value, unit))
        return _made(reading, n, other, end, "pressure pair", base, unit.symbol)
    if unit.dimension == "length" and 0 < n.value < other.value and reading.text[other.end : other.end + 1] == " ":
        return [quantity(reading, Number(n.start, other.end, n.value / other.value, 2, False, False), unit, end)], 2
    return NOTHING


def _made(
    reading: Reading,
    n: Number,
    other: Number,
    end: int,
    dimension: str,
    base: tuple[float, ...],
    unit: str | None = None,
) -> Made:
    return [number_fact(reading, n.start, end, Kind.RATIO, (n.value, other.value), unit, dimension, base, digits=3)], 2
