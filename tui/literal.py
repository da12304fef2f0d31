"""Foreign text (datasets, models, logs) made safe to draw: literal characters only."""

from __future__ import annotations

import unicodedata

_ALLOWED = {"\n", "\t"}


def literal(text: str, *, one_line: bool = False) -> str:
    """Text without terminal control codes: each control or bidirectional-override character becomes a visible sign.

    With `one_line`, line breaks become ⏎ and tabs become spaces; the length never changes. Rich/Textual markup is not
    touched: draw the result with `markup=False` or as a `Content`/`Text` object.
    """
    if text.isascii() and text.isprintable():
        return text
    characters: list[str] = []
    for character in text:
        if character == "\n" and one_line:
            characters.append("⏎")
        elif character == "\t" and one_line:
            characters.append(" ")
        elif character in _ALLOWED or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            characters.append(character)
        elif character in ("\u200c", "\u200d"):
            characters.append(character)  # joiners are part of Indic scripts and of emoji
        elif ord(character) < 0x20:
            characters.append(chr(0x2400 + ord(character)))
        else:
            characters.append("\N{REPLACEMENT CHARACTER}")
    return "".join(characters)
