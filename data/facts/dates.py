"""Dates and times of day: ISO and written-out dates, months, years, quarters, decades, centuries, clock times."""

from __future__ import annotations

import re
from collections.abc import Iterator

from data.facts.claims import word_fact
from data.facts.model import Fact, Kind
from data.facts.patterns import lazy
from data.facts.reading import Reading, tell
from data.facts.units import parse_unit
from data.facts.vocabulary.function_words import SECTIONS

_MONTHS = SECTIONS["months"]
_CENTURIES = SECTIONS["rank"]
_NUMBER = {name[:3]: i for i, name in enumerate(_MONTHS, 1)}
_MONTH = (
    r"(?P<{0}>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_YEAR = r"(?P<{0}>\d{{4}})(?!\d)"
_DAY = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?"
_WRITTEN = lazy(
    rf"(?<![\w.])(?:{_DAY.format('day1')}(?: of)? {_MONTH.format('month1')}(?:,? {_YEAR.format('year1')})?"
    rf"|{_MONTH.format('month2')} {_DAY.format('day2')}(?!\d)(?!\.\d)(?:,? {_YEAR.format('year2')})?"
    rf"|{_MONTH.format('month3')},?(?: of)? {_YEAR.format('year3')})",
    re.IGNORECASE,
)
_NUMERIC = lazy(
    r"(?<![\w.])(?:(?P<iso>\d{4})[-/.](?P<iso_month>\d{2})(?:[-/.](?P<iso_day>\d{2}))?(?!\d|\.\d)"
    r"|(?P<p1>\d{1,2})[/.](?P<p2>\d{1,2})[/.](?P<p3>(?:19|20)\d{2})(?!\d))"
)
_PERIOD = lazy(
    r"(?<![\w.])(?:(?:the )?(?P<decade_of>early|mid|late)?[- ]?(?P<decade>\d{3}0)s\b"
    r"|Q(?P<quarter>[1-4])(?:[ -]?(?:of )?(?P<quarter_year>\d{4}))?(?!\w)|(?P<nth>first|second|third|fourth|1st|2nd"
    r"|3rd|4th) quarter(?: of (?P<nth_year>\d{4}))?"
    r"|(?:the )?(?P<century>\d{1,2})(?:st|nd|rd|th)[ -]century(?P<century_era> BCE?| B\.C\.)?"
    rf"|(?P<century_word>twenty-first|{'|'.join(_CENTURIES)})[ -]century"
    r"|(?:AD )?(?P<era_year>\d{1,4}) ?(?P<era>BCE?|CE|AD|B\.C\.(?:E\.)?|A\.D\.)(?!\w)|AD (?P<ad>\d{1,4})(?!\d))",
    re.IGNORECASE,
)
_LONE_YEAR = lazy(r"\b(?<![.,$€£:/#+-])(?P<year>1[0-9]\d{2}|20\d{2}|2100)(?![\w%°]|[.,]\d|/\d|-\d)")
_YEAR_BEFORE = lazy(
    r"(?:\b(?:(?P<sure>in|since|until|till|during|year|circa|c\.|late|early|mid|dated|born|founded|released"
    r"|published)|by|from|after|before|around|about|and"
    r"|to|through|of|for|between|is|was)\s|[(–-])$",
    re.IGNORECASE,
)
_THING_AFTER = lazy(
    r"\s(?!(?:and|or|by|in|to|as|when|with|at|on|for|the|a|an|after|before|until|but|it|he|she|they|was|is|had"
    r"|has)\b)[a-z]+"
)
_CLOCK = lazy(
    r"(?<![\w.:])(?:(?P<hour>[01]?\d|2[0-4])[:.](?P<minute>[0-5]\d)(?::[0-5]\d)?(?!\d"
    r"|\.\d)\s?(?P<half>[ap]\.?m\b\.?)?|(?P<hour2>1[0-2]|0?[1-9])\s?(?P<half2>[ap]\.?m\b\.?)|(?P<word>midnight|noon"
    r"|midday)\b)"
    r"(?:\s?\(?(?P<zone>UTC|GMT|CET|CEST|EST|EDT|ET|PST|PDT|PT|BST|JST|IST)\b\)?)?",
    re.IGNORECASE,
)
_YEAR_DIGITS = 4
_SEPARATORS = ("-", "/", ".")
_PERIODS = tell(frozenset(["century", "quarter", "bc", "bce", "ce", "ad", "q1", "q2", "q3", "q4", "b.c", "a.d"]))
_MONTH_FORMS = frozenset([*_MONTHS, *(name[:3] for name in _MONTHS), "sept"])
_MONTH_TELLS = tell(_MONTH_FORMS)
_HOUR_BEFORE = lazy(r"(?<![\d.:])(?P<hour>\d{1,2})\s?(?:and|to|or|-|–)\s?$")
_SIDE_AFTER = lazy(r"\s?(?:x|×|\*|by)\s?\d", re.IGNORECASE)
_SIDE_BEFORE = lazy(r"\d\s?(?:x|×|\*|by)\s?$", re.IGNORECASE)
_CLOCK_TELLS = tell(frozenset(["midnight", "noon", "midday"]))
_ZONE = lazy(r"\b(?:UTC|GMT)\s?(?P<sign>[+\-−–±])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?(?!\d)")
_WORD_CENTURY = {word: n for n, word in enumerate(_CENTURIES, 1)} | {"twenty-first": 21}
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}


