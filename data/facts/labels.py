"""Numbers that are not amounts: labels ("port 443", "Article 17(1)", "Phase III") and ranks ("the third largest")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from data.facts.claims import number_fact
from data.facts.model import Fact, Kind
from data.facts.nouns import noun_words
from data.facts.numbers import Number
from data.facts.patterns import lazy
from data.facts.reading import Reading, stem, tell
from data.facts.vocabulary.function_words import SECTIONS

_LABELS = frozenset(stem(w) for w in SECTIONS["label"])
_LABEL_TELLS = tell(_LABELS, "stem")
_ROMAN = lazy(
    r"\b(?P<label>[Aa]rticle|[Ss]ection|[Cc]hapter|[Tt]ype|[Gg]rade|[Ll]evel|[Pp]hase|[Ss]tage|[Cc]lass|[Ss]chedule"
    r"|Title|[Pp]art|[Cc]ategory"
    r"|War|Act|Appendix|Amendment|[Ff]actor)\s+(?P<number>[IVX]{1,5}|[A-D])(?P<letter>[a-cA-C])?\b"
)
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_NUMERALS = SECTIONS["numeral"]
_SUFFIX = lazy(r"(?:\(\w{1,3}\)|[a-z](?![\w])|[.-]\d+(?:[.-]\d+)*)+")
_SHORT_LABELS = lazy(r"\b(?P<label>Art|Sec|Ch|No|p|pp|§+)\.?\s?(?P<number>\d+)(?P<rest>(?:\(\w{1,3}\))*[a-z]?(?!\w))")
_LONG_LABEL = {"Art": "article", "Sec": "section", "Ch": "chapter", "No": "number", "p": "page", "pp": "page"}
_WORDS = SECTIONS["rank"]
_RANKS = {w: n for n, w in enumerate(_WORDS, 1)}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_RANK = lazy(
    r"\b(?:(?P<digits>\d{1,9})(?:st|nd|rd|th)|(?P<tens>twenty|thirty|forty|fifty)-(?P<unit>first|second|third|fourth"
    r"|fifth|sixth|seventh|eighth"
    rf"|ninth)|(?P<word>{'|'.join(_WORDS)}))\b(?!\s?[-–](?!\w+est\b))"
)
_SUPERLATIVE = lazy(r"\b(?:largest|longest|highest|tallest|biggest|deepest|oldest|smallest|fastest|richest|top)\b")
_RANK_TELLS = tell(frozenset(_WORDS))
_NTH = ("st", "nd", "rd", "th")
_ROMAN_LABELS = tell(frozenset(SECTIONS["roman label"]))
_ROMAN_TELLS = tell(frozenset([*_NUMERALS, "a", "b", "c", "d"]))
_SHORT_FORMS = frozenset(["art", "sec", "ch", "no", "p", "pp"])
_SHORT_TELLS = tell(_SHORT_FORMS)
_NO_RANK_BEFORE = frozenset(["per", "a", "each", "every", "one", "two", "three", "four", "five"])


def _has_nth(reading: Reading) -> bool:
    text = reading.text
    return not reading.behind.isdisjoint("snrt") and any(text[end : end + 2] in _NTH for _, end in reading.digits)


def roman(text: str) -> int:
    """The value of a Roman numeral of I, V and X."""
    values = [_ROMAN_VALUES[c] for c in text]
    return sum(-v if i + 1 < len(values) and v < values[i + 1] else v for i, v in enumerate(values))


def find_labels(reading: Reading, numbers: list[Number]) -> list[Fact]:
    """Facts of the numbers that only name something; the key is the label without brackets ("17.1")."""
    facts = []
    text = reading.text
    for m in _ROMAN.finditer(text) if reading.has(_ROMAN_TELLS) and reading.has(_ROMAN_LABELS) else ():
        if reading.free(m.start(), m.end()):
            letters = m["number"]
            value = str(roman(letters)) if letters not in "ABCD" else letters.lower()
            facts.append(
                _label(reading, m.start(), m.end(), value + (m["letter"] or "").lower(), stem(m["label"].lower()))
            )
    for m in _short_labels(reading):
        if reading.free(m.start(), m.end()):
            noun = stem(_LONG_LABEL.get(m["label"], "section"))
            facts.append(_label(reading, m.start(), m.end(), m["number"] + _plain(m["rest"]), noun))
    for n in numbers if reading.has(_LABEL_TELLS) else ():
        if reading.free(n.start, n.end) and (fact := _numbered(reading, n)):
            facts.append(fact)
    return facts


def _ranks(reading: Reading) -> Iterator[re.Match[str]]:
    low = reading.text.lower()
    if len(low) != len(reading.text):
        return  # a character whose small form is longer would shift all that follows
    for word in reading.words:
        start = word.start
        for part in word.lower.split("-"):
            begins = part in _RANKS or part in _TENS or part[:1].isdigit()
            if begins and (m := _RANK.match(low, start)):
                yield m
            start += len(part) + 1


def _short_labels(reading: Reading) -> Iterator[re.Match[str]]:
    if "§" in reading.text:
        yield from _SHORT_LABELS.finditer(reading.text)
    else:
        for i in reading.places(_SHORT_TELLS):
            if reading.lower[i] in _SHORT_FORMS and (m := _SHORT_LABELS.match(reading.text, reading.words[i].start)):
                yield m


def _plain(suffix: str) -> str:
    return suffix.lower().replace("(", ".").replace(")", "")


def _label(reading: Reading, start: int, end: int, value: str, noun: str) -> Fact:
    return number_fact(
        reading, start, end, Kind.IDENTIFIER, value, None, "label:" + noun, (), noun=(noun,), key=(value,)
    )


def _numbered(reading: Reading, n: Number) -> Fact | None:
    i = reading.word_index(n.start)
    if not i or n.word or n.signed or reading.words[i - 1].stem not in _LABELS or n.value != int(n.value):
        return None
    text = reading.text
    before = reading.words[i - 1 : i]
    gap, noun = text[before[0].end : n.start], before[0].stem
    if gap not in (" ", " #", "\u00a0", "-") or noun not in _LABELS or not reading.free(before[0].start, before[0].end):
        return None
    m = _SUFFIX.match(text, n.end)
    end = m.end() if m else n.end
    after = [w for w in reading.words_after(end, 1) if text[end : w.start] == " "]
    counted = (
        bool(after)
        and after[0].lower.endswith("s")
        and not after[0].lower.endswith("ss")
        and after[0].lower not in ("is", "was", "has", "as", "does")
    )
    if counted or (
        noun in ("gpio", "number", "no", "pin") and after and after[0].stem in ("pin", "port", "core", "line")
    ):
        return None  # "GPIO 26 pins" counts
    return _label(reading, before[0].start, end, str(int(n.value)) + _plain(text[n.end : end]), noun)


def find_ranks(reading: Reading, numbers: list[Number], *, ranked: bool) -> list[Fact]:
    """Facts of ordinals; "third" in "two thirds" and "second" as a unit of time are none.

    ranked: the question asks for a rank, so that "the largest" is the first.
    """
    facts = []
    text = reading.text
    for m in _ranks(reading) if reading.has(_RANK_TELLS) or _has_nth(reading) else ():
        start, end = m.start(), m.end()
        if not reading.free(start, end) or any(n.start < end and start < n.end and not m["digits"] for n in numbers):
            continue
        before = reading.words_before(start, 1)
        if m["word"] == "second" and before and (before[0].lower in _NO_RANK_BEFORE or before[0].text[0].isdigit()):
            continue
        if m["word"] == "first" and (text[end : end + 1] == "," or (before and before[0].lower == "at")):
            continue
        value = (
            int(m["digits"])
            if m["digits"]
            else _TENS[m["tens"]] + _RANKS[m["unit"]]
            if m["tens"]
            else _RANKS[m["word"]]
        )
        words = noun_words(reading, end)
        unit, noun = " ".join(w.lower for w in words) or None, tuple(w.stem for w in words)
        facts.append(
            number_fact(reading, start, end, Kind.ORDINAL, float(value), unit, "rank", (float(value),), noun=noun)
        )
    if ranked and not facts:
        for m in _SUPERLATIVE.finditer(reading.text):
            facts.append(number_fact(reading, m.start(), m.end(), Kind.ORDINAL, 1.0, None, "rank", (1.0,)))
    return facts
