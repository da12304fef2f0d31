"""What the words around a span make of it: at least, up to, about; or only mentioned to be set apart."""

from __future__ import annotations

import re

from data.facts.model import FACT_OF, Fact, Kind, Value
from data.facts.patterns import lazy
from data.facts.reading import Reading, tell
from data.facts.vocabulary.function_words import SECTIONS, STOPWORDS

_DATE, _VERSION = Kind.DATE, Kind.VERSION  # an enum's member costs 0.1 µs to look up

_BEFORE = lazy(
    r"(?:(?P<min>at least|(?:a )?minimum(?: of| is|:)?|min\.?|(?:no|not) (?:less|fewer|earlier|sooner|lower) than"
    r"|not before"
    r"|starting (?:at|from)|as (?:low|little|few) as)"
    r"|(?P<max>(?:not|never|don't|cannot) (?:\w+ ){0,3}(?:more|greater|longer|higher|later) than|at most|at the most"
    r"|(?:a )?maximum(?: of| is|:)?|max\.?|no (?:more|greater|later|longer|higher) than|(?:not"
    r"|never) (?:to )?exceed(?:ing)?|up to|upto"
    r"|as (?:high|much|many|long|fast) as|within|capped at|limited to|until)"
    r"|(?P<over>(?:more|greater|older|longer|higher) than|over|above|exceed(?:s|ing)?|in excess of|upwards of|after)"
    r"|(?P<under>(?:less|fewer|lower|younger|shorter) than|under|below|before|prior to|short of)"
    r"|(?P<about>about|around|approximately|approx\.?|roughly|nearly|almost|some|circa|ca\.?|c\.|an estimated"
    r"|estimated at|close to"
    r"|in the region of|on average|an average of|just over|just under|(?:slightly|a little) (?:over|under|more than"
    r"|less than)|typically))"
    r"\s*(?:a |an |the |of |at |age |aged )?[$€£]?$",
    re.IGNORECASE,
)
_AFTER = lazy(
    r"\s*(?:(?P<min>(?:years? (?:of age )?)?(?:or|and) (?:more|above|older|later|higher|over|newer|greater|up"
    r"|longer|onwards?)|\+(?!\w)"
    r"|onwards?|(?:at )?minimum|at (?:the )?least|min\b)"
    r"|(?P<max>(?:years? (?:of age )?)?(?:or|and) (?:less|fewer|below|younger|earlier|lower|under|smaller|shorter)"
    r"|(?:at )?maximum"
    r"|at (?:the )?most|max\b)|(?P<about>or so\b))",
    re.IGNORECASE,
)
_SIGN = lazy(
    r"(?:(?P<min>≥|>=)|(?P<max>≤|<=)|(?P<over>>)|(?P<under><)|(?P<about>~|≈))"
    r"\s*(?:a |an |the |of |at |age |aged )?[$€£]?$"
)
_FARTHEST = 7
"""The most words that may stand in front of a number and say how it is meant ("as opposed to just in the")."""
_BOUND_LEADS = frozenset(SECTIONS["bound lead"])
_ASIDE_LEADS = frozenset(SECTIONS["aside lead"])
_SMALL = frozenset(SECTIONS["small"])
_BOUND_WORDS = frozenset(SECTIONS["before bound"])
_BOUND_SECOND = (_BOUND_WORDS | frozenset(SECTIONS["bound second"])) - _SMALL
_BOUND_SIGNS = "≥≤<>=~≈:."
_ARTICLES = frozenset(["a", "an", "the", "age", "aged"])
_AFTER_STARTS = frozenset(["or", "on", "mi", "ma", "an", "at", "ye"])
"""First two letters of what `_AFTER` can match."""
_ASIDE = lazy(
    r"(?:\b(?:not|rather than|instead of|unlike|as opposed to|versus|vs\.?|compared (?:to|with)|in contrast to"
    r"|contrary to|formerly|previously"
    r"|originally|replac(?:es|ed|ing)|succeed(?:s|ed|ing)?|supersed(?:es|ed|ing)|up from|down from|other than"
    r"|apart from|different from|n't"
    r"|no longer)(?:\s+(?:just|only))?(?:\s+(?:at|in|on|by|to|from|of|for|with|as|it|is|was|being"
    r"|using))?(?:\s+(?:the|a|an|its|about|around))?"
    r"|\b(?:of which|of them|of these|including))\s+$",
    re.IGNORECASE,
)
_ASIDE_WORDS = frozenset(SECTIONS["before aside"])
_ASIDE_ARTICLES = frozenset(["the", "a", "an", "its", "about", "around"])
_ASIDE_SECOND = (_ASIDE_WORDS | frozenset(SECTIONS["aside second"])) - (_SMALL - {"to", "with", "of", "from"})
_BOUND_TELLS, _ASIDE_TELLS = tell(_BOUND_WORDS | _ARTICLES), tell(_ASIDE_WORDS | _ASIDE_ARTICLES)
_NOT_ONLY = lazy(r"not (?:just|only)\b[^.]*$", re.IGNORECASE)


