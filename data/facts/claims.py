"""What the words around a span make of it: at least, up to, about; or only mentioned to be set apart."""

from __future__ import annotations

import re

from data.facts.model import Fact, Kind, Value
from data.facts.patterns import lazy
from data.facts.reading import Reading
from data.facts.vocabulary.function_words import STOPWORDS

_BEFORE = lazy(
    r"(?:(?P<min>at least|(?:a )?minimum(?: of| is|:)?|min\.?|no (?:less|fewer|earlier|sooner|lower) than|not (?:less|fewer|earlier|sooner|lower) than|not before|starting (?:at|from)|≥|>=|as (?:low|little|few) as|no later version than)"
    r"|(?P<max>(?:not|never|don't|cannot) (?:\w+ ){0,3}(?:more|greater|longer|higher|later) than|at most|at the most|(?:a )?maximum(?: of| is|:)?|max\.?|no (?:more|greater|later|longer|higher) than|not (?:more|greater|later|longer|higher) than|(?:not|never) (?:to )?exceed(?:ing)?|up to|upto|≤|<=|as (?:high|much|many|long|fast) as|within|capped at|limited to|until)"
    r"|(?P<over>more than|greater than|over|above|exceed(?:s|ing)?|in excess of|older than|longer than|higher than|upwards of|after|>)"
    r"|(?P<under>less than|fewer than|under|below|lower than|younger than|shorter than|before|prior to|short of|<)"
    r"|(?P<about>about|around|approximately|approx\.?|roughly|nearly|almost|some|circa|ca\.?|c\.|~|≈|an estimated|estimated at|close to|in the region of|on average|an average of|just over|just under|slightly (?:over|under|more than|less than)|a little (?:over|under)|typically|or so))"
    r"\s*(?:a |an |the |of |at |age |aged )?[$€£]?$",
    re.IGNORECASE,
)
_AFTER = lazy(
    r"\s*(?:(?P<min>(?:years? (?:of age )?)?(?:or|and) (?:more|above|older|later|higher|over|newer|greater|up|longer|onwards?)|\+(?!\w)|onwards?|(?:at )?minimum|at (?:the )?least|min\b)"
    r"|(?P<max>(?:years? (?:of age )?)?(?:or|and) (?:less|fewer|below|younger|earlier|lower|under|smaller|shorter)|(?:at )?maximum|at (?:the )?most|max\b|or so))",
    re.IGNORECASE,
)
_ASIDE = lazy(
    r"(?:\b(?:not|rather than|instead of|unlike|as opposed to|versus|vs\.?|compared (?:to|with)|in contrast to|contrary to|formerly|previously|originally|replac(?:es|ed|ing)|succeed(?:s|ed|ing)?|supersed(?:es|ed|ing)|up from|down from|other than|apart from|different from|n't|no longer)"
    r"(?:\s+(?:just|only))?(?:\s+(?:at|in|on|by|to|from|of|for|with|as|it|is|was|being|using))?(?:\s+(?:the|a|an|its|about|around))?\s+)$",
    re.IGNORECASE,
)
_PART = lazy(r"\b(?:of which|of them|of these|including)\s+$", re.IGNORECASE)
_NOT_ONLY = lazy(r"not (?:just|only)\b[^.]*$", re.IGNORECASE)


def bound_of(text: str, start: int, end: int) -> str:
    """How a stated number is meant: "min", "max", "over", "under", "about" or ""."""
    for m in (_BEFORE.search(text, max(0, start - 28), start), _AFTER.match(text, end, end + 28)):
        if m:
            return m.lastgroup or ""
    return ""


def set_apart(text: str, start: int) -> bool:
    """Whether what starts here is only mentioned in contrast ("not 133 MHz", "unlike the RP2040")."""
    if _PART.search(text, max(0, start - 12), start):
        return True
    m = _ASIDE.search(text, max(0, start - 44), start)
    return bool(m) and not _NOT_ONLY.search(text, max(0, start - 44), start)


def _follows(reading: Reading, end: int) -> str:
    after = reading.words_after(end, 1)
    if not after or reading.text[end : after[0].start] != " " or after[0].lower in STOPWORDS:
        return ""
    return after[0].stem


def number_fact(
    reading: Reading, start: int, end: int, kind: Kind, value: Value, unit: str | None, dimension: str,
    base: tuple[float, ...], *, other_base: tuple[float, ...] = (), noun: tuple[str, ...] = (), digits: int = 0, key: tuple[str, ...] = (),
) -> Fact:  # fmt: skip
    """A fact with its bound, its contrast and the words around it filled in; claims its span."""
    reading.claim(start, end)
    text = reading.text
    return Fact(
        start, end, text[start:end], kind, value, unit, dimension, base, other_base, key, noun,
        reading.around(start, end), bound_of(text, start, end), _follows(reading, end), digits, set_apart(text, start),
    )  # fmt: skip


def word_fact(
    reading: Reading, start: int, end: int, kind: Kind, key: tuple[str, ...], *, dimension: str, value: Value | None = None, noun: tuple[str, ...] = ()
) -> Fact:  # fmt: skip
    """A fact whose value is text: a name, a code, a version; claims its span."""
    reading.claim(start, end)
    text = reading.text
    return Fact(
        start, end, text[start:end], kind, value if value is not None else " ".join(key), None, dimension,
        key=key, noun=noun, about=reading.around(start, end), bound=bound_of(text, start, end) if kind in (Kind.VERSION, Kind.DATE) else "",
        aside=set_apart(text, start),
    )  # fmt: skip
