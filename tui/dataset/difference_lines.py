"""How the rows in hand and the file on disk differ, as lines."""

from __future__ import annotations

from collections.abc import Sequence

from data.rows.difference import RowDifference
from tui.compare.word_diff import Span, differing_words
from tui.literal import literal
from tui.widgets.lines import Line, Part

_LONGEST = 2000
"""Characters of a row that are shown."""


def difference_lines(differences: Sequence[RowDifference]) -> list[Line]:
    """For each place the row in hand and the row on disk, words that differ standing out."""
    lines: list[Line] = []
    for each in differences:
        mine, disk = (literal((text or "")[:_LONGEST], one_line=True) for text in (each.text, each.disk_text))
        only_mine, only_disk = differing_words(mine, disk) if mine and disk else ((), ())
        if each.number is not None:
            lines.append((("+ yours ", "agrees"), (f"{each.number:>7,}  ", "dim"), *_marked(mine, only_mine, "agrees")))
        if each.disk_number is not None:
            number = (f"{each.disk_number:>7,}  ", "dim")
            lines.append((("- disk  ", "disagrees"), number, *_marked(disk, only_disk, "disagrees")))
        lines.append(())
    return lines


def _marked(text: str, spans: Sequence[Span], style: str) -> list[Part]:
    """The text with spans in a style; all of it where there are none."""
    parts: list[Part] = []
    end = 0
    for start, stop in spans:
        parts += [(text[end:start], ""), (text[start:stop], style)]
        end = stop
    return [*parts, (text[end:], "")]
