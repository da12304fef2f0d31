"""Ranges ("-20 to 85 °C", "between 1.8 and 3.3 V"), tolerances ("5 V ± 5 %") and changes ("raised from 5 to 7 %")."""

from __future__ import annotations

import re

from data.facts.claims import number_fact
from data.facts.measures import NOTHING, Made, following, in_base, quantity, unit_at
from data.facts.model import Kind
from data.facts.nouns import noun_after, noun_words
from data.facts.numbers import Number
from data.facts.patterns import lazy
from data.facts.reading import Reading
from data.facts.unit_table import Unit

_TO = lazy(
    r"\s?(?:–|—|‑|−|~|-|\.\.\.?|…)\s?(?=[+\-−–]?[\d.])"
    r"|\s?(?:(?:up )?to|through|until|thru)\s(?:about |around |over |up to |as much as |a maximum of )?",
    re.IGNORECASE,
)
_AND = lazy(r"\s(?:and|&)\s", re.IGNORECASE)
_BETWEEN = lazy(r"(?:\bbetween|\bfrom|\bboth)\s+(?:about |around |roughly |approximately )?[$€£]?$", re.IGNORECASE)
_PAIRING = frozenset(["between", "from", "both"])
_ROUGHLY = ("about", "around", "roughly", "approximately")
_OR = lazy(r"\sor\s", re.IGNORECASE)
_BY = lazy(r"\bby\s[$€£]?$", re.IGNORECASE)
_CHANGE = lazy(
    r"\b(?:rais|increas|rose|risen|grew|grow|chang|cut|lower|reduc|drop|fell|fall|went|go|mov|jump|climb|upgrad"
    r"|expand|extend|declin"
    r"|doubl|shorten|updat|switch)\w*\b[^.;]{0,40}\bfrom\s+[$€£]?$",
    re.IGNORECASE,
)
_PLUS_MINUS = lazy(r"\s?(?:±|\+/-|\+/−|\+-|plus or minus|plus-minus)\s?", re.IGNORECASE)
_DASHES = ("-", "–", "‑", "−", "—", "~")


def read_tolerance(reading: Reading, numbers: list[Number], i: int) -> Made:
    """A value with its tolerance, as the range that it allows."""
    text, n = reading.text, numbers[i]
    found = unit_at(reading, n.end, n.value)
    m = _PLUS_MINUS.match(text, found[1] if found else n.end)
    width = following(reading, numbers, i + 1, m.end()) if m else None
    if not width:
        return NOTHING
    wide = unit_at(reading, width.end, width.value)
    unit = found[0] if found else wide[0] if wide else None
    if not unit:
        return NOTHING
    share = width.value
    if wide and wide[0].symbol == "%" and unit.symbol != "%":
        share = abs(n.value) * width.value / 100
    elif wide and wide[0].dimension == unit.dimension and not wide[0].offset:
        share = width.value * wide[0].factor / unit.factor
    low, high = n.value - share, n.value + share
    fact = number_fact(
        reading, n.start, wide[1] if wide else width.end, Kind.RANGE, (low, high), unit.symbol, unit.dimension,
        (in_base(low, unit), in_base(high, unit)), other_base=(in_base(n.value, unit),), digits=n.digits,
    )  # fmt: skip
    return [fact], 2


def read_range(reading: Reading, numbers: list[Number], i: int) -> Made:
    """Two numbers with a dash, "to" or "between … and" between them; the unit may stand on either."""
    text, n = reading.text, numbers[i]
    found = unit_at(reading, n.end, n.value)
    end = found[1] if found else n.end
    m = _TO.match(text, end)
    if (
        not m
        and reading.text_before(n.start, _ROUGHLY) in _PAIRING
        and _BETWEEN.search(text, max(0, n.start - 30), n.start)
    ):
        m = _AND.match(text, end)
    if not m and not found:
        m = _OR.match(text, end)
    other = following(reading, numbers, i + 1, m.end()) if m else None
    if not m or not other:
        return NOTHING
    if m.group().strip().lower() == "or" and (other.value != n.value + 1 or unit_at(reading, other.end, other.value)):
        return NOTHING  # "one or two drops" is a range, "16 or 32 bits" a list
    second = unit_at(reading, other.end, other.value)
    unit, first = (second or found or (None,))[0], (found or second or (None,))[0]
    sign = m.group().strip().lower()
    if sign.startswith("up to"):
        if reading.text_before(n.start, _ROUGHLY) != "from":
            return NOTHING  # "1 g up to four times"
        sign = "to"
    if unit and first and unit.dimension != first.dimension:
        return NOTHING
    if other.value <= n.value and (sign in _DASHES or not unit):
        return NOTHING
    if sign == "to" and reading.text_before(n.start, ()) == "by" and _BY.search(text, max(0, n.start - 8), n.start):
        return NOTHING  # "grew by 50 to 150"
    stop = second[1] if second else other.end
    if reading.text_before(n.start, ()) == "from" and _CHANGE.search(text, max(0, n.start - 70), n.start):
        return _change(reading, n, other, first, unit, stop)
    if not unit or not first:
        if sign in _DASHES and text[other.end : other.end + 1] in ("-", "–"):
            return NOTHING
        noun, both = noun_after(reading, other.end), (n.value, other.value)
        return [
            number_fact(reading, n.start, other.end, Kind.RANGE, both, None, "count", both, digits=n.digits, noun=noun)
        ], 2
    scale = first.factor / unit.factor if first.symbol != unit.symbol and not unit.offset and not first.offset else 1.0
    fact = number_fact(
        reading, n.start, stop, Kind.RANGE, (n.value * scale, other.value), unit.symbol, unit.dimension,
        (in_base(n.value, first), in_base(other.value, unit)), other_base=_other(n, first, other, unit),
        digits=n.digits,
    )  # fmt: skip
    return [fact], 2


def _other(n: Number, first: Unit, other: Number, unit: Unit) -> tuple[float, ...]:
    if not unit.other_factor or not first.other_factor:
        return ()
    return n.value * first.other_factor, other.value * unit.other_factor


def _change(reading: Reading, old: Number, new: Number, first: Unit | None, unit: Unit | None, stop: int) -> Made:
    """Of "raised from 5 % to 7 %" the second is the claim, the first only what was before."""
    if first and unit:
        fact, symbol, dimension, base = (
            quantity(reading, new, unit, stop),
            first.symbol,
            first.dimension,
            in_base(old.value, first),
        )
    else:
        words = noun_words(reading, new.end)
        fact = number_fact(
            reading, new.start, new.end, Kind.COUNT, new.value, " ".join(w.lower for w in words) or None, "count",
            (new.value,), noun=tuple(w.stem for w in words), digits=new.digits,
        )  # fmt: skip
        symbol, dimension, base = None, "count", old.value
    earlier = number_fact(
        reading, old.start, old.end, fact.kind, old.value, symbol, "before:" + dimension, (base,), digits=old.digits
    )
    return [earlier, fact], 2
