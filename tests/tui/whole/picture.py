"""A screen as a text that can be reviewed: its lines, then below them what each part looks like.

Looks are letters, explained at the end by colours of the theme's own palette where it has them. A run of cells of one
look is written as the letter and its length; lines of one plain look are left out.
"""

from __future__ import annotations

from itertools import groupby

from rich.segment import Segment
from rich.style import Style
from textual.app import App

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ATTRIBUTES = ("bold", "dim", "italic", "underline", "strike", "reverse")


def picture(app: App[int]) -> str:
    """The screen that is shown now."""
    strips = app.screen._compositor.render_strips(app.size)
    looks: dict[str, str] = {}
    lines: list[str] = []
    below: list[str] = []
    for number, strip in enumerate(strips, 1):
        text = "".join(segment.text for segment in strip)
        lines.append(f"|{text.rstrip()}")
        written = (segment for segment in strip if segment.text)
        runs = [(look, sum(map(_cells, parts))) for look, parts in groupby(written, key=_look)]
        if len(runs) > 1 or (runs and runs[0][0] != _plain(app)):
            below.append(f"{number:3d} " + " ".join(f"{_letter(looks, look)}{cells}" for look, cells in runs))
    legend = [f"{letter}: {look or 'plain'}" for look, letter in looks.items()]
    return "\n\n~\n".join("\n".join(part) for part in (lines, below, [*legend, ""]))


def _cells(segment: Segment) -> int:
    return segment.cell_length


def _letter(looks: dict[str, str], look: str) -> str:
    return looks.setdefault(look, _LETTERS[len(looks)])


def _look(segment: Segment) -> str:
    return _words(segment.style)


def _plain(app: App[int]) -> str:
    variables = app.theme_variables
    return f"{variables['foreground'].lower()} on {variables['background'].lower()}"


def _words(style: Style | None) -> str:
    """Attributes and colours of a style."""
    if style is None:
        return ""
    words = [name for name in _ATTRIBUTES if getattr(style, name)]
    if style.color is not None:
        words.append(style.color.get_truecolor().hex if style.color.triplet else style.color.name)
    if style.bgcolor is not None:
        words.append(f"on {style.bgcolor.get_truecolor().hex if style.bgcolor.triplet else style.bgcolor.name}")
    return " ".join(words)
