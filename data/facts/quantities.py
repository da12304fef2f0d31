"""Numbers that measure something: each is read by the first rule that fits it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from data.facts.claims import number_fact
from data.facts.intervals import read_range, read_tolerance
from data.facts.measures import NOTHING, Made, following, in_base, quantity, unit_at
from data.facts.model import Fact, Kind
from data.facts.numbers import Number
from data.facts.patterns import lazy
from data.facts.ratios import read_dimensions, read_ratio
from data.facts.reading import Reading, tell
from data.facts.unit_table import SYMBOLS, Unit
from data.facts.units import parse_unit
from data.facts.vocabulary.function_words import STOPWORDS

Rule = Callable[[Reading, list[Number], int], Made]
_LIST_GAP = lazy(r"\s?,\s?(?:or |and )?|\s(?:or|and|&)\s|\s?/\s?")
_LETTER = lazy(r" [A-Z](?![\w/])")
_OF = lazy(r"\s(?:an?|of an?)\s|\s|-")
_THEN = lazy(r"\s(?:and|,)\s|\s?")
_COMPASS = lazy(r"\s?(?:(?P<letter>[NSEW])(?![\w])|(?P<word>north|south|east|west)\b)")
_FACTOR = lazy(
    r"\b(?:(?P<word>twice|thrice|half)(?= (?:as|the (?:size|speed|amount|rate|length|price|number|area))\b)"
    r"|(?P<fold>two|three|four|five|six|ten)-?fold\b"
    r"|(?P<verb>doubl|tripl|quadrupl|halv)(?:e|es|ed|ing)\b(?! (?:quotes?|precision|click|room|bond|star|digit)))",
    re.IGNORECASE,
)
_FACTORS = {
    "twice": 2.0, "thrice": 3.0, "half": 0.5, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0,
    "ten": 10.0, "doubl": 2.0, "tripl": 3.0, "quadrupl": 4.0, "halv": 0.5,
}  # fmt: skip
_FACTOR_WORDS = tell(
    frozenset(
        ["twice", "thrice", "half", "fold", *(n + "fold" for n in ("two", "three", "four", "five", "six", "ten"))]
        + [verb + end for verb in ("doubl", "tripl", "quadrupl", "halv") for end in ("e", "es", "ed", "ing")]
    )
)
_PERIOD_WORDS = tell(frozenset(["minute", "hour", "day", "fortnight", "week", "month", "year", "decade", "century"]))
_PERIOD = lazy(
    r"\ban? (?:(?P<unit>fortnight|week|month|year|decade|century)\b(?! ago|-| and a half\b)"
    r"|(?P<more>minute|hour|day|week|month|year|decade|century) and a half\b)",
    re.IGNORECASE,
)
_COMPOUND = frozenset(["ft", "lb", "h", "min"])
"""Units that a smaller one may follow without a word between ("5 ft 10 in")."""
_LONGEST_LIST = 12
_NEAR = 24
"""The longest connection between two numbers, "to a maximum of", with room."""


def find_quantities(reading: Reading, numbers: list[Number]) -> tuple[list[Fact], list[Number]]:
    """Facts of the numbers that measure something, and the numbers left over (to be counted, or dropped)."""
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
        made, used = NOTHING
        for rule in _rules(reading, numbers, i):
            made, used = rule(reading, numbers, i)
            if used:
                break
        facts += made
        if not used:
            left.append(n)
        i += max(used, 1)
    return facts, left


def _rules(reading: Reading, numbers: list[Number], i: int) -> tuple[Rule, ...]:
    """The rules that the words up to the next number leave possible; one alone when that is too far to belong to it."""
    n = numbers[i]
    if i + 1 == len(numbers):
        return (_single,)
    found = unit_at(reading, n.end, n.value)
    end, following = found[1] if found else n.end, numbers[i + 1].start
    return _fitting(reading.text[n.end : following]) if following - end <= _NEAR else (_single,)


@lru_cache(maxsize=4096)
def _fitting(between: str) -> tuple[Rule, ...]:
    """The rules, in their order, of which a mark stands between two numbers."""
    between = between.lower()
    return (*(rule for rule, marks in _MARKS if any(mark in between for mark in marks)), _single)


def _in_name(reading: Reading, n: Number) -> bool:
    """Whether a number and the letter behind it end a name ("Pi Zero 2 W", "Pi 4 B"), so that the letter is no unit."""
    follows = reading.text[n.end : n.end + 2]
    if n.word or n.signed or n.value >= 100 or not follows[1:].isupper() or not _LETTER.match(reading.text, n.end):
        return False
    before = reading.words_before(n.start, 2)
    if len(before) < 2 or reading.text[before[-1].end : n.start] != " ":
        return False
    return before[-1].text.istitle() and before[-1].lower not in STOPWORDS


def _shared(reading: Reading, numbers: list[Number], i: int) -> Made:
    """ "1, 2 or 4 GB": numbers that share the unit of the last."""
    text, run = reading.text, [numbers[i]]
    while len(run) < _LONGEST_LIST and not unit_at(reading, run[-1].end, run[-1].value):
        m = _LIST_GAP.match(text, run[-1].end)
        after = following(reading, numbers, i + len(run), m.end()) if m else None
        if not after:
            break
        run.append(after)
    found = unit_at(reading, run[-1].end, run[-1].value)
    if len(run) < 2 or not found:
        return NOTHING
    unit, end = found
    return [quantity(reading, n, unit, n.end if n is not run[-1] else end) for n in run], len(run)


def _single(reading: Reading, numbers: list[Number], i: int) -> Made:
    text, n = reading.text, numbers[i]
    if n.fraction:
        m = _OF.match(text, n.end)
        if m and (whole := parse_unit(text, m.end())):
            return [quantity(reading, n, *whole)], 1  # half an hour
        if n.word:
            return [
                number_fact(reading, n.start, n.end, Kind.RATIO, n.value, None, "fraction", (n.value,), digits=2)
            ], 1
    found = unit_at(reading, n.end, n.value)
    if not found:
        return NOTHING
    unit, end = found
    if unit.dimension == "angle" and (m := _COMPASS.match(text, end)):
        return [_coordinate(reading, n, (m["letter"] or m["word"])[0].upper(), m.end())], 1
    if unit.dimension == "time" or unit.symbol in _COMPOUND:
        m = _THEN.match(text, end)
        rest = following(reading, numbers, i + 1, m.end()) if m else None
        small = unit_at(reading, rest.end, rest.value) if rest else None
        if rest and small and small[0].dimension == unit.dimension and small[0].factor < unit.factor:
            return [_sum(reading, n, unit, rest, *small)], 2  # 1 hour and 30 minutes
    return [quantity(reading, n, unit, end)], 1


def _coordinate(reading: Reading, n: Number, letter: str, end: int) -> Fact:
    value = -n.value if letter in "SW" else n.value
    dimension = "latitude" if letter in "NS" else "longitude"
    return number_fact(reading, n.start, end, Kind.QUANTITY, value, "°", dimension, (value,), digits=n.digits)


def _sum(reading: Reading, n: Number, unit: Unit, rest: Number, small: Unit, end: int) -> Fact:
    total = in_base(n.value, unit) + in_base(rest.value, small)
    value = total / unit.factor
    return number_fact(
        reading, n.start, end, Kind.QUANTITY, value, unit.symbol, unit.dimension, (total,), digits=n.digits
    )


_MARKS: tuple[tuple[Rule, tuple[str, ...]], ...] = (
    (read_dimensions, ("x", "×", "*", "✕", "by")),
    (read_tolerance, ("±", "+", "plus")),
    (read_range, ("–", "—", "‑", "−", "~", "-", "..", "…", "to", "through", "until", "thru", "and", "&", "or")),
    (read_ratio, ("in", "out of", "/", ":")),
    (_shared, (",", "or", "and", "&", "/")),
)


def find_periods(reading: Reading, *, and_a_half: bool) -> list[Fact]:
    """ "A fortnight", "a decade": one unit of time, its number only an article; or "a month and a half"."""
    facts = []
    for m in _PERIOD.finditer(reading.text) if reading.has(_PERIOD_WORDS) else ():
        if bool(m["more"]) is and_a_half and reading.free(m.start(), m.end()):
            unit, number = SYMBOLS[(m["unit"] or m["more"]).lower()], 1.5 if m["more"] else 1.0
            facts.append(
                number_fact(
                    reading,
                    m.start(),
                    m.end(),
                    Kind.QUANTITY,
                    number,
                    unit.symbol,
                    "time",
                    (number * unit.factor,),
                    digits=2,
                )
            )
    return facts


def find_factors(reading: Reading) -> list[Fact]:
    """ "Twice as fast", "doubled", "tenfold": by how much something is multiplied."""
    facts = []
    for m in _FACTOR.finditer(reading.text) if reading.has(_FACTOR_WORDS) else ():
        if reading.free(m.start(), m.end()):
            word = (m["word"] or m["fold"] or m["verb"]).lower()
            value = _FACTORS[word]
            facts.append(
                number_fact(reading, m.start(), m.end(), Kind.QUANTITY, value, "times", "factor", (value,), digits=1)
            )
    return facts
