"""A screen without any colour (https://no-color.org): what colour stands out with, attributes do."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.theme import Theme


class Colourless(LineFilter):
    """Takes all colours away. Backgrounds that stand out become reverse, the accent bold, dim text dim.

    What other colours tell, words and signs tell beside them.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.wear(theme)

    def wear(self, theme: Theme) -> None:
        """Judge colours by a theme from now on."""
        plain = {_key(theme.background), _key(theme.surface), _key(theme.panel), None}
        bold, dim = _key(theme.accent), {_key(theme.variables.get(each)) for each in ("dim", "line")}

        @lru_cache(4096)
        def bare(style: Style) -> Style:
            front, raised = _shown(style.color), _shown(style.bgcolor) not in plain
            told = Style(
                reverse=True if raised else None,
                bold=True if not raised and front and front == bold else None,
                dim=True if not raised and front and front in dim else None,
            )
            return style.without_color + told + Style.from_meta(style.meta)

        self._bare = bare

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The same text with attributes only."""
        bare = self._bare
        return [Segment(text, style and bare(style), control) for text, style, control in segments]


def _key(value: str | None) -> tuple[object, ...] | None:
    return _shown(Color.parse(value).rich_color) if value else None


def _shown(colour: RichColor | None) -> tuple[object, ...] | None:
    """What a colour is, whatever it is called; None for the terminal's own."""
    return None if colour is None or colour.is_default else (colour.number, colour.triplet)
