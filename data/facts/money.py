"""Sums of money: currency, magnitude, cents, per month or year."""

from __future__ import annotations

import re
from bisect import bisect_left

from data.facts.claims import number_fact
from data.facts.model import Fact, Kind
from data.facts.numbers import Number
from data.facts.patterns import lazy
from data.facts.reading import Reading, tell
from data.facts.unit_table import SYMBOLS
from data.facts.units import parse_unit
from data.facts.vocabulary import lines

_SYMBOL: dict[str, str] = {}
_WORD: dict[str, str] = {"pounds sterling": "GBP", "pound sterling": "GBP"}
_NATION: dict[str, str] = {}
_CODES: list[str] = []
for _line in lines("currencies.txt"):
    _code, _signs, _words, _nations = _line.split("|")
    _CODES.append(_code)
    _SYMBOL.update(dict.fromkeys(_signs.split(), _code))
    _WORD.update(dict.fromkeys(_words.split(), _code))
    _NATION.update(dict.fromkeys((n for n in (_nations, *_nations.split()) if n), _code))
_ANY_CODE = "|".join(_CODES)
_ANY_NATION = "|".join(re.escape(n) for n in sorted(_NATION, key=len, reverse=True))
_ANY_WORD = "|".join(sorted((w + "s?" for w in _WORD if " " not in w and w != "real"), key=len, reverse=True))
_BEFORE = lazy(
    rf"(?P<paren>\()?(?P<minus>[-−–])?(?P<symbol>(?:US|CA?|AU?|NZ|HK|S|R)?\$|[€£¥₹₽₩₺]|\b(?:{_ANY_CODE}))\s?$"
)
_AFTER = lazy(
    rf"[\s-]?(?P<symbol>[€£¥₹₽₩$]|(?:{_ANY_CODE})\b)"
    rf"|[\s-](?:(?P<nation>{_ANY_NATION})\s)?(?P<word>pounds? sterling|{_ANY_WORD})\b(?! per square)"
    r"|\s?(?P<cents>cents?|¢|pence|p(?![\w.]))",
    re.IGNORECASE,
)
_SMALL = lazy(r"(?:m|mn|k|bn|b|tn|M|B|K|T)(?![\w/])|\s(?:m|mn|bn|tn)\b")
_SMALL_VALUES = {"m": 1e6, "mn": 1e6, "k": 1e3, "bn": 1e9, "b": 1e9, "tn": 1e12, "t": 1e12}
_PER = lazy(
    r"\s?(?:/|\bper\b|\ba\b|\ban\b|\beach\b|\bevery\b)\s?(?P<what>second|minute|hour|hr|day|night|week|month|mo"
    r"|quarter|year|yr|annum)\b|\s?(?P<adverb>monthly|annually|yearly|weekly|daily|hourly|quarterly|p\.?a\.?(?!\w))"
    r"|\s?(?:/|\bper\b|\ban?\b|\beach\b)\s?(?P<thing>[a-z]+)",
    re.IGNORECASE,
)
_PERIODS = {
    "monthly": "month", "annually": "year", "yearly": "year", "weekly": "week", "daily": "day",
    "hourly": "hour", "annum": "year",
    "yr": "year", "hr": "hour", "mo": "month", "night": "day", "pa": "year",
}  # fmt: skip
_ABOUT_MONEY = lazy(
    r"[£$€]|\b(?:cost|price|fee|fine|pay|paid|salary|tax|wage|penalty|budget|grant|compensation|rent|worth"
    r"|allowance|threshold|limit|sum|money|duty)\w*",
    re.IGNORECASE,
)
_ABOUT_WEIGHT = lazy(
    r"\b(?:weigh|mass|heav|body|thrust|load|ounce|kilogram|kg|lbs?|lift|baby|dose|torque)\w*", re.IGNORECASE
)
_TOPIC_WIDTH = 600
"""Characters before and behind a sum in which a word tells what the text is about there."""
_BY = lazy(r"\bby\s$")
_RANGE_TO = lazy(r"\s?(?:-|–|—|to|and)\s?(?:[$€£¥]\s?)?", re.IGNORECASE)


_FORMS = frozenset([*_WORD, *(w + "s" for w in _WORD), *(c.lower() for c in _CODES), "cent", "cents", "pence"])
_TELLS = tell(_FORMS)
_SIGNS = lazy("[$€£¥₹₽₩₺¢]")


