"""What the readers of measured numbers share: the unit behind a number, and facts made of the two."""

from __future__ import annotations

import re

from data.facts.claims import number_fact
from data.facts.model import Fact, Kind
from data.facts.numbers import Number
from data.facts.patterns import lazy
from data.facts.reading import Reading, stem
from data.facts.unit_table import SYMBOLS, Unit
from data.facts.units import parse_unit

Made = tuple[list[Fact], int]
"""The facts that a rule made, and how many numbers it used; ([], 0) when it does not apply."""
NOTHING: Made = ([], 0)

_GAP = lazy(r"[-‑](?=[A-Za-zµ°])|[ \u00a0\u2009\u202f]{0,2}")
_GAPS = frozenset("-‑ \u00a0\u2009\u202f")
_OPEN = lazy(r"\s*(?:$|[.,;:)\]×]|x\s?\d)")
_FASTER = lazy(
    r"\s(?:as|the|faster|slower|more|less|larger|bigger|smaller|higher|lower|greater|longer|speed\w*|improvement"
    r"|increase|better"
    r"|stronger|heavier|zoom)\b|\s*(?:$|[.,;)])"
)
_HEAT = lazy(r"temperat|fever|boil|freez|melt|heat|oven|°|degree|weather|climat|hot|cold|warm|cool", re.IGNORECASE)
_LENDING = lazy(r"interest|rate|yield|spread|fee|basis|central bank|\bFed\b|\bECB\b", re.IGNORECASE)
_PARAMETERS = lazy(r"[ -](?:param|model|token|weight)")
_SPACED_WORDS = frozenset({"in", "b", "x", "X", "t", "pt", "ct", "U", "y", "au", "Mo", "mo", "pc", "st", "eq"})
"""Units that are ordinary words or letters when a space stands in front of them."""


def unit_at(reading: Reading, end: int, value: float) -> tuple[Unit, int] | None:
    """The unit of a number that ends here, and where the unit ends; None when what follows is only a word."""
    if end not in reading.units:
        reading.units[end] = _unit_at(reading.text, end, value)
    return reading.units[end]


_TIMES_WHAT = lazy(r"\s(?:as|more|less|[a-z]+er)\b")
_EACH = lazy(r"\s?(?P<thing>\b[A-Za-z]++\s?)?(?:/|\bper\b|\ba\b|\bevery\b)\s?")
_THING_WIDTH = 30
_TOPIC_WIDTH = 600
"""Characters before and behind a number in which a word tells what the text is about there."""
_THINGS = {"inhabitant": "person", "resident": "person", "pulse": "beat", "heartbeat": "beat", "query": "request"}


def _things_per(text: str, end: int) -> tuple[Unit, int] | None:
    """ "inhabitants per km²", "per minute": a number of things, named or not, for each unit."""
    near = text[end : end + _THING_WIDTH]
    if "/" not in near and " a" not in near and "per" not in near and "every" not in near:
        return None
    m = _EACH.match(text, end)
    below = parse_unit(text, m.end()) if m else None
    if not m or not below or (not m["thing"] and m.group().strip() in ("a", "every")):
        return None
    unit, stop = below
    thing = stem((m["thing"] or "").strip().lower())
    thing = _THINGS.get(thing, thing)
    return Unit(f"{thing}/{unit.symbol}", f"{thing}/{unit.dimension}", 1 / unit.factor), stop


def _unit_at(text: str, end: int, value: float) -> tuple[Unit, int] | None:
    start = end
    if text[end : end + 1] in _GAPS:
        gap = _GAP.match(text, end)
        start = gap.end() if gap else end
    found = parse_unit(text, start)
    if not found:
        return _things_per(text, end)
    _, stop = found
    surface = text[start:stop]
    if surface in _SPACED_WORDS and start > end:
        return found if surface == "in" and (text[end] in "-‑" or _OPEN.match(text, stop)) else None
    if surface == "st" and start == end:
        return None
    if surface == "times" and not _TIMES_WHAT.match(text, stop):
        return None
    if surface in ("x", "X", "×"):
        return found if _FASTER.match(text, stop) else None
    if surface == "F" and (value >= 30 or _HEAT.search(text, max(0, end - _TOPIC_WIDTH), end + _TOPIC_WIDTH)):
        return SYMBOLS["°F"], stop
    if surface == "B" and start == end and _PARAMETERS.match(text, stop):
        return None
    if surface == "bps" and _LENDING.search(text, max(0, end - _TOPIC_WIDTH), end + _TOPIC_WIDTH):
        return SYMBOLS["bp"], stop
    return found


def in_base(value: float, unit: Unit) -> float:
    """A value of a unit in the base unit of its dimension."""
    return value * unit.factor + unit.offset


def following(reading: Reading, numbers: list[Number], i: int, position: int) -> Number | None:
    """Number `i` when it starts at this position and is not claimed."""
    if i < len(numbers) and numbers[i].start == position and reading.free(numbers[i].start, numbers[i].end):
        return numbers[i]
    return None


def quantity(reading: Reading, n: Number, unit: Unit, end: int) -> Fact:
    """The fact of one number with its unit."""
    other = (n.value * unit.other_factor,) if unit.other_factor else ()
    return number_fact(
        reading, n.start, end, Kind.QUANTITY, n.value, unit.symbol, unit.dimension, (in_base(n.value, unit),),
        other_base=other, digits=n.digits,
    )  # fmt: skip
