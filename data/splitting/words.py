"""The content words of questions and answers, and how like two texts are by them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from heapq import nsmallest
from itertools import combinations, pairwise
from typing import NamedTuple
from zlib import crc32

from data.facts.reading import stem

_WORD = re.compile(r"[^\W_]+(?:['.\-‑&+_][^\W_]+)*(?:\+\+|#|\+(?!\w))?|[%°€$£∀-⋿]")
_FILLER = frozenset(
    (
        *("a", "an", "the", "is", "are", "was", "were", "be", "been", "being", "do", "does", "did", "has", "have"),
        *("had", "of", "in", "on", "at", "for", "by", "with", "it", "its", "it's", "what's", "that", "there", "this"),
        *("these", "those", "what", "which", "please", "kindly", "can", "could", "would", "you", "your", "we", "me"),
        *("my", "i", "us", "our", "tell", "give", "provide", "explain", "describe", "define", "so", "just", "exactly"),
        *("also", "very", "really"),
    )
)
"""Words that change nothing about what is asked or said. Who, where and how do; so do from and to, not and without."""
_SKETCH = 4
"""Of the pairs of words in a text, those with the smallest hashes; two texts that share eight tenths share most."""
_LIKE = 0.8
"""The share of their pairs of words that like texts have in common."""


class Word(NamedTuple):
    """A content word."""

    stem: str
    telling: bool
    """Whether it is a name, a number or a sign, so that another in its place makes another text."""


def content_words(text: str) -> list[Word]:
    """The content words of a text in order."""
    found: list[Word] = []
    begins = True
    for match in _WORD.finditer(text.replace("’", "'")):
        surface = match[0]
        lower = surface.lower()
        telling = not surface.isalpha() or not (surface.islower() or (begins and surface[1:].islower()))
        begins = text[match.end() : match.end() + 1] in (".", "?", "!", ":", "\n")
        if lower not in _FILLER:
            found.append(Word(stem(lower), telling))
    return found


def sketch(words: list[Word]) -> Iterator[int]:
    """Numbers of which like texts share at least one, and others hardly any; none for a short text."""
    pairs = {crc32(f"{one.stem} {other.stem}".encode("utf-8", "surrogatepass")) for one, other in pairwise(words)}
    return (one << 32 | other for one, other in combinations(nsmallest(_SKETCH, pairs), 2))


def alike(one: list[Word], other: list[Word]) -> bool:
    """Whether two longer texts are the same but for some words, none of them a name or a number."""
    pairs, others = ({(a.stem, b.stem) for a, b in pairwise(words)} for words in (one, other))
    shared = len(pairs & others)
    if not shared or shared < _LIKE * (len(pairs) + len(others) - shared):
        return False
    telling, other_telling = ({word.stem for word in words if word.telling} for words in (one, other))
    stems, other_stems = ({word.stem for word in words} for words in (one, other))
    return telling <= other_stems and other_telling <= stems
