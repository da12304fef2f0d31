"""How often: "twice a day", "every 12 hours", "b.i.d.", "quarterly", all as times per second."""

from __future__ import annotations

import re
from collections.abc import Iterator

from data.facts.claims import number_fact
from data.facts.model import Fact, Kind
from data.facts.numbers import Number, spoken_value
from data.facts.patterns import lazy
from data.facts.reading import Reading, tell
from data.facts.unit_table import SYMBOLS
from data.facts.vocabulary.function_words import SECTIONS

_UNIT = r"(?P<{}>second|minute|hour|day|night|morning|evening|week|month|quarter|year|decade|annum)s?"
_SECONDS = {
    name: SYMBOLS[name].factor for name in ("minute", "hour", "day", "week", "fortnight", "month", "year", "decade")
}
_SECONDS |= {
    "second": 1.0, "night": 86400.0, "morning": 86400.0, "evening": 86400.0, "quarter": _SECONDS["year"] / 4,
    "annum": _SECONDS["year"],
}  # fmt: skip
_DAY = 86400.0
_PERIODS = {_SECONDS[name]: name for name in ("day", "week", "fortnight", "month", "quarter", "year", "decade")}
_NUMBER = r"(?P<{}>\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|twenty-four|thirty|sixty)"
_ADVERBS = {
    "daily": "day", "nightly": "day", "hourly": "hour", "weekly": "week", "monthly": "month", "quarterly": "quarter",
    "yearly": "year", "annually": "year", "annual": "year", "fortnightly": "fortnight",
}  # fmt: skip
_LATIN = {"bid": 2, "tid": 3, "qid": 4, "qd": 1, "od": 1, "bd": 2, "tds": 3, "qds": 4}
_OFTEN = lazy(
    rf"\b(?:(?:(?P<once>once|twice|thrice)|{_NUMBER.format('n')}"
    r"(?: times|x|×| (?:doses?|tablets?|applications?|injections?|times?))"
    rf"|(?P<single>one time))(?:[ -](?:a|per|each|every|in a|in every)[ -]{_UNIT.format('per')}"
    r"|[ -](?P<adverb>daily|weekly|monthly|yearly|annually|hourly|nightly))"
    rf"|(?:every|each)(?: (?P<other>other|second))?"
    rf"(?: {_NUMBER.format('gap')}(?:(?:-|–| to | or ){_NUMBER.format('gap2')})?)?"
    rf"(?:[ -]{_UNIT.format('each')}|(?<=\d)\s?(?P<abbreviated>h|hrs?|d|min|wks?)\b)"
    rf"|at {_NUMBER.format('at')}[ -](?P<interval>second|minute|hour|day|week|month|year)(?:ly)? intervals"
    r"|(?P<half>semi-?annual(?:ly)?|half-yearly|bi-?annual(?:ly)?|twice-yearly)"
    r"|q\.?(?P<q>\d{1,4})\s?h(?:ours?)?\b"
    r"|(?P<adverb2>daily|nightly|hourly|weekly|fortnightly|monthly|quarterly|yearly|annually|annual)"
    r"|(?P<halves>(?:in the )?mornings? and (?:(?:in the )?evenings?|(?:at )?night)|day and night)"
    rf"|(?P<nth>once) (?:in|every) {_NUMBER.format('many')} {_UNIT.format('unit')})\b"
    r"|\b(?P<latin>b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|q\.d|o\.d|b\.d|t\.d\.s|q\.d\.s|BD|OD|TDS|QDS|BID|TID|QID)\b\.?",
    re.IGNORECASE,
)
_TELLS = frozenset(SECTIONS["recurrence"])
"""Words without one of which nothing recurs."""
_OFTEN_TELLS = tell(_TELLS)


_STARTS = (
    _TELLS | frozenset([*SECTIONS["ones"], *SECTIONS["tens"], "at", "half", "bi", "in", "morning", "mornings"])
) - {"x", "times"}


def _count(word: str) -> float:
    return float(word) if word.isdigit() else spoken_value(word.lower())


def find_recurrences(reading: Reading) -> list[Fact]:
    """Facts on how often something happens; the base is times per second."""
    facts = []
    if not reading.has(_OFTEN_TELLS):
        return facts
    for m in _matches(reading):
        if not reading.free(m.start(), m.end()):
            continue
        low: float | None = None
        stated = _DAY
        if m["halves"]:
            times, seconds = 2.0, _DAY
        elif m["half"]:
            times, seconds = 2.0, (stated := _SECONDS["year"])
        elif m["latin"]:
            if (form := m["latin"].lower().replace(".", "")) not in _LATIN or (
                form in ("od", "bd", "bid") and m["latin"].islower() and "." not in m["latin"]
            ):
                continue
            times, seconds = float(_LATIN[form]), _DAY
        elif m["q"]:
            times, seconds = 1.0, 3600.0 * max(int(m["q"]), 1)
        elif m["adverb2"]:
            times, seconds = 1.0, (stated := _SECONDS[_ADVERBS[m["adverb2"].lower()]])
        elif m["at"]:
            stated = _SECONDS[m["interval"].lower()]
            times, seconds = 1.0, max(_count(m["at"]), 1.0) * stated
        elif m["nth"]:
            stated = _SECONDS[m["unit"].lower()]
            times, seconds = 1.0, max(_count(m["many"]), 1.0) * stated
        elif m["each"] or m["abbreviated"]:
            unit = stated = SYMBOLS[m["abbreviated"]].factor if m["abbreviated"] else _SECONDS[m["each"].lower()]
            gap = 2.0 if m["other"] else max(_count(m["gap"]), 1.0) if m["gap"] else 1.0
            times, seconds = 1.0, gap * unit
            low = 1.0 / (max(_count(m["gap2"]), 1.0) * unit) if m["gap2"] else None
        else:
            times = {"once": 1.0, "twice": 2.0, "thrice": 3.0}.get((m["once"] or "").lower()) or (
                _count(m["n"]) if m["n"] else 1.0
            )
            seconds = stated = _SECONDS[m["per"].lower() if m["per"] else _ADVERBS[m["adverb"].lower()]]
        base = (times / seconds,) if low is None else (low, times / seconds)
        facts.append(_fact(reading, *m.span(), max(stated, _DAY), base))
    return facts


def _fact(reading: Reading, start: int, end: int, period: float, base: tuple[float, ...]) -> Fact:
    """The fact with its value per stated period, a day at least."""
    unit = f"times/{_PERIODS[period]}"
    value = round(base[-1] * period, 9)
    return number_fact(reading, start, end, Kind.QUANTITY, value, unit, "recurrence", base, digits=2)


def _matches(reading: Reading) -> Iterator[re.Match[str]]:
    """All matches of `_OFTEN`, which is tried only where a word, or a part of a hyphenated one, can start one."""
    behind = 0
    for word in reading.words:
        start = word.start
        for part in word.lower.split("-") if "-" in word.lower else (word.lower,):
            begins = part in _STARTS or part[:1].isdigit() or part[:1] == "q"
            if begins and start >= behind and (m := _OFTEN.match(reading.text, start)):
                behind = m.end()
                yield m
            start += len(part) + 1


def drop_claimed(reading: Reading, numbers: list[Number]) -> list[Number]:
    """The numbers that no fact has claimed."""
    return [n for n in numbers if reading.free(n.start, n.end)]
