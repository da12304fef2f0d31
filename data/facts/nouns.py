"""The noun phrase behind a number."""

from __future__ import annotations

from data.facts.reading import Reading, Word
from data.facts.vocabulary.function_words import SECTIONS

_END = frozenset(SECTIONS["phrase end"])
_LONGEST = 6


def noun_after(reading: Reading, end: int) -> tuple[str, ...]:
    """Stems of the noun phrase that starts here ("26 multi-function GPIO pins": multi-function, gpio, pin)."""
    return tuple(w.stem for w in noun_words(reading, end))


def noun_words(reading: Reading, end: int) -> list[Word]:
    """The words of the noun phrase that starts here."""
    found: list[Word] = []
    text, last = reading.text, end
    for w in reading.words_after(end, _LONGEST):
        between = text[last : w.start]
        if w.lower == "of" and not found:
            last = w.end
            continue
        if w.lower in _END or (between != " " and between.strip() not in ("", "-", "×", "x", "*")) or "\n" in between:
            break
        if w.text.isdigit():
            break
        if not (w.text[0].isdigit() and "." in w.text):
            found.append(w)
        last = w.end
    return found
