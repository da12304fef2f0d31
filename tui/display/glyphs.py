"""How sure it is that a terminal draws a glyph in the cells that Rich counts for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from rich.cells import get_character_cell_size, split_graphemes

_KNOWN = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x300), *range(0x2500, 0x2580))}
"""Narrow characters seen so far: the ones that nearly every screen has, and what `_narrow` found since."""

_FOREIGN = frozenset({"R", "AL", "AN"})
"""Bidirectional classes whose runs a terminal may show in another order (Unicode Standard Annex 9)."""


def all_narrow(glyphs: str | list[str]) -> bool:
    """Whether every glyph is one character of one cell that stays where it is written."""
    if _KNOWN.issuperset(glyphs):
        return True
    for glyph in glyphs:
        if glyph not in _KNOWN:
            if not _narrow(glyph):
                return False
            _KNOWN.add(glyph)
    return True


_PICTOGRAPHS = 0x1F000
"""From here on glyphs are pictures, of whose cells terminals think differently: half a flag takes one or two."""


@lru_cache(4096)
def _narrow(glyph: str) -> bool:
    return (
        len(glyph) == 1
        and ord(glyph) < _PICTOGRAPHS
        and unicodedata.category(glyph)[0] in "LNPSZ"
        and unicodedata.bidirectional(glyph) not in _FOREIGN
        and unicodedata.east_asian_width(glyph) not in ("W", "F")
        and get_character_cell_size(glyph) == 1
    )


@lru_cache(4096)
def steady(glyph: str) -> bool:
    """Whether terminals agree on the cells of a glyph, so that the next one can follow it without moving the cursor.

    So it is with narrow characters, letters written from right to left, and the letters and the punctuation of East
    Asia; not with emoji, sequences, private characters and what combines.
    """
    if _narrow(glyph):
        return True
    if len(glyph) != 1 or ord(glyph) > 0xFFFF or unicodedata.category(glyph)[0] not in "LNP":
        return False
    if unicodedata.east_asian_width(glyph) in ("W", "F"):
        return get_character_cell_size(glyph) == 2
    return unicodedata.bidirectional(glyph) in _FOREIGN and get_character_cell_size(glyph) == 1


def clusters(text: str) -> Iterator[tuple[str, int]]:
    """Each glyph of a text with the cells that Rich counts for it; control characters are left out."""
    for start, end, cells in split_graphemes(text)[0]:
        cluster = text[start:end]
        if not cluster.isprintable():
            cluster = "".join(each for each in cluster if unicodedata.category(each) != "Cc")
        if cluster:
            yield cluster, cells