def _month(name: str) -> str:
    return f"{_NUMBER[name.lower()[:3]]:02d}"


def find_dates(reading: Reading, *, when: bool) -> list[Fact]:
    """Facts on points in time; the key goes from coarse to fine ("2034", "01", "31"): a prefix is a less exact date.

    `when`: the question asks for a time, so that a bare 4-digit number is a year.
    """
    text = reading.text
    facts: list[Fact] = []
    if not (reading.digits or "noon" in text or "mid" in text or "uarter" in text or "entury" in text):
        return facts
    for m in _ZONE.finditer(text) if "UTC" in text or "GMT" in text else ():
        if reading.free(m.start(), m.end()):
            sign = "-" if m["sign"] in "-−–" else "+"
            key = (f"{sign}{int(m['hours']):02d}:{m['minutes'] or '00'}",)
            facts.append(word_fact(reading, m.start(), m.end(), Kind.DATE, key, dimension="time zone"))
    facts += _written(reading)
    for pattern in _patterns(reading):
        facts += [fact for m in pattern.finditer(text) if (fact := _date(reading, m))]
    for m in _CLOCK.finditer(text) if reading.has(_CLOCK_TELLS) or _has_clock(reading) else ():
        if fact := _time(reading, m):
            facts += [*_earlier(reading, m), fact]
    for m in _lone_years(reading):
        if reading.free(m.start(), m.end()) and _is_year(text, m.start(), m.end(), when):
            facts.append(word_fact(reading, m.start(), m.end(), Kind.DATE, (m["year"],), dimension="date"))
    return facts


def _has_clock(reading: Reading) -> bool:
    """Whether a run of digits has a colon or "a.m." behind it."""
    if ":" in reading.behind:
        return True
    for _, end in reading.digits:
        behind = reading.text[end : end + 4].lower()
        if "m" in behind and behind.lstrip().startswith(_HALVES):
            return True
    return False


_HALVES = ("am", "pm", "a.m", "p.m")


def _lone_years(reading: Reading) -> Iterator[re.Match[str]]:
    for start, end in reading.digits:
        if end - start == _YEAR_DIGITS and (m := _LONE_YEAR.match(reading.text, start)):
            yield m


def _written(reading: Reading) -> list[Fact]:
    """Dates with the name of a month, looked for only around such names."""
    found = []
    for i in reading.places(_MONTH_TELLS):
        if reading.lower[i] in _MONTH_FORMS:
            w = reading.words[i]
            m = _WRITTEN.search(reading.text, max(0, w.start - _DAY_WIDTH), w.end + _YEAR_WIDTH)
            if m and m.end() >= w.end and (fact := _date(reading, m)):
                found.append(fact)
    return found


_DAY_WIDTH, _YEAR_WIDTH = 8, 16
"""How far a day stands in front of its month ("31st of March"), and day and year behind it ("March 31st, 2027")."""


def _patterns(reading: Reading) -> list[re.Pattern[str]]:
    """The patterns that can match at all."""
    text, found = reading.text, []
    for start, end in reading.digits:
        # A numeric date has a year at its start or end, with a separator next to it.
        if end - start == _YEAR_DIGITS and (
            (text[end : end + 1] in _SEPARATORS and text[end + 1 : end + 2].isdigit())
            or (text[start - 1 : start] in _SEPARATORS and text[start - 2 : start - 1].isdigit())
        ):
            found.append(_NUMERIC)
            break
    if "0s" in text or reading.has(_PERIODS) or "BC" in text or "AD" in text:
        found.append(_PERIOD)
    return found


