"""Numbers with what they measure: quantities, ranges, tolerances, dimensions, ratios."""

from __future__ import annotations

import re

from data.facts.claims import number_fact
from data.facts.model import Fact, Kind
from data.facts.numbers import Number
from data.facts.patterns import lazy
from data.facts.reading import Reading, stem
from data.facts.units import SYMBOLS, Unit, parse_unit
from data.facts.vocabulary.function_words import STOPWORDS

_GAP = lazy(r"[-‑](?=[A-Za-zµ°])|[ \u00a0\u2009\u202f]{0,2}")
_TIMES = lazy(r"\s?(?:[x×*✕]|by|X)\s?(?=[\d.])|\s(?:by)\s(?=[a-z])")
_TO = lazy(
    r"\s?(?:–|—|‑|−|~|-|\.\.\.?|…)\s?(?=[+\-−–]?[\d.])|\s?(?:to|through|until|thru)\s(?:about |around |over |up to |as much as |a maximum of )?",
    re.IGNORECASE,
)
_BY = lazy(r"\bby\s[$€£]?$", re.IGNORECASE)
_AND = lazy(r"\s(?:and|&)\s", re.IGNORECASE)
_BETWEEN = lazy(r"(?:\bbetween|\bfrom|\bboth)\s+(?:about |around |roughly |approximately )?[$€£]?$", re.IGNORECASE)
_CHANGE = lazy(
    r"\b(?:rais|increas|rose|risen|grew|grow|chang|cut|lower|reduc|drop|fell|fall|went|go|mov|jump|climb|upgrad|expand|extend|declin|doubl|shorten|updat|switch)\w*\b[^.;]{0,40}\bfrom\s+[$€£]?$",
    re.IGNORECASE,
)  # fmt: skip
_PLUS_MINUS = lazy(r"\s?(?:±|\+/-|\+/−|\+-|plus or minus|plus-minus)\s?", re.IGNORECASE)
_OUT_OF = lazy(r"\s(?:in|out of)\s(?:every\s)?", re.IGNORECASE)
_LIST_GAP = lazy(r"\s?,\s?(?:or |and )?|\s(?:or|and|&)\s|\s?/\s?")
_OPEN = lazy(r"\s*(?:$|[.,;:)\]×]|x\s?\d)")
_FASTER = lazy(
    r"\s(?:as|the|faster|slower|more|less|larger|bigger|smaller|higher|lower|greater|longer|speed\w*|improvement|increase|better|stronger|heavier|zoom)\b|\s*(?:$|[.,;)])"
)
_HEAT = lazy(r"temperat|fever|boil|freez|melt|heat|oven|°|degree|weather|climat|hot|cold|warm|cool", re.IGNORECASE)
_LENDING = lazy(r"interest|rate|yield|spread|fee|basis|central bank|\bFed\b|\bECB\b", re.IGNORECASE)
_SPACED_WORDS = frozenset({"in", "b", "x", "X", "t", "pt", "ct", "U", "y", "au", "Mo", "mo", "pc", "st", "eq"})


def unit_at(reading: Reading, end: int, value: float) -> tuple[Unit, int] | None:
    """The unit that belongs to a number that ends here, and where the unit ends; None when what follows is only a word."""
    if end not in reading.units:
        reading.units[end] = _unit_at(reading.text, end, value)
    return reading.units[end]


def _unit_at(text: str, end: int, value: float) -> tuple[Unit, int] | None:
    gap = _GAP.match(text, end)
    start = gap.end() if gap else end
    found = parse_unit(text, start)
    if not found:
        return None
    unit, stop = found
    surface = text[start:stop]
    if (
        surface in _SPACED_WORDS
        and start > end
        and not (surface == "in" and (text[end] in "-‑" or _OPEN.match(text, stop)))
    ):
        return None
    if surface == "st" and start == end:
        return None
    if surface in ("x", "X", "×"):
        return found if _FASTER.match(text, stop) else None
    if surface == "F" and (value >= 30 or _HEAT.search(text)):
        return SYMBOLS["°F"], stop
    if surface == "B" and start == end and re.match(r"[ -](?:param|model|token|weight)", text[stop : stop + 8]):
        return None
    if surface == "bps" and _LENDING.search(text):
        return SYMBOLS["bp"], stop
    return found


