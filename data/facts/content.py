"""What the plain words of two answers say, where no typed fact decides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from data.facts.extract import Analysis
from data.facts.questions import Asked
from data.facts.reading import Word, parts, stem
from data.facts.sameness import spelled
from data.facts.vocabulary import lines
from data.facts.vocabulary.aliases import ALIASES, things
from data.facts.vocabulary.function_words import GENERIC, NEGATIONS, STOPWORDS
from data.facts.vocabulary.opposites import OPPOSITES

_PARAPHRASES: dict[str, str] = {}
for _line in lines("paraphrases.txt"):
    _set = [stem(w) for w in _line.split()]
    for _word in _set:
        _PARAPHRASES.setdefault(_word, _set[0])

_SHORT = 16
"""An answer of at most so many words is taken to consist of its answer and little else."""
_OBJECT_LEADS = frozenset(
    [
        "a",
        "an",
        "the",
        "in",
        "by",
        "of",
        "to",
        "on",
        "with",
        "from",
        "is",
        "are",
        "was",
        "were",
        "as",
        "at",
        "its",
        "for",
        "called",
        "and",
        "only",
    ]
)


class Substitution(NamedTuple):
    """Words of one text that stand where other words stand in the other."""

    left: str
    right: str


def meaning(word: Word) -> str:
    """The stem of a word, the same for the words that say the same."""
    return _PARAPHRASES.get(word.stem) or ALIASES.get(word.lower) or word.stem


def content(side: Analysis) -> list[Word]:
    """The words of a text that carry meaning, in order."""
    return [w for w in side.reading.words if w.lower not in STOPWORDS and w.lower not in GENERIC]


def residue(side: Analysis, asked: Asked) -> dict[str, Word]:
    """The meanings that an answer adds to its question, each with its first word."""
    for words in (content(side), side.reading.words):
        found: dict[str, Word] = {}
        for w in words:
            if w.stem not in asked.stems and w.lower not in asked.words and w.lower not in STOPWORDS:
                found.setdefault(meaning(w), w)
        if found:
            return found
    return {}


def short(*sides: Analysis) -> bool:
    """Whether all texts are short answers."""
    return all(len(s.reading.words) <= _SHORT for s in sides)


def _stems(words: Iterable[Word]) -> set[str]:
    """Stems of words, and of the parts of hyphenated ones."""
    return {each for w in words for each in (w.stem, *parts(w))}


def overlap(a: Analysis, b: Analysis, asked: Asked) -> float:
    """Share of the smaller residue that the other text says too; 1 when one adds nothing to the question."""
    left, right = residue(a, asked), residue(b, asked)
    if not left or not right:
        return 1.0
    if {w.stem for w in right.values()} <= (said := _stems(a.reading.words)):
        return 1.0
    if all(parts(w) and said.issuperset(parts(w)) for w in right.values()):
        return 1.0
    starts = {n[:5] for n in right if len(n) >= 5 and n.isalpha()}
    shared = sum(1 for m in left if m in right or (len(m) >= 5 and m.isalpha() and m[:5] in starts))
    return shared / min(len(left), len(right))


def alike(m: str, n: str) -> bool:
    """Whether two meanings are forms of one word."""
    return m == n or (len(m) >= 5 and len(n) >= 5 and m[:5] == n[:5] and m.isalpha() and n.isalpha())


def disjoint(a: Analysis, b: Analysis, asked: Asked) -> Substitution | None:
    """The answers' own words when two short answers to one question share none of them."""
    left, right = residue(a, asked), residue(b, asked)
    if not left or not right or not short(a, b):
        return None
    if _stems(left.values()) & _stems(b.reading.words) or _stems(right.values()) & _stems(a.reading.words):
        return None
    if any(_negates(m, n) or _negates(n, m) for m in left for n in right):
        return None
    if any(alike(m, n) for m in left for n in right):
        return None
    if same_things(a, b, asked):
        return None
    return Substitution(_phrase(a, left), _phrase(b, right))


def same_things(a: Analysis, b: Analysis, asked: Asked) -> bool:
    """Whether two texts name one thing under two names: a known alias, or initials and the words they stand for."""
    if (a.things & b.things) - things(sorted(asked.words)):
        return True
    return _spells(a, b, asked) or _spells(b, a, asked)


def _spells(few: Analysis, many: Analysis, asked: Asked) -> bool:
    return any(spelled(w.text, many) for w in few.reading.words if w.lower not in asked.words)


def _negates(m: str, n: str) -> bool:
    """Whether one word is the other with a negative prefix: "no limit" and "unlimited" may say the same."""
    return len(n) > 3 and any(m.startswith(prefix + n[:5]) for prefix in ("un", "non", "non-", "in", "im", "ir"))


def _phrase(side: Analysis, words: dict[str, Word]) -> str:
    run = list(words.values())
    first = last = run[0]
    for w in run[1:]:
        if side.text[last.end : w.start] != " ":
            break
        last = w
    return side.text[first.start : last.end]


def substitution(a: Analysis, b: Analysis) -> Substitution | None:
    """The one or two words in which two otherwise equal texts differ; None when they differ more or only in wording."""
    left, right = _sequence(a), _sequence(b)
    start = 0
    while start < min(len(left), len(right)) and left[start][0] == right[start][0]:
        start += 1
    end = 0
    while end < min(len(left), len(right)) - start and left[-1 - end][0] == right[-1 - end][0]:
        end += 1
    x, y = left[start : len(left) - end], right[start : len(right) - end]
    least = 1 if len(left) <= 4 and len(right) <= 4 else 2
    if not (1 <= len(x) <= 2 and 1 <= len(y) <= 2) or start + end < least:
        return None
    if {m for m, _ in x} & {m for m, _ in y} or not (_names_a_thing(a, x[0][1]) and _names_a_thing(b, y[0][1])):
        return None
    if any(alike(m, n) for m, _ in x for n, _ in y):
        return None
    return Substitution(a.text[x[0][1].start : x[-1][1].end], b.text[y[0][1].start : y[-1][1].end])


def _sequence(side: Analysis) -> list[tuple[str, Word]]:
    return [(meaning(w), w) for w in side.reading.words if w.lower not in STOPWORDS or w.lower in NEGATIONS]


def _names_a_thing(side: Analysis, word: Word) -> bool:
    """Whether a word stands where the name of a thing would: behind an article or preposition, or at the end."""
    if word.lower in GENERIC or word.lower in NEGATIONS or word.stem in OPPOSITES or word.lower.endswith(("ing", "ly")):
        return False
    words = side.reading.words
    i = side.reading.word_index(word.start)
    last = i == len(words) - 1
    if word.lower.endswith("ed"):
        return last and i > 0 and words[i - 1].lower in ("is", "are", "was", "were", "been")
    return i > 0 and (last or words[i - 1].lower in _OBJECT_LEADS)