def find_money(reading: Reading, numbers: list[Number], question: str) -> list[Fact]:
    """Facts on sums; the base is in whole currency units, per second where a period is given."""
    facts: list[Fact] = []
    text = reading.text
    named = reading.has(_TELLS) or "p" in reading.behind
    signs = [m.start() for m in _SIGNS.finditer(text)]
    if not named and not signs:
        return facts
    skip = -1
    for i, n in enumerate(numbers):
        if i <= skip or not reading.free(n.start, n.end):
            continue
        near = bisect_left(signs, n.start - 3) if signs else 0
        signed = near < len(signs) and signs[near] < n.end + 3
        if not signed and not (named and _near_word(reading, n)):
            continue
        found = _sum(reading, n, question)
        if not found:
            following = numbers[i + 1] if i + 1 < len(numbers) else None
            m = _RANGE_TO.match(text, n.end) if following else None
            if following and m and m.end() == following.start and text[n.end : m.end()].strip() not in ("and",):
                upper = _sum(reading, following, question)
                if upper and upper[0] == following.start:
                    start, end, value, currency, negative = upper
                    ratio = value / following.value if following.value else 1.0
                    low = n.value * ratio if n.value < following.value else n.value
                    facts.append(_range(reading, n.start, end, low, value, currency))
                    skip = i + 1
            continue
        start, end, value, currency, negative = found
        following = numbers[i + 1] if i + 1 < len(numbers) else None
        m = _RANGE_TO.match(text, end) if following and not _BY.search(text, max(0, start - 4), start) else None
        if (
            following
            and m
            and m.end() == following.start
            and (
                text[end : m.end()].strip()[:3].lower() != "and" or "between" in text[max(0, start - 9) : start].lower()
            )
        ):
            upper = _sum(reading, following, question)
            if upper and upper[3] == currency:
                factor = upper[2] / following.value if following.value else 1.0
                low = value * factor if value < following.value and value < 1000 <= factor else value
                facts.append(_range(reading, start, upper[1], low, upper[2], currency))
                skip = i + 1
                continue
            if not upper and following.value > value:
                facts.append(_range(reading, start, following.end, value, following.value, currency))
                skip = i + 1
                continue
        value = -value if negative else value
        dimension, base, unit = "money:" + currency, value, currency
        if (m := _PER.match(text, end)) and (m["what"] or m["adverb"] or m["thing"]):
            period = (m["what"] or m["adverb"] or "").lower().replace(".", "")
            period = _PERIODS.get(period, period)
            if period:
                seconds = SYMBOLS["year"].factor / 4 if period.startswith("quarter") else SYMBOLS[period].factor
                dimension, base, unit, end = dimension + "/time", value / seconds, f"{currency}/{period}", m.end()
            elif m["thing"].lower() not in ("the", "time", "few", "little", "lot", "maximum", "minimum", "fine", "fee"):
                thing = m["thing"].lower()
                below = parse_unit(text, m.start("thing"))
                dimension, unit, end = (
                    f"{dimension}/{below[0].dimension if below else thing}",
                    f"{currency}/{thing}",
                    m.end(),
                )
                base = value / below[0].factor if below else value
        facts.append(number_fact(reading, start, end, Kind.MONEY, value, unit, dimension, (base,), digits=n.digits))
    return facts


def _near_word(reading: Reading, n: Number) -> bool:
    """Whether the name of a currency stands right in front of a number or soon behind it ("5 New Zealand dollars")."""
    i = reading.word_index(n.start)
    return reading.text[n.end : n.end + 2].lstrip()[:1] == "p" or not _FORMS.isdisjoint(
        reading.lower[max(0, i - 1) : i + 8]
    )


def _range(reading: Reading, start: int, end: int, low: float, high: float, currency: str) -> Fact:
    return number_fact(
        reading, start, end, Kind.RANGE, (low, high), currency, "money:" + currency, (low, high), digits=2
    )


def _about(pattern: re.Pattern[str], text: str, n: Number, question: str) -> bool:
    """Whether the question or the text around a number is about something."""
    near = text[max(0, n.start - _TOPIC_WIDTH) : n.end + _TOPIC_WIDTH]
    return bool(pattern.search(question) or pattern.search(near))


def _sum(reading: Reading, n: Number, question: str) -> tuple[int, int, float, str, bool] | None:
    text, value, end = reading.text, n.value, n.end
    before = _BEFORE.search(text, max(0, n.start - 6), n.start)
    if before:
        start, currency = before.start("minus") if before["minus"] else before.start("symbol"), before["symbol"]
        currency = _SYMBOL.get(currency, currency).upper()
        if (m := _SMALL.match(text, end)) and m.group().strip().lower() in _SMALL_VALUES:
            value, end = value * _SMALL_VALUES[m.group().strip().lower()], m.end()
        negative = bool(before["minus"]) or bool(before["paren"] and text[end : end + 1] == ")")
        return start, end, value, "CNY" if currency == "RMB" else currency, negative
    m = _SMALL.match(text, end)
    if (
        m
        and m.group().strip().lower() in _SMALL_VALUES
        and (after := _AFTER.match(text, m.end()))
        and (after["symbol"] or after["word"])
    ):
        value, end = value * _SMALL_VALUES[m.group().strip().lower()], m.end()
    after = _AFTER.match(text, end)
    if not after:
        return None
    if after["symbol"]:
        symbol = after["symbol"]
        return n.start, after.end(), value, _SYMBOL.get(symbol, symbol.upper()), False
    if after["cents"]:
        word = after["cents"].lower()
        if word == "p" and not _about(_ABOUT_MONEY, text, n, question):
            return None
        return (
            n.start,
            after.end(),
            value / 100,
            "GBP" if word in ("p", "pence") else "?",
            False,
        )
    word = after["word"].lower()
    if word in ("pound", "pounds") and _about(_ABOUT_WEIGHT, text, n, question):
        return None
    currency = (
        _NATION.get((after["nation"] or "").lower())
        or _WORD.get(word)
        or _WORD.get(word.removesuffix("s"))
        or ("NOK" if word.startswith("krone") else "SEK")
    )
    return n.start, after.end(), value, currency, False
