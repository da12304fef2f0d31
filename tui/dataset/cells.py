"""Text measured in terminal cells: cut to a width, wrapped to a width."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size

from tui.literal import literal

GLUE = re.compile("[\u200d\ufe0f\U0001f3fb-\U0001f3ff]")
"""What joins or varies characters, mostly emoji: terminals do not agree on the width of the result (tmux 3.3 draws a
thumb with a skin colour in 4 cells, Rich counts 2), and one wrong width shifts everything to its right."""

_WORD = re.compile(r"\S+\s*|\s+")


def cut(text: str, width: int) -> str:
    """The text on one line of exactly `width` cells, with an ellipsis where something is left out."""
    if width <= 0:
        return ""
    if len(text) <= width and text.isascii() and text.isprintable():
        return text.ljust(width)
    start = text[: width * 4 + 16]  # enough: nearly every character takes a cell, and drawing must not depend on length
    line = GLUE.sub("", literal(start, one_line=True))
    if cell_len(line) > width or len(start) < len(text):
        return set_cell_size(set_cell_size(line, width - 1).rstrip() + "…", width)
    return set_cell_size(line, width)


def wrap(text: str, width: int) -> Iterator[str]:
    """The text as lines of at most `width` cells, broken at spaces where there are any; lazily, line by line.

    Spaces at a break are left out. A width below 2 counts as 2, which a wide character needs.
    """
    width = max(width, 2)
    for paragraph in text.split("\n"):
        line = ""
        for token in _WORD.findall(literal(paragraph.expandtabs(4))):
            if line and cell_len(line) + cell_len(token.rstrip()) > width:
                yield line.rstrip()
                line = ""
            rest = token
            while cell_len(rest.rstrip()) > width:
                head = _head(rest, width)
                yield head
                rest = rest[len(head) :]
            line += rest
        yield line.rstrip()


def _head(word: str, width: int) -> str:
    """The longest start of the word that fits into the width, at least one character."""
    padded = set_cell_size(word, width)
    return padded if word.startswith(padded) else padded[:-1] or word[0]
