"""Yes or no that an answer says with a comparison or another amount ("Is A larger than B?", "B is larger")."""

from __future__ import annotations

from collections.abc import Sequence

from data.facts.model import Fact, Kind
from data.facts.patterns import lazy
from data.facts.polarity import Polarity, negated
from data.facts.questions import Asked
from data.facts.reading import Reading, Word
from data.facts.sameness import same
from data.facts.slots import bare, shape
from data.facts.vocabulary.function_words import NEGATIONS, STOPWORDS

_MORE = frozenset(["more", "better", "greater", "higher", "exceeds", "surpasses", "outperforms"])
_LESS = frozenset(["less", "fewer", "worse", "lower"])
_CAN = lazy(r"\b(?:can|could|able|support\w*|accept\w*|handle\w*|tolera\w+|withstand\w*|fit\w*|enough|allow\w*)\b")
_LONGEST = 24
"""The most words of an answer out of which a comparison is read: a longer one makes several."""
_LIMITS = {"min": ("min", "over"), "over": ("over",), "max": ("max", "under"), "under": ("under",)}


def by_comparison(reading: Reading, asked: Asked) -> Polarity | None:
    """What an answer that compares the two things of a question ("Is A more … than B?") says to it."""
    said, than, other = asked.text.partition(" than ")
    if not than or len(reading.words) > _LONGEST or "than" in other.lower().split():
        return None
    question = Reading(said)
    subject, rival = (_own(half.words) for half in (question, Reading(other)))
    last = question.words[-1].lower if question.words else ""
    subject, rival = subject - rival - {last}, rival - subject
    direction = _direction(question.lower)
    found = next(
        (i for i, w in enumerate(reading.lower) if w in _MORE or w in _LESS or (w == last and w[-2:] == "er")), None
    )
    if not direction or not rival or found is None:
        return None
    word = reading.words[found]
    about = next((w.stem for w in reading.words[:found] if w.stem in subject or w.stem in rival), "")
    sign = direction * (-1 if word.lower in _LESS else 1) * (-1 if about in rival else 1)
    return Polarity(-sign if negated(reading, found) else sign, word.start, word.end)


def _own(words: Sequence[Word]) -> set[str]:
    return {w.stem for w in words if w.lower not in STOPWORDS}


def _direction(words: Sequence[str]) -> int:
    """1 for "more …" and "larger", -1 for "less …", 0 for no comparison in front of "than"."""
    near = words[-3:]
    if any(w in _LESS for w in near):
        return -1
    return 1 if any(w in _MORE for w in near) or (near and near[-1].endswith("er")) else 0


def by_amount(facts: Sequence[Fact], reading: Reading, asked: Asked, stated: Sequence[Fact]) -> Polarity | None:
    """What an answer with another amount than the question's ("Is it 5 V tolerant?", "At most 3.3 V") says to it.

    stated: the amounts and dates of the question, of which there must be one.
    """
    if len(stated) != 1 or not NEGATIONS.isdisjoint(reading.vocabulary):
        return None
    q = stated[0]
    said = [f for f in facts if f.dimension == q.dimension and f.kind is q.kind and not f.aside and not bare(f)]
    if len(said) != 1 or bare(q):
        return None
    f = said[0]
    if q.kind is Kind.DATE:
        sign = 1 if same(f, q) else -1
    elif len(f.base) != 1 or len(q.base) != 1 or (q.kind is Kind.COUNT and not shape(f).fits[shape(q)]):
        return None
    else:
        sign = _within(f, q, can=bool(_CAN.search(asked.text.lower())))
    return Polarity(sign, f.start, f.end) if sign else None


def _within(f: Fact, q: Fact, *, can: bool) -> int:
    """1 when an amount says yes to the amount asked for, -1 when it says no, 0 when it says neither."""
    x, y = f.base[0], q.base[0]
    if q.bound in _LIMITS:
        above = x > y or (x == y and q.bound == "min")
        below = x < y or (x == y and q.bound == "max")
        return 1 if (above if q.bound in ("min", "over") else below) else -1
    if same(f, q):
        return 0 if f.bound in ("over", "under") else 1
    if x > y and (can or f.bound == "max"):
        return 1
    return -1 if x < y or f.bound != "min" else 0