def find_quantities(reading: Reading, numbers: list[Number]) -> tuple[list[Fact], list[Number]]:
    """Facts of the numbers that measure something, and the numbers left over (to be counted, labelled or dropped)."""
    facts: list[Fact] = []
    left: list[Number] = []
    i = 0
    while i < len(numbers):
        n = numbers[i]
        if not reading.free(n.start, n.end):
            i += 1
            continue
        if _in_name(reading, n):
            reading.units[n.end] = None
        step = 0
        for rule in (_dimensions, _tolerance, _range, _ratio, _shared, _single):
            made, step = rule(reading, numbers, i)
            if step:
                facts.extend(made)
                break
        if not step:
            left.append(n)
            step = 1
        i += step
    return facts, left


_LETTER = lazy(r" [A-Z](?![\w/])")


def _in_name(reading: Reading, n: Number) -> bool:
    """Whether a number and the letter behind it end a name ("Pi Zero 2 W", "Pi 4 B"), so that the letter is no unit."""
    if n.word or n.signed or n.value >= 100 or not _LETTER.match(reading.text, n.end):
        return False
    before = reading.words_before(n.start, 2)
    if not before or reading.text[before[-1].end : n.start] != " " or not before[-1].text.istitle():
        return False
    return len(before) > 1 and before[-1].lower not in STOPWORDS


def _base(value: float, unit: Unit) -> float:
    return value * unit.factor + unit.offset


def _other(values: tuple[float, ...], unit: Unit) -> tuple[float, ...]:
    return tuple(v * unit.other_factor for v in values) if unit.other_factor else ()


def _next(reading: Reading, numbers: list[Number], i: int, position: int) -> Number | None:
    if i < len(numbers) and numbers[i].start == position and reading.free(numbers[i].start, numbers[i].end):
        return numbers[i]
    return None


def _quantity(reading: Reading, n: Number, unit: Unit, end: int, *, start: int = -1) -> Fact:
    value = (n.value,)
    return number_fact(
        reading, n.start if start < 0 else start, end, Kind.QUANTITY, n.value, unit.symbol, unit.dimension,
        (_base(n.value, unit),), other_base=_other(value, unit), digits=n.digits,
    )  # fmt: skip


def _dimensions(reading: Reading, numbers: list[Number], i: int) -> tuple[list[Fact], int]:
    text, sides, units, end, j = reading.text, [numbers[i]], [], 0, i
    while True:
        last = sides[-1]
        found = unit_at(reading, last.end, last.value)
        if found and found[0].symbol == "times":
            found = None
        units.append(found[0] if found else None)
        end = found[1] if found else last.end
        m = _TIMES.match(text, end)
        following = _next(reading, numbers, j + 1, m.end()) if m and len(sides) < 4 else None
        if not following:
            break
        j += 1
        sides.append(following)
    if len(sides) < 2:
        return [], 0
    unit = next((u for u in reversed(units) if u), None)
    if unit and unit.dimension != "length" and unit.dimension != "pixels" and not units[0]:
        each, product = sides[-1].value, 1.0
        for s in sides:
            product *= s.value
        fact = number_fact(
            reading, sides[0].start, end, Kind.QUANTITY, product, unit.symbol, unit.dimension, (_base(product, unit),),
            other_base=(_base(each, unit),), digits=sides[-1].digits,
        )  # fmt: skip
        return [fact], len(sides)
    dimension = unit.dimension if unit else "pixels"
    default = unit or SYMBOLS["px"]
    base = tuple(sorted(_base(s.value, u or default) for s, u in zip(sides, units, strict=True)))
    values = tuple(s.value for s in sides)
    fact = number_fact(
        reading, sides[0].start, end, Kind.DIMENSIONS, values, unit.symbol if unit else None, f"dimensions of {dimension}",
        base, digits=max(s.digits for s in sides),
    )  # fmt: skip
    return [fact], len(sides)


def _tolerance(reading: Reading, numbers: list[Number], i: int) -> tuple[list[Fact], int]:
    text, n = reading.text, numbers[i]
    found = unit_at(reading, n.end, n.value)
    m = _PLUS_MINUS.match(text, found[1] if found else n.end)
    width = _next(reading, numbers, i + 1, m.end()) if m else None
    if not width:
        return [], 0
    wide = unit_at(reading, width.end, width.value)
    unit = found[0] if found else wide[0] if wide else None
    if not unit:
        return [], 0
    share = abs(n.value) * width.value / 100 if wide and wide[0].symbol == "%" and unit.symbol != "%" else width.value
    if wide and wide[0].dimension == unit.dimension and unit.symbol != "%" and not wide[0].offset:
        share = width.value * wide[0].factor / unit.factor
    low, high = n.value - share, n.value + share
    fact = number_fact(
        reading, n.start, wide[1] if wide else width.end, Kind.RANGE, (low, high), unit.symbol, unit.dimension,
        (_base(low, unit), _base(high, unit)), other_base=(_base(n.value, unit),), digits=n.digits,
    )  # fmt: skip
    return [fact], 2


