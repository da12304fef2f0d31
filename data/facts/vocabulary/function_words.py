"""Words that carry no fact of their own, and stems that no rule gives."""

from __future__ import annotations

from data.facts.vocabulary import lines


def _sections() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    section = ""
    for line in lines("words.txt"):
        if line.startswith("["):
            section = line.strip("[]")
            found[section] = []
        else:
            found[section] += line.split()
    return found


SECTIONS = _sections()
"""Name of a list to its words."""
STOPWORDS = frozenset(SECTIONS["stop"])
GENERIC = frozenset(SECTIONS["generic"])
"""Words that answers are built of; they tell nothing about what a value belongs to."""
NEGATIONS = frozenset(SECTIONS["negation"])
IRREGULAR: dict[str, str] = dict(pair.split("=") for pair in SECTIONS["irregular"])
"""Form to stem."""