def bound_of(reading: Reading, i: int, start: int, end: int) -> str:
    """How a number stated with word `i` is meant: "min", "max", "over", "under", "about" or ""."""
    text = reading.text
    sign = text[start - 2 : start].strip(" $€£")[-1:] if start > 1 else text[:start]
    led = reading.led(i, _BOUND_TELLS) and _led(reading.lower, i, _ARTICLES, _BOUND_WORDS, _BOUND_SECOND)
    if led or (sign and sign in _BOUND_SIGNS):
        for position in _leads(reading, i, start, _BOUND_LEADS, 28):
            if m := _BEFORE.match(text, position, start):
                return m.lastgroup or ""
        if sign and (m := _SIGN.search(text, max(0, start - 6), start)):
            return m.lastgroup or ""
    after = text[end : end + 3].lstrip().lower()
    if (after[:2] in _AFTER_STARTS or after[:1] == "+") and (m := _AFTER.match(text, end, end + 28)):
        return m.lastgroup or ""
    return ""


def _led(lower: list[str], i: int, skipped: frozenset[str], words: frozenset[str], second: frozenset[str]) -> bool:
    """Whether one of `words` stands in front of word `i`, one of `skipped` passed over.

    A small word ("of", "to") tells only behind one of `second` ("up to").
    """
    if i > 1 and lower[i - 1] in skipped:
        i -= 1
    if not i:
        return False
    word = lower[i - 1]
    return word in words and (word not in _SMALL or (i > 1 and lower[i - 2] in second))


def _leads(reading: Reading, i: int, start: int, leads: frozenset[str], width: int) -> list[int]:
    """Where the words of a list start among the last few in front of word `i`, farthest first.

    A pattern that must end at the position is tried there only: to search for it costs ten times as much.
    """
    lower = reading.lower
    first = max(0, i - _FARTHEST)
    if leads.isdisjoint(lower[first:i]):
        return []
    words = reading.words
    return [words[k][0] for k in range(first, i) if lower[k] in leads and words[k][0] >= start - width]


def set_apart(reading: Reading, i: int, start: int) -> bool:
    """Whether what starts here, with word `i`, is only mentioned in contrast ("not 133 MHz", "of which 4")."""
    if not reading.led(i, _ASIDE_TELLS) or not _led(reading.lower, i, _ASIDE_ARTICLES, _ASIDE_WORDS, _ASIDE_SECOND):
        return False
    text = reading.text
    leads = _leads(reading, i, start, _ASIDE_LEADS, 44)
    return any(_ASIDE.match(text, p, start) for p in leads) and not _NOT_ONLY.search(text, max(0, start - 44), start)


def number_fact(
    reading: Reading,
    start: int,
    end: int,
    kind: Kind,
    value: Value,
    unit: str | None,
    dimension: str,
    base: tuple[float, ...],
    *,
    other_base: tuple[float, ...] = (),
    noun: tuple[str, ...] = (),
    digits: int = 0,
    key: tuple[str, ...] = (),
) -> Fact:
    """A fact with its bound, its contrast and the words around it filled in; claims its span."""
    reading.claim(start, end)
    first, last = reading.words_in(start, end)
    follows, head = _after(reading, last, end)
    fields = (
        start,
        end,
        reading.text[start:end],
        kind,
        value,
        unit,
        dimension,
        base,
        other_base,
        key,
        noun,
        reading.around(first, last),
        bound_of(reading, first, start, end),
        follows,
        head,
        digits,
        set_apart(reading, first, start),
    )
    return FACT_OF(Fact, fields)


def _after(reading: Reading, i: int, end: int) -> tuple[str, str]:
    """The stem of word `i`, if it stands right behind a span, and of the head of what that is a quantity of."""
    words = reading.words
    if i >= len(words) or words[i][0] != end + 1 or (i and words[i - 1][1] > end):
        return "", ""
    first = words[i]
    if first.lower != "of":
        kept = reading.kept[i]
        return kept, kept
    head, last = "", first.end
    for w in words[i + 1 : i + 5]:
        if w.start != last + 1 or (w.lower in STOPWORDS and head):
            break
        if w.lower not in STOPWORDS:
            head = w.stem
        last = w.end
    return "", head


def name_of(
    span: tuple[int, int, str],
    kind: Kind,
    value: str,
    dimension: str,
    key: tuple[str, ...],
    about: frozenset[str],
    *,
    aside: bool,
) -> Fact:
    """A fact that is a name; span: its start, its end and its text."""
    return FACT_OF(Fact, (*span, kind, value, None, dimension, (), (), key, (), about, "", "", "", 0, aside))


def word_fact(
    reading: Reading,
    start: int,
    end: int,
    kind: Kind,
    key: tuple[str, ...],
    *,
    dimension: str,
    value: Value | None = None,
    noun: tuple[str, ...] = (),
) -> Fact:
    """A fact whose value is text: a name, a code, a version, a date; claims its span."""
    reading.claim(start, end)
    first, last = reading.words_in(start, end)
    return Fact(
        start,
        end,
        reading.text[start:end],
        kind,
        " ".join(key) if value is None else value,
        dimension=dimension,
        key=key,
        noun=noun,
        about=reading.around(first, last),
        bound=bound_of(reading, first, start, end) if kind in (_VERSION, _DATE) else "",
        aside=set_apart(reading, first, start),
    )