def _range(reading: Reading, numbers: list[Number], i: int) -> tuple[list[Fact], int]:
    text, n = reading.text, numbers[i]
    found = unit_at(reading, n.end, n.value)
    end = found[1] if found else n.end
    m = _TO.match(text, end)
    if not m and _BETWEEN.search(text, max(0, n.start - 30), n.start):
        m = _AND.match(text, end)
    other = _next(reading, numbers, i + 1, m.end()) if m else None
    if not m or not other:
        return [], 0
    second = unit_at(reading, other.end, other.value)
    unit, first = (second or found or (None,))[0], (found or second or (None,))[0]
    if unit and first and unit.dimension != first.dimension:
        return [], 0
    tight = m.group().strip() in ("-", "–", "‑", "−", "—", "~")
    if other.value <= n.value and (tight or not unit):
        return [], 0
    stop = second[1] if second else other.end
    if m.group().strip().lower() == "to" and _BY.search(text, max(0, n.start - 8), n.start):
        return [], 0
    low, high = (n.value, other.value)
    if _CHANGE.search(text, max(0, n.start - 70), n.start):
        return _change(reading, n, other, first, unit, stop)
    if not unit:
        if tight and text[other.end : other.end + 1] in "-–":
            return [], 0
        fact = number_fact(
            reading,
            n.start,
            other.end,
            Kind.RANGE,
            (low, high),
            None,
            "count",
            (low, high),
            digits=n.digits,
            noun=noun_after(reading, other.end),
        )
        return [fact], 2
    assert first is not None
    fact = number_fact(
        reading, n.start, stop, Kind.RANGE, (low * _scale(first, unit), high), unit.symbol, unit.dimension, (_base(low, first), _base(high, unit)),
        other_base=(low * first.other_factor, high * unit.other_factor) if unit.other_factor and first.other_factor else (), digits=n.digits,
    )  # fmt: skip
    return [fact], 2


def _scale(first: Unit, unit: Unit) -> float:
    return first.factor / unit.factor if first.symbol != unit.symbol and not unit.offset and not first.offset else 1.0


def _change(
    reading: Reading, old: Number, new: Number, first: Unit | None, unit: Unit | None, stop: int
) -> tuple[list[Fact], int]:
    """ "raised from 5 % to 7 %": the second is the claim, the first only what was before."""
    if not unit or not first:
        nouns = noun_after(reading, new.end)
        earlier = number_fact(
            reading, old.start, old.end, Kind.COUNT, old.value, None, "before:count", (old.value,), digits=old.digits
        )
        fact = number_fact(
            reading,
            new.start,
            new.end,
            Kind.COUNT,
            new.value,
            " ".join(nouns) or None,
            "count",
            (new.value,),
            noun=nouns,
            digits=new.digits,
        )
        return [earlier, fact], 2
    fact = _quantity(reading, new, unit, stop)
    earlier = number_fact(
        reading,
        old.start,
        old.end,
        Kind.QUANTITY,
        old.value,
        first.symbol,
        "before:" + first.dimension,
        (_base(old.value, first),),
        digits=old.digits,
    )
    return [earlier, fact], 2


