"""The normal form of a name, which is equal for the ways of writing it."""

from __future__ import annotations

from functools import lru_cache

from data.facts.vocabulary.aliases import canonical

_SEPARATORS = str.maketrans(dict.fromkeys("-‑/.,:;?!\"'’()&", " "))
_DROPPED = frozenset(["the", "of", "and", "de", "la"])


@lru_cache(maxsize=4096)
def name_key(surface: str) -> tuple[str, ...]:
    """Normal form of a name: canonical alias, or its significant words in lower case with joined part numbers.

    "Cortex A76" and "Cortex-A76" are one; so are "Zero 2 W" and "Zero 2W".
    """
    whole = canonical(surface.lower())
    joined: list[str] = []
    for word in (surface if whole == surface.lower() else whole).translate(_SEPARATORS).split():
        w = (word[:-1] if word[-1] == "s" and word[:-1].isupper() and len(word) > 2 else word).lower()
        if w in _DROPPED:
            continue
        if joined and (
            (w[0].isdigit() and joined[-1].isalpha()) or (joined[-1][-1].isdigit() and len(w) == 1 and word.isupper())
        ):
            joined[-1] += w
        else:
            joined.append(w)
    return tuple(joined) or (surface.lower(),)
