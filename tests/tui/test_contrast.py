"""What is really painted can be read: every word, in every theme, as a terminal of 256 colours shows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.color import Color, ColorSystem

from engine.demo.files import copy_demo
from tests.themes.test_loader import IN_COLOUR, contrast
from tests.tui.test_app import opened, until
from tui.app import BurnishApp

PLACES = (
    *((), ("slash", "R", "P", "enter"), ("escape",), ("e", "x"), ("escape", "escape"), ("d",), ("space", "j"), ("S",)),
    *(("escape",), ("C",), ("escape",), ("E",), ("escape",), ("R",), ("escape",), ("o",), ("escape",), ("p",)),
    *(("escape", "2"), ("n",), ("down", "enter"), ("escape", "escape", "3"), ("i", "x"), ("escape",), ("s",)),
    *(("escape", "question_mark"), ("escape", "ctrl+p"), ("escape", "q")),
)
"""Keys from place to place: panels, editors, forms, lines to type in, help, palette, a warning."""


def painted(app: BurnishApp) -> dict[tuple[Color, Color], str]:
    """Every pair of colours that words are painted in, with some of the words; without what a dialog dims behind it."""
    found: dict[tuple[Color, Color], str] = {}
    strips = app.screen._compositor.render_strips(app.size)
    for x, y, width, height in (each.region for each in app.screen.children if each.display):
        for text, style, _ in (part for strip in strips[y : y + height] for part in strip.crop(x, x + width)):
            if style is not None and any(each.isalnum() for each in text) and style.color and style.bgcolor:
                pair = (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)
                found.setdefault(pair, text.strip())
    return found


def as_seen(colour: Color) -> tuple[int, int, int]:
    """The colour of 256 that a terminal shows instead."""
    red, green, blue = colour.downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
    return red, green, blue


@pytest.mark.parametrize("theme", [theme.name for theme in IN_COLOUR])
async def test_what_is_painted_can_be_read(theme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BURNISH_THEME", theme)
    copy_demo(tmp_path)
    app = BurnishApp(tmp_path)
    too_faint: dict[str, float] = {}
    pairs: set[tuple[Color, Color]] = set()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: app.query("Guide"), "the last lines")
        for keys in PLACES:
            await pilot.press(*keys)
            await pilot.pause()
            for (front, back), words in painted(app).items():
                pairs.add((front, back))
                if (ratio := contrast(as_seen(front), as_seen(back))) < 4.5:
                    too_faint[f"{words[:40]!r} {front.name} on {back.name} after {keys}"] = round(ratio, 2)
    assert len(pairs) > 8
    assert too_faint == {}
