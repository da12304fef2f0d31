"""What a question asks for: yes or no, a count, a quantity of some dimension, a time, a name."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from data.facts.patterns import Gated, lazy
from data.facts.reading import Reading, Word, parts, stem
from data.facts.unit_table import FOLDED, SYMBOLS, Unit
from data.facts.vocabulary import lines
from data.facts.vocabulary.function_words import GENERIC, STOPWORDS


class Asked(NamedTuple):
    """The slot that a good answer fills."""

    text: str = ""
    form: str = ""
    """"polarity", "count", "quantity", "date", "often", "version", "name", "choice", "open" or "" (no question)."""
    dimension: str = ""
    """Start of the dimension asked for ("frequency", "money"), or ""."""
    unit: Unit | None = None
    """The unit asked for ("How many milligrams …")."""
    noun: frozenset[str] = frozenset()
    """Stems of the thing counted."""
    stems: frozenset[str] = frozenset()
    """Stems of all content words."""
    words: frozenset[str] = frozenset()
    """All words in lower case, and the parts of hyphenated ones."""
    gist: frozenset[str] = frozenset()
    """Stems of its content words that are neither names nor generic, and of its last, hyphenated ones in parts."""
    lacking: frozenset[str] = frozenset()
    """Stems of what follows "without"."""
    per: str = ""
    """Unit of the time per which a count is asked for ("How many requests per minute"), or ""."""
    many: bool = False
    """Whether a list is asked for."""
    thing: bool = False
    """Whether it starts with "What is the …", which a bare name may answer."""
    ranked: bool = False
    """Whether a rank is asked for."""


_AUXILIARY = lazy(
    r"^\W*(?:(?:and|so|then|by default,?|(?:in|for|under|on|at|according to) [^,]+,)\s+)?(?:is|are|was|were|does|do"
    r"|did|can|could|will|would|should|shall|must|may|might|has|have|had|isn't|aren't|doesn't|don't|can't)\b",
    re.IGNORECASE,
)
_OR = lazy(
    r"\b(?:(\w[\w-]*(?: \w[\w-]*){0,4}),? or (?:a |an |the |in |by |on |to |at |from )?(\w[\w-]*))", re.IGNORECASE
)
_HOW_MANY = lazy(
    r"\bhow many ((?:[\w.-]+ ?){1,5})|\b(?:what|which) (?:is|was|are) the (?:total |maximum |minimum |average "
    r"|typical )?(?:number|count|quantity) of ((?:[\w.-]+ ?){1,4})",
    re.IGNORECASE,
)
_MANY_TELLS = ("how many", "number of", "count of", "quantity of")
"""What a question for a count has one of."""
_PER = lazy(r"\b(?:per|an?|each|every) (second|minute|hour|day|week|month|year)\b", re.IGNORECASE)
_OFTEN = Gated(
    r"\bhow (?:often|frequently|regularly)\b|\bhow many times (?:a|per|each|every)\b|\b(?:dosing"
    r"|dosage) (?:frequency|interval|schedule)\b|at what intervals?\b",
)
_WHEN = Gated(
    r"^\W*when\b|\b(?:since|until|till|by|from) when\b|\b(?:what|which) (?:year|date|month|day|century|decade"
    r"|quarter|time)\b|\buntil when\b|\bhow (?:recent|old is the)\b|\bdeadline\b|\brelease date\b|\bdate of\b",
)
_VERSION = Gated(
    r"\b(?:which|what) (?:[\w.+#-]+ ){0,3}(?:version|release|generation|revision)s?\b|\b(?:version|generation) of\b.*\?"
    r"|\b(?:Wi-?Fi|USB|wireless|Bluetooth|PCIe|802\.11|HDMI|network) (?:[\w-]+ )?standards?\b",
)
_NAME = Gated(
    r"\b(?:who|whom|whose|where|which|what(?= (?:is|was|are|were) the (?:\w+ )?(?:name|capital|chemical|scientific"
    r"|author|currency|language|city|country|term|command|keyword|type|licen[sc]e|default))|what (?!is|was|are|were"
    r"|does|do|did|happens|can|should|will)\w+)\b",
)
_WHICH = lazy(
    r"^\W*(?:(?:at|in|on|to|by|from|with|for|of|above|below|under|within) )?(?:which|what(?! (?:is|was|are|were"
    r"|does|do|did|has|can)\b))(?:\W+[\w-]+){0,4}",
    re.IGNORECASE,
)
_THING = lazy(r"^\W*what (?:is|was|are|were) (?:the|its|a|an)\b", re.IGNORECASE)
_RANKED = Gated(r"\b(?:rank|place|position)\w*\b")
_EITHER = lazy(r"\W*(?:which|(?:who|what)\b[^,]*,)", re.IGNORECASE)
_GIVES = Gated(
    r"\bwhat (?:does|do|did|will|would) .*\b(?:return|print|output|yield|produce|evaluate|stand for|give|display"
    r"|raise|throw)\b",
)
_WHO = lazy(r"^\W*(?:who|whom|whose|where)\b", re.IGNORECASE)
_HOW_MUCH = Gated(
    r"\bhow (?:much|long|far|tall|high|deep|wide|fast|big|large|old|heavy|hot|cold|thick|soon|late|early)\b",
)
_DAY = lazy(r"\bwhen\b|year|date", re.IGNORECASE)
_ASKS = Gated(r"\bwhat|\bwhich|\bhow\b")
_PARTS = lazy(r"[-'’]")
_COUNTED = ("information", "level", "units", "clock cycles", "factor")
"""Dimensions whose units are rather counted than asked for ("How many times")."""
_OPEN = Gated(
    r"\b(?:why|how (?:do|does|did|can|should|is|are|was|were|would)|what (?:does|do|did|happens|happened|can|should"
    r"|will)|explain|describe)\b",
)
_LIST = Gated(
    r"\b(?:which|what) are\b|\b(?:which|what) (?:two |three |four |five |other )?[\w-]+[^sui\W]s\b(?! is\b)"
    r"|\b(?:which|what) [\w-]+ [\w-]+[^sui\W]s (?:are|do|does|did|were|have|can|must|will|should|may)\b|\b(?:list"
    r"|name) (?:the|all|three|four|five)\b",
)


def _dimensions() -> list[tuple[Gated, str]]:
    """The patterns of the word list, those of one dimension that follow each other joined."""
    joined: list[tuple[str, list[str]]] = []
    for line in lines("asked.txt"):
        dimension, _, pattern = line.partition("\t")
        if not joined or joined[-1][0] != dimension:
            joined.append((dimension, []))
        joined[-1][1].append(pattern)
    return [(Gated("|".join(patterns)), dimension.strip("-")) for dimension, patterns in joined]


_DIMENSIONS = _dimensions()


@lru_cache(maxsize=256)
def ask(question: str) -> Asked:
    """The slot that a question opens; an `Asked` with an empty form when there is no question."""
    if not question.strip():
        return Asked()
    reading = Reading(question)
    content = [w for w in reading.words if w.lower not in STOPWORDS]
    low = question.lower()
    form, dimension, unit, noun = _slot(question, low)
    return Asked(
        text=question,
        form=form,
        dimension=dimension,
        unit=unit,
        noun=noun,
        stems=frozenset(w.stem for w in content),
        words=frozenset(reading.lower)
        | frozenset(p for w in reading.lower if not w.isalnum() for p in _PARTS.split(w)),
        gist=frozenset(p for w in content if w is content[-1] or _tells(w) for p in (parts(w) or (w.stem,))),
        lacking=_lacking(question) if " without " in question else frozenset(),
        per=_per(question) if form == "count" else "",
        many=_LIST.found(question, low),
        thing=bool(_THING.match(question)),
        ranked=_RANKED.found(question, low),
    )


def _lacking(question: str) -> frozenset[str]:
    return frozenset(w.stem for w in Reading(question.partition(" without ")[2]).words[:3])


def _per(question: str) -> str:
    m = _PER.search(question)
    name = m[1].lower() if m else ""
    return (SYMBOLS.get(name) or FOLDED[name]).symbol if name else ""


def _tells(word: Word) -> bool:
    return word.text.islower() and word.lower not in GENERIC


def _slot(question: str, low: str) -> tuple[str, str, Unit | None, frozenset[str]]:
    """Form, dimension, unit and counted noun."""
    nothing = frozenset[str]()
    scope = m.group() if (m := _WHICH.match(question)) else "" if _WHO.match(question) else question
    within = low if scope is question else scope.lower()
    dimension = next((d for pattern, d in _DIMENSIONS if pattern.found(scope, within)), "")
    either = _OR.search(question) if " or " in low else None
    if _OFTEN.found(question, low):
        return "often", "recurrence", None, nothing
    if m := _HOW_MANY.search(question) if any(tell in low for tell in _MANY_TELLS) else None:
        return _how_many((m[1] or m[2]).split())
    if _AUXILIARY.match(question):
        return ("choice", dimension, None, nothing) if either else ("polarity", "", None, nothing)
    if _HOW_MUCH.found(question, low):
        return "quantity", dimension, None, nothing
    if _VERSION.found(question, low):
        return "version", dimension, None, nothing
    if _WHEN.found(question, low) and (dimension != "time" or _DAY.search(question)):
        return "date", "date", None, nothing
    if dimension and _ASKS.found(question, low) and not _OPEN.found(question, low):
        return "quantity", dimension, None, nothing
    if _NAME.found(question, low):
        return ("choice" if either and _EITHER.match(question) else "name"), dimension, None, nothing
    if _GIVES.found(question, low):
        return "name", dimension, None, nothing
    return ("choice" if either and not _OPEN.found(question, low) else "open"), dimension, None, nothing


def _how_many(said: list[str]) -> tuple[str, str, Unit | None, frozenset[str]]:
    """ "How many X": a quantity when X is a unit ("How many milligrams"), else a count of X."""
    first = said[0].lower()
    unit = FOLDED.get(first) or (SYMBOLS.get(first) if len(first) > 2 else None)
    noun = frozenset(stem(w.lower()) for w in takewhile(lambda w: w.lower() not in STOPWORDS, said))
    if unit and (unit.dimension not in _COUNTED or first in ("bits", "bytes", "units")):
        return "quantity", unit.dimension, unit, noun
    return "count", "count", None, noun
