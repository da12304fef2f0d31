"""What colours tell, signs and words tell beside them: no two states look alike without colour, nor in ASCII."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from engine.jobs.events import RunState
from themes.loader import ANSI, load_themes
from tui.compare.marks import LOOKS
from tui.display.characters import ascii_for
from tui.display.colourless import Colourless
from tui.training.picture import SIGNS
from tui.widgets import run_words
from tui.widgets.flash import LOOKS as FLASHES
from tui.widgets.server_look import server_look

SERVERS = [server_look(state) for state in (None, "starting", "ready", "failed")]


@pytest.mark.parametrize(
    "signs",
    [
        [look.sign for look in LOOKS],
        [look.sign for look in SERVERS],
        [sign for sign, _ in FLASHES.values()],
        [*SIGNS],
    ],
    ids=["facts", "servers", "messages", "curves"],
)
def test_every_state_has_a_sign_of_its_own(signs: list[str]) -> None:
    assert len(set(signs)) == len(signs)
    assert len({each if each.isascii() else ascii_for(each) for each in signs}) == len(signs)


def test_every_state_has_a_word_of_its_own() -> None:
    assert len({run_words.word(state) for state in RunState}) == len(RunState)
    assert len({look.word for look in LOOKS}) == len(LOOKS)
    assert len({look.word for look in SERVERS}) == len(SERVERS)


def test_attributes_stand_for_colours() -> None:
    [theme] = [theme for theme in load_themes().themes if theme.name == ANSI]

    def style(front: str, back: str = "ansi_default") -> Style:
        return Style.from_color(Color.parse(front).rich_color, Color.parse(back).rich_color)

    told = {
        "cursor": style("ansi_bright_white", "ansi_blue"),
        "accent": style("ansi_yellow"),
        "dim": style("ansi_bright_black"),
        "plain": style("ansi_default"),
        "error": style("ansi_red") + Style(underline=True, meta={"@click": "x"}),
    }
    segments = [Segment(name, style) for name, style in told.items()]
    bare = {text: style for text, style, _ in Colourless(theme).apply(segments, Color.parse("black")) if style}
    assert all(style.color is None and style.bgcolor is None for style in bare.values())
    assert [name for name, style in bare.items() if style.reverse] == ["cursor"]
    assert [name for name, style in bare.items() if style.bold] == ["accent"]
    assert [name for name, style in bare.items() if style.dim] == ["dim"]
    assert bare["error"].underline
    assert bare["error"].meta == {"@click": "x"}
