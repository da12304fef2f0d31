"""The noun phrase behind a number."""

from __future__ import annotations

from data.facts.reading import Reading
from data.facts.vocabulary.function_words import SECTIONS

_END = frozenset(SECTIONS["phrase end"])
_LONGEST = 6


def noun_after(reading: Reading, end: int) -> tuple[str, ...]:
    """Stems of the noun phrase that starts here ("26 multi-function GPIO pins": multi-function, gpio, pin)."""
    found: list[str] = []
    text, last = reading.text, end
    for w in reading.words_after(end, _LONGEST):
        between = text[last : w.start]
        if w.lower == "of" and not found:
            last = w.end
            continue
        if (
            w.lower in _END
            or any(c in between for c in ".,;:()\n!?–—")
            or between.strip() not in ("", "-", "×", "x", "*")
        ):
            break
        if not (w.text[0].isdigit() and "." in w.text):
            found.append(w.stem)
        last = w.end
    return tuple(found)
