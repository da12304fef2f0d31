"""The word lists of the checks."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def word_lists() -> dict[str, frozenset[str]]:
    """Name of a list to its words."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
            found[name] = []
        elif line and not line.startswith("#"):
            found[name] += line.split()
    return {name: frozenset(words) for name, words in found.items()}
