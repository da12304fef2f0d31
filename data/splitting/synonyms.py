"""Words that ask for the same: the first of their set stands for all."""

from __future__ import annotations

from functools import cache

from data.facts.reading import stem
from data.facts.vocabulary import lines


def same_word(word: str) -> str:
    """The stem that stands for a stem and its synonyms."""
    return _stems().get(word, word)


@cache
def _stems() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines("paraphrases.txt"):
        first, *others = (stem(word) for word in line.split())
        for other in others:
            found.setdefault(other, found.get(first, first))
    return found
