"""Questions that offer two answers ("Is it mutable or immutable?"), and which one an answer takes."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from data.facts.patterns import lazy
from data.facts.polarity import Stance, negated, stances
from data.facts.questions import Asked
from data.facts.reading import Reading, stem
from data.facts.vocabulary.function_words import SECTIONS, STOPWORDS
from data.facts.vocabulary.opposites import OPPOSITES

_OPTIONS = lazy(r"(?P<left>[^,?]*),?\s+or\s+(?P<right>[^,?]*)")
_DIGIT_OF = {word: str(n) for n, word in enumerate(SECTIONS["ones"])}
_ARTICLES = frozenset(["a", "an", "the", "in", "by", "on", "to", "at", "from", "with", "it", "is", "of"])


class Options(NamedTuple):
    """The two answers that a question offers, each as the words that tell it from the other."""

    left: frozenset[str]
    right: frozenset[str]
    words: frozenset[str]
    """The words of both options as they stand, in lower case."""
    stances: tuple[Stance, ...]
    """Predicates of the question outside the options ("larger"): which of two named things has them is asked."""


class Choice(NamedTuple):
    """The option that an answer takes, and its words."""

    option: int
    start: int
    end: int


@lru_cache(maxsize=128)
def options(question: str) -> Options | None:
    """The two options of a question, or None when it offers none or more than two."""
    m = _OPTIONS.search(question)
    if not m or question.count(" or ") != 1:
        return None
    right = [w for w in Reading(m["right"]).words if w.lower not in _ARTICLES or w.lower == "on"]
    left = [w for w in Reading(m["left"]).words if w.lower not in _ARTICLES or w.lower == "on"]
    if not right or not left:
        return None
    cut = next((i for i, w in enumerate(right) if i and w.lower in STOPWORDS), len(right))
    right = right[:cut]
    if (left[-1].lower, right[0].lower) in (("on", "off"), ("off", "on")):
        return Options(frozenset([left[-1].stem]), frozenset([right[0].stem]), frozenset(["on", "off"]), ())
    comma = m["left"].rstrip().endswith(",") or question[: m.start("left")].rstrip().endswith(",")
    if not comma:
        left = left[-min(len(right), 3) :]
        if left[-1].stem in OPPOSITES and right[0].stem in OPPOSITES:
            left, right = left[-1:], right[:1]
    a, b = {w.stem for w in left}, {w.stem for w in right}
    only_a, only_b = frozenset(a - b), frozenset(b - a)
    if not only_a or not only_b:
        return None
    rest = question[: m.start("left")] if comma else question
    asked = tuple(s for s in stances(Reading(rest)))
    words = frozenset(w.lower for w in (*left, *right))
    return Options(only_a, only_b, words, asked)


def choose(reading: Reading, asked: Asked) -> Choice | None:
    """The option that a text takes; None when it takes neither or cannot be told."""
    offered = options(asked.text)
    if not offered:
        return None
    found: list[tuple[int, int]] = []
    for i, w in enumerate(reading.words):
        said = _DIGIT_OF.get(w.lower, w.stem)
        for option, stems in enumerate((offered.left, offered.right)):
            if w.stem in stems or said in stems:
                found.append((option, i))
    if not found:
        return _by_opposite(reading, offered)
    sides = {option for option, _ in found}
    if len(sides) == 2:
        return _by_comparison(reading, offered, found)
    option, i = found[0]
    here = stances(reading)
    inside = [s for s in here if s.predicate in {q.predicate for q in offered.stances}]
    word = reading.words[i]
    if inside and not _own_predicate(offered) and len(inside) == 1:
        q = next(q for q in offered.stances if q.predicate == inside[0].predicate)
        if inside[0].sign * q.sign < 0:
            option = 1 - option
    elif negated(reading, i):
        option = 1 - option
    return Choice(option, word.start, word.end)


def _own_predicate(offered: Options) -> bool:
    """Whether the options are themselves the two opposites."""
    return any(stem(w) in OPPOSITES for w in offered.words)


def _by_opposite(reading: Reading, offered: Options) -> Choice | None:
    here = stances(reading)
    for word in sorted(offered.words):
        option = 0 if stem(word) in offered.left else 1
        for predicate, sign in OPPOSITES.get(stem(word), ()):
            for s in here:
                if s.predicate == predicate:
                    return Choice(option if s.sign == sign else 1 - option, s.start, s.end)
    return None


def _by_comparison(reading: Reading, offered: Options, found: list[tuple[int, int]]) -> Choice | None:
    """ "X is larger than Y": the first named has the predicate when its sign is that of the question."""
    option, i = found[0]
    word = reading.words[i]
    for s in stances(reading):
        for q in offered.stances:
            if s.predicate == q.predicate:
                return Choice(option if s.sign * q.sign > 0 else 1 - option, word.start, word.end)
    if negated(reading, i):
        other = next((o, k) for o, k in found if o != option)
        return Choice(other[0], reading.words[other[1]].start, reading.words[other[1]].end)
    return Choice(option, word.start, word.end)