def _ratio(reading: Reading, numbers: list[Number], i: int) -> tuple[list[Fact], int]:
    text, n = reading.text, numbers[i]
    follows = text[n.end : n.end + 1]
    m = _OUT_OF.match(text, n.end)
    if (
        m
        and (other := _next(reading, numbers, i + 1, m.end()))
        and other.value > n.value > 0
        and not unit_at(reading, other.end, other.value)
    ):
        share = n.value / other.value
        return [
            number_fact(
                reading, n.start, other.end, Kind.RATIO, (n.value, other.value), None, "fraction", (share,), digits=2
            )
        ], 2
    if follows not in "/:" or not follows:
        return [], 0
    other = _next(reading, numbers, i + 1, n.end + 1)
    if not other or n.word:
        return [], 0
    unit = unit_at(reading, other.end, other.value)
    if follows == "/" and (n.value, other.value) == (24.0, 7.0):
        return [number_fact(reading, n.start, other.end, Kind.RATIO, "24/7", None, "opening", (), key=("24/7",))], 2
    if follows == "/" and unit and unit[0].dimension == "pressure":
        base = (_base(n.value, unit[0]), _base(other.value, unit[0]))
        return [
            number_fact(
                reading,
                n.start,
                unit[1],
                Kind.RATIO,
                (n.value, other.value),
                unit[0].symbol,
                "pressure pair",
                base,
                digits=3,
            )
        ], 2
    if unit and text[other.end : other.end + 1] != " ":
        return [], 0
    if unit and (unit[0].dimension != "length" or n.value >= other.value):
        return [], 0
    if unit:
        share = Number(n.start, other.end, n.value / other.value, 2, False, False)
        return [_quantity(reading, share, unit[0], unit[1])], 2
    if follows == "/" and 0 < n.value < other.value and n.value == int(n.value):
        return [
            number_fact(
                reading,
                n.start,
                other.end,
                Kind.RATIO,
                (n.value, other.value),
                None,
                "fraction",
                (n.value / other.value,),
                digits=2,
            )
        ], 2
    if follows == "/":
        base, dimension = (
            (n.value, other.value),
            "pressure pair" if n.value >= 60 and 30 <= other.value < n.value else "pair",
        )
        if dimension == "pressure pair":
            base = (n.value * 133.322387415, other.value * 133.322387415)
        return [
            number_fact(
                reading, n.start, other.end, Kind.RATIO, (n.value, other.value), None, dimension, base, digits=3
            )
        ], 2
    if other.value:
        return [
            number_fact(
                reading,
                n.start,
                other.end,
                Kind.RATIO,
                (n.value, other.value),
                None,
                "proportion",
                (n.value / other.value,),
                digits=3,
            )
        ], 2
    return [], 0


def _shared(reading: Reading, numbers: list[Number], i: int) -> tuple[list[Fact], int]:
    """ "1, 2 or 4 GB": numbers that share the unit of the last."""
    text, run, j = reading.text, [numbers[i]], i
    while len(run) < 12:
        m = _LIST_GAP.match(text, run[-1].end)
        following = _next(reading, numbers, j + 1, m.end()) if m else None
        if not following or (found := unit_at(reading, run[-1].end, run[-1].value)):
            break
        j += 1
        run.append(following)
    found = unit_at(reading, run[-1].end, run[-1].value)
    if len(run) < 2 or not found:
        return [], 0
    unit, end = found
    facts = [_quantity(reading, n, unit, n.end if n is not run[-1] else end) for n in run]
    return facts, len(run)


def _single(reading: Reading, numbers: list[Number], i: int) -> tuple[list[Fact], int]:
    text, n = reading.text, numbers[i]
    if (
        n.fraction
        and (m := lazy(r"\s(?:an?|of an?|of a)\s|\s|-").match(text, n.end))
        and (found := parse_unit(text, m.end()))
    ):
        return [_quantity(reading, n, *found)], 1
    if n.fraction and n.word:
        return [number_fact(reading, n.start, n.end, Kind.RATIO, n.value, None, "fraction", (n.value,), digits=2)], 1
    found = unit_at(reading, n.end, n.value)
    if not found:
        return _per(reading, n)
    unit, end = found
    if unit.dimension == "angle" and (m := _COMPASS.match(text, end)):
        letter = (m["letter"] or m["word"])[0].upper()
        value = -n.value if letter in "SW" else n.value
        name = "latitude" if letter in "NS" else "longitude"
        return [number_fact(reading, n.start, m.end(), Kind.QUANTITY, value, "°", name, (value,), digits=n.digits)], 1
    if unit.dimension == "time" and (m := lazy(r"\s(?:and|,)\s").match(text, end)):  # 1 hour and 30 minutes
        rest = _next(reading, numbers, i + 1, m.end())
        small = unit_at(reading, rest.end, rest.value) if rest else None
        if rest and small and small[0].dimension == "time" and small[0].factor < unit.factor:
            total = _base(n.value, unit) + _base(rest.value, small[0])
            return [
                number_fact(
                    reading,
                    n.start,
                    small[1],
                    Kind.QUANTITY,
                    total / unit.factor,
                    unit.symbol,
                    "time",
                    (total,),
                    digits=n.digits,
                )
            ], 2
    m = lazy(r"\s?").match(text, end)
    if unit.symbol in ("ft", "lb", "h", "min") and m:  # 5 ft 10 in, 1 h 30 min
        rest = _next(reading, numbers, i + 1, m.end())
        small = unit_at(reading, rest.end, rest.value) if rest else None
        if rest and small and small[0].dimension == unit.dimension and small[0].factor < unit.factor:
            total = _base(n.value, unit) + _base(rest.value, small[0])
            return [
                number_fact(
                    reading,
                    n.start,
                    small[1],
                    Kind.QUANTITY,
                    total / unit.factor,
                    unit.symbol,
                    unit.dimension,
                    (total,),
                    digits=n.digits,
                )
            ], 2
    return [_quantity(reading, n, unit, end)], 1


