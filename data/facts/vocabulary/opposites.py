"""Words that are each other's opposite, as one predicate with a sign: "prohibited" is "allow" with a minus.

A negation flips the sign, so that "not allowed" and "prohibited" say the same and "not prohibited" the opposite.
"""

from __future__ import annotations

from data.facts.reading import stem
from data.facts.vocabulary import lines

OPPOSITES: dict[str, list[tuple[str, int]]] = {}
"""Stem to its predicates, each with its sign (+1 or -1)."""


def _add(word: str, predicate: str, sign: int) -> None:
    entry = OPPOSITES.setdefault(stem(word), [])
    if (predicate, sign) not in entry and (predicate, -sign) not in entry:
        entry.append((predicate, sign))


for _line in lines("opposites.txt"):
    _plus, _minus = (_half.split() for _half in _line.split(" | "))
    for _word in _plus:
        _add(_word, _plus[0], 1)
    for _word in _minus:
        _add(_word, _plus[0], -1)
