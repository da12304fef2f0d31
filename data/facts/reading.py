"""One text, split once: words with stems and clauses, and a mask of the characters that an extractor has already claimed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from data.facts.patterns import lazy
from data.facts.vocabulary.function_words import IRREGULAR, STOPWORDS

_WORD = lazy(r"[^\W_]+(?:['’.\-‑&+_][^\W_]+)*(?:\+\+|#)?")
_BREAK = lazy(
    r"[.;:!?\n](?=\s|$)|\s[–—-]\s|—|[()]|\b(?:but|whereas|while|although|though|however|because|which)\b", re.IGNORECASE
)


class Word(NamedTuple):
    """A word of a text."""

    start: int
    end: int
    text: str
    lower: str
    stem: str
    clause: int
    """Number of the clause that it stands in, from 0."""


class Reading:
    """A text with its words and the mask of claimed characters."""

    __slots__ = ("clauses", "taken", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.taken = bytearray(len(text))
        breaks = [m.start() for m in _BREAK.finditer(text)]
        words: list[Word] = []
        clause, following, count = 0, 0, len(breaks)
        for m in _WORD.finditer(text):
            start = m.start()
            while following < count and breaks[following] < start:
                following += 1
                clause += 1
            surface = m.group()
            lower = surface.lower()
            words.append(Word(start, m.end(), surface, lower, stem(lower), clause))
        self.words = words
        self.clauses = clause + 1

    def free(self, start: int, end: int) -> bool:
        """Whether no extractor has claimed any of these characters."""
        return not any(self.taken[start:end])

    def claim(self, start: int, end: int) -> None:
        """Keep later extractors away from these characters."""
        self.taken[start:end] = b"\x01" * (end - start)

    def word_index(self, position: int) -> int:
        """Index of the first word that ends behind a character position."""
        low, high = 0, len(self.words)
        while low < high:
            middle = (low + high) // 2
            if self.words[middle].end <= position:
                low = middle + 1
            else:
                high = middle
        return low

    def around(self, start: int, end: int, before: int = 7, after: int = 6) -> frozenset[str]:
        """Stems of the content words near a span, in its clause."""
        words = self.words
        first = self.word_index(start)
        if first >= len(words):
            return frozenset(w.stem for w in words[-before:] if w.lower not in STOPWORDS)
        clause = words[first].clause
        found = set()
        for w in words[max(0, first - before) : first]:
            if w.clause == clause and w.lower not in STOPWORDS:
                found.add(w.stem)
        i, seen = first, 0
        while i < len(words) and seen < after:
            w = words[i]
            if w.clause != clause:
                break
            if w.start >= end:
                seen += 1
                if w.lower not in STOPWORDS:
                    found.add(w.stem)
            i += 1
        return frozenset(found)

    def words_before(self, start: int, count: int) -> list[Word]:
        """Up to `count` words in front of a character position, nearest last."""
        i = self.word_index(start)
        while i < len(self.words) and i > 0 and self.words[i].start >= start and self.words[i - 1].end > start:
            i -= 1
        return self.words[max(0, i - count) : i]

    def words_after(self, end: int, count: int) -> list[Word]:
        """Up to `count` words that start at or behind a character position, nearest first."""
        i = self.word_index(end)
        while i < len(self.words) and self.words[i].start < end:
            i += 1
        return self.words[i : i + count]


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """A crude stem of a lower-case English word: equal for the forms of one word, meaningless otherwise."""
    word = word.replace("’", "'").removesuffix("'s").removesuffix("'")
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) <= 3 or not word.isalpha():
        return word.removesuffix("s") if len(word) > 3 and not word[-2].isdigit() and word[-2] != "s" else word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "xes", "ches", "shes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for suffix in ("ing", "ed"):
        rest = word[: -len(suffix)]
        if word.endswith(suffix) and len(rest) >= 3 and any(c in "aeiouy" for c in rest):
            word = rest
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word.removesuffix("e") if len(word) > 3 else word
