"""How like two texts are, whatever their small words: their content words as numbers."""

from __future__ import annotations

import re
from collections import Counter
from heapq import nsmallest
from itertools import combinations, pairwise
from typing import NamedTuple
from zlib import crc32

from data.facts.patterns import lazy
from data.facts.reading import stem
from data.quality.groups import hashed
from data.quality.word_lists import word_lists

_WORD = lazy(
    r"[^\W_]+(?:['’.\-‑&+_][^\W_]+)*(?:\+\+|#|\+(?!\w))?|(?<!\S)[-+*/=<>^%](?!\S)|[∀-⋿]|\d*[%°€$£]",
)
_POLITE = lazy(
    r"\W*(?:(?:please|kindly),? )?(?:(?:can|could|would|will) you (?:please |kindly )?)?"
    r"(?P<ask>(?:tell|give|show) (?:me |us )?|explain (?:to me )?|describe |define |provide )?",
    re.IGNORECASE,
)
_FIRST = lazy(r"[\w']+")
_SKETCH = 4
"""Of the pairs of words in a text, those with the smallest hashes; two texts that share eight tenths share most."""
_SAME_BINS = 11
"""Of the sixteen: at eight tenths alike 13 are the same on average, by chance 1."""
LIKE = 0.8
"""The share of their pairs of words that like texts have in common."""


class Words(NamedTuple):
    """The content words of a text."""

    stems: list[str]
    """In order."""
    telling: frozenset[str]
    """Those that are a name, a number or a sign, so that another in its place makes another text."""


def content_words(text: str, most: int | None = None) -> Words:
    """The content words of a text, the first `most` of them."""
    filler = word_lists()["filler"]
    stems: list[str] = []
    telling: set[str] = set()
    begins = True
    for match in _WORD.finditer(text.replace("’", "'")):
        surface = match[0]
        lower = surface.lower()
        if lower not in filler:
            stems.append(stem(lower))
            if not surface.isalpha() or not (surface.islower() or (begins and surface[1:].islower())):
                telling.add(stems[-1])
        begins = text[match.end() : match.end() + 1] in (".", "?", "!", ":", "\n")
        if len(stems) == most:
            break
    return Words(stems, frozenset(telling))


def content_stems(text: str) -> list[str]:
    """The stems of the content words of a text in order: what `content_words` has, in half the time."""
    filler = word_lists()["filler"]
    return [stem(word) for word in _WORD.findall(text.lower().replace("’", "'")) if word not in filler]


def asked_stems(question: str) -> list[str]:
    """What kind of question it is, and the stems of its content words without the polite ones."""
    kind, rest = _opening(question)
    return [kind, *content_stems(rest)]


def asked_words(question: str) -> Words:
    """The same with the telling ones among them."""
    kind, rest = _opening(question)
    stems, telling = content_words(rest)
    return Words([kind, *stems], telling)


def _opening(question: str) -> tuple[str, str]:
    polite = _POLITE.match(question)
    rest = question[polite.end() :] if polite else question
    first = found[0].lower() if (found := _FIRST.search(rest)) else ""
    if first in ("what", "which", "what's") or (polite and polite["ask"]):
        return "?what", rest
    return ("?is" if first in word_lists()["auxiliary"] else "?"), rest


def tells_enough(stems: list[str]) -> bool:
    """Whether two words or more say what a question is about: "How do you do?" has the words of "How are you?"."""
    return sum(stem not in word_lists()["pointing"] for stem in stems[1:]) > 1


def meaning(stems: list[str]) -> int:
    """64 bits that are the same for texts with the same content words, in any order."""
    return hashed(" ".join(sorted(stems)))


class Sketch(NamedTuple):
    """What tells quickly whether two longer texts may be alike."""

    keys: list[int]
    """Numbers of which like texts share at least one, and others few; none for a short text."""
    bins: int
    """Sixteen times four bits, most of which are the same in like texts."""


def sketch(stems: list[str]) -> Sketch:
    """The sketch of a text's content words."""
    pairs = {crc32(f"{one} {other}".encode("utf-8", "surrogatepass")) for one, other in pairwise(stems)}
    least: dict[int, int] = {}
    for pair in pairs:
        place = pair & 15
        if pair < least.get(place, 1 << 32):
            least[place] = pair
    bins = sum((pair >> 4 & 15) << 4 * place for place, pair in least.items())
    return Sketch([one << 32 | other for one, other in combinations(nsmallest(_SKETCH, pairs), 2)], bins)


def may_be_alike(bins: int, other_bins: int) -> bool:
    """Whether the bins of two texts leave it open that they are alike; one like pair in twenty is lost by it."""
    differing = bins ^ other_bins
    differing |= differing >> 1
    differing |= differing >> 2
    return 16 - (differing & 0x1111_1111_1111_1111).bit_count() >= _SAME_BINS


def same_meaning(one: Words, other: Words) -> bool:
    """Whether the content words are the same, and their order too where it counts."""
    if Counter(one.stems) != Counter(other.stems):
        return False
    if not word_lists()["direction"].isdisjoint(one.stems):
        return one.stems == other.stems
    telling = one.telling | other.telling
    first, second = ([stem for stem in words.stems if stem in telling] for words in (one, other))
    return first == second


def alike(one: Words, other: Words) -> bool:
    """Whether two longer texts are the same but for some words, none of them a name or a number."""
    pairs, others = ({f"{a} {b}" for a, b in pairwise(words.stems)} for words in (one, other))
    shared = len(pairs & others)
    if not shared or shared < LIKE * (len(pairs) + len(others) - shared):
        return False
    return one.telling.issubset(other.stems) and other.telling.issubset(one.stems)