def find_factors(reading: Reading) -> list[Fact]:
    """ "Twice as fast", "doubled", "tenfold": by how much something is multiplied."""
    facts = []
    if not reading.has(_FACTOR_TELLS):
        return facts
    for m in _FACTOR.finditer(reading.text):
        if reading.free(m.start(), m.end()):
            word = (m["word"] or m["fold"] or m["verb"]).lower()
            value = next(v for stem_, v in _FACTORS.items() if word.startswith(stem_))
            facts.append(
                number_fact(reading, m.start(), m.end(), Kind.QUANTITY, value, "times", "factor", (value,), digits=1)
            )
    return facts


_FACTOR = lazy(
    r"\b(?:(?P<word>twice|thrice|half)(?= (?:as|the (?:size|speed|amount|rate|length|price|number|area))\b)|(?P<fold>two|three|four|five|six|ten)-?fold\b"
    r"|(?P<verb>doubl|tripl|quadrupl|halv)(?:e|es|ed|ing)\b(?! (?:quotes?|precision|click|room|bond|star|digit)))",
    re.IGNORECASE,
)
_FACTOR_TELLS = frozenset(
    ["twice", "thrice", "half", "fold", *(n + "fold" for n in ("two", "three", "four", "five", "six", "ten"))]
    + [v + e for v in ("doubl", "tripl", "quadrupl", "halv") for e in ("e", "es", "ed", "ing")]
)
_FACTORS = {
    "twice": 2.0,
    "thrice": 3.0,
    "half": 0.5,
    "two": 2.0,
    "three": 3.0,
    "four": 4.0,
    "five": 5.0,
    "six": 6.0,
    "ten": 10.0,
    "doubl": 2.0,
    "tripl": 3.0,
    "quadrupl": 4.0,
    "halv": 0.5,
}


def _per(reading: Reading, n: Number) -> tuple[list[Fact], int]:
    """ "19,000 inhabitants per km²": a number of things for each unit."""
    m = _EACH.match(reading.text, n.end)
    below = parse_unit(reading.text, m.end()) if m else None
    if not m or not below:
        return [], 0
    unit, end = below
    thing = _THINGS.get(stem(m["thing"].lower()), stem(m["thing"].lower()))
    fact = number_fact(
        reading, n.start, end, Kind.QUANTITY, n.value, f"{thing}/{unit.symbol}", f"{thing}/{unit.dimension}",
        (n.value / unit.factor,), digits=n.digits,
    )  # fmt: skip
    return [fact], 1


_COMPASS = lazy(r"\s?(?:(?P<letter>[NSEW])(?![\w])|(?P<word>north|south|east|west)\b)")
_EACH = lazy(r"\s(?P<thing>[A-Za-z]+)\s?(?:/|\bper\b|\ba\b|\bevery\b)\s?")
_THINGS = {"inhabitant": "person", "resident": "person", "pulse": "beat", "heartbeat": "beat", "query": "request"}
_NOUN_END = frozenset(
    ["is", "are", "was", "were", "has", "have", "had", "can", "could", "will", "would", "may", "might", "must", "should", "in", "on", "at", "of", "for", "from", "to", "with", "by", "and", "or", "but", "that", "which", "who", "when", "where", "while", "than", "as", "per", "plus", "each", "every", "via", "into", "onto", "not", "it", "this", "these", "those", "be", "been", "being", "if", "then", "so", "because"]
)  # fmt: skip


def noun_after(reading: Reading, end: int) -> tuple[str, ...]:
    """Stems of the noun phrase that starts behind a number ("26 multi-function GPIO pins" gives multi-function, gpio, pin)."""
    found: list[str] = []
    text, last = reading.text, end
    for w in reading.words_after(end, 6):
        between = text[last : w.start]
        if (
            w.lower in _NOUN_END
            or any(c in between for c in ".,;:()\n!?–—")
            or (between.strip() and between.strip() not in "-×x*")
        ):
            if w.lower == "of" and not found:
                last = w.end
                continue
            break
        if w.text[0].isdigit() and "." in w.text:
            last = w.end
            continue
        found.append(w.stem)
        last = w.end
    return tuple(found)