def _date(reading: Reading, m: re.Match[str]) -> Fact | None:
    key = _key({name: value for name, value in m.groupdict().items() if value})
    if not key or not reading.free(m.start(), m.end()):
        return None
    dimension = "date"
    if key[0].endswith("s") or (len(key[0]) == 5 and key[0].endswith("0s")):
        dimension = "decade"
    elif key[0].startswith(("Q", "century")):
        dimension = "period"
    elif not key[0]:
        key, dimension = key[1:], "day of the year"
    value = "-".join(key) if dimension == "date" else " ".join(key)
    start = m.start() + 4 if m.group().lower().startswith("the ") else m.start()
    return word_fact(reading, start, m.end(), Kind.DATE, key, dimension=dimension, value=value)


def _is_year(text: str, start: int, end: int, when: bool) -> bool:
    found = parse_unit(text, end + (text[end : end + 1] == " "))
    if found and text[found[1] - 2 : found[1]] != "in":
        return False
    if _SIDE_AFTER.match(text, end) or _SIDE_BEFORE.search(text, max(0, start - 10), start):
        return False  # "1080 by 1920"
    if m := _YEAR_BEFORE.search(text, max(0, start - 12), start):
        return bool(m["sure"]) or when or not _THING_AFTER.match(text, end)
    return when


def _key(m: dict[str, str]) -> tuple[str, ...]:
    if "iso" in m:
        parts = (m["iso"], m["iso_month"], m.get("iso_day", ""))
        return (
            tuple(p for p in parts if p)
            if 1 <= int(m["iso_month"]) <= 12 and 1 <= int(m.get("iso_day", "1")) <= 31
            else ()
        )
    for n in ("1", "2"):
        if name := m.get("month" + n):
            day = int(m["day" + n])
            return (m.get("year" + n, ""), _month(name), f"{day:02d}") if name[0].isupper() and 1 <= day <= 31 else ()
    if name := m.get("month3"):
        return (m["year3"], _month(name)) if name[0].isupper() else ()
    if "p3" in m:
        first, second = int(m["p1"]), int(m["p2"])
        if first > 12 >= second:
            first, second = second, first
        return (m["p3"], f"{first:02d}", f"{second:02d}") if 1 <= first <= 12 and 1 <= second <= 31 else ()
    return _period(m)


def _period(m: dict[str, str]) -> tuple[str, ...]:
    if "decade" in m:
        return (m["decade"] + "s", *((m["decade_of"].lower(),) if "decade_of" in m else ()))
    for number, year in (("quarter", "quarter_year"), ("nth", "nth_year")):
        if number in m:
            n = m[number] if number == "quarter" else str(_NTH[m[number].lower()])
            return (f"Q{n}", *((m[year],) if year in m else ()))
    if "century" in m:
        return (f"century {m['century']}" + (" BC" if "century_era" in m else ""),)
    if "century_word" in m:
        return (f"century {_WORD_CENTURY[m['century_word'].lower()]}",)
    if "era_year" in m:
        return (("-" if m["era"].upper().startswith("B") else "") + m["era_year"],) if m["era"].isupper() else ()
    return (m["ad"],) if "ad" in m else ()


def _earlier(reading: Reading, m: re.Match[str]) -> list[Fact]:
    """The hour in "between 2 and 4 a.m." that shares the half of the day with the one behind it."""
    half = m["half2"]
    before = _HOUR_BEFORE.search(reading.text, max(0, m.start() - 10), m.start()) if half else None
    if not before or not 1 <= int(before["hour"]) <= 12:
        return []
    hour = int(before["hour"]) % 12 + (12 if half.lower().startswith("p") else 0)
    return [word_fact(reading, *before.span("hour"), Kind.DATE, (f"{hour:02d}:00",), dimension="clock time")]


def _time(reading: Reading, m: re.Match[str]) -> Fact | None:
    text = reading.text
    if not reading.free(m.start(), m.end()):
        return None
    if m["word"]:
        hour, minute = (0 if m["word"].lower() == "midnight" else 12), 0
    elif m["hour"]:
        half = (m["half"] or "").lower()
        dotted = text[m.end("hour")] == "."
        if dotted and not half:
            return None
        if not half and text[m.end() : m.end() + 1] == ":":
            return None
        hour, minute = int(m["hour"]), int(m["minute"])
        if len(m["hour"]) == 1 and not half and minute < 10 and not text[m.start() - 4 : m.start()].endswith("at "):
            return None
        hour = hour % 12 + 12 if half.startswith("p") else hour % 12 if half else hour % 24
    else:
        hour, minute = int(m["hour2"]) % 12 + (12 if m["half2"].lower().startswith("p") else 0), 0
    key = (f"{hour:02d}:{minute:02d}", *((m["zone"].upper(),) if m["zone"] else ()))
    return word_fact(reading, m.start(), m.end(), Kind.DATE, key, dimension="clock time")
