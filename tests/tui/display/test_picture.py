"""After any updates the terminal shows what a full repaint shows: cell by cell, attributes included."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tests.tui.display.emulator import Emulator
from tui.display.pen import fills
from tui.display.picture import Picture

SYSTEM = ColorSystem.TRUECOLOR
STYLES = [
    None,
    Style(color="red"),
    Style(color="#102030", bgcolor="#405060"),
    Style(color="#102030", bgcolor="#708090", bold=True),
    Style(bold=True, italic=True),
    Style(reverse=True, underline=True),
    Style(color="bright_blue", bgcolor="color(200)", strike=True),
    Style(color="default", bgcolor="default"),
    Style(color="green", link="https://example.org/a"),
]
NARROW = "abc XYZ  01.,é߀·×…→─│┼▄⣿✓▸"
SETTLED = NARROW + "漢字かなハングル語、。！"
"""Characters on whose cells Rich and the emulator agree."""
UNSETTLED = [
    "😀",
    "👩‍👩‍👧",
    "👍🏽",
    "🇩🇪",
    "🇩",
    "⚠️",
    "e\u0301",
    "n\u0303\u0323",
    "שלום",
    "مرحبا",
    "\u0301",
    "\u200d",
    "\ufe0f",
    "नि",
    "\ue0a0",
]
styles = st.sampled_from(STYLES)


def sent(picture: Picture, cursor: tuple[int, int] = (0, 0)) -> str:
    return "".join(picture.frame(cursor))


@dataclass(frozen=True)
class Put:
    """Text on the screen from a cell on."""

    x: int
    y: int
    text: list[tuple[str, Style | None]]

    def apply(self, picture: Picture) -> None:
        picture.put(self.x, self.y, [Segment(text, style) for text, style in self.text], SYSTEM)


def puts(alphabet: st.SearchStrategy[str]) -> st.SearchStrategy[Put]:
    text = st.one_of(st.lists(alphabet, max_size=5).map("".join), st.integers(3, 20).map(" ".__mul__))
    return st.builds(Put, st.integers(0, 27), st.integers(0, 2), st.lists(st.tuples(text, styles), max_size=4))


sizes = st.tuples(st.one_of(st.integers(1, 12), st.just(28)), st.integers(1, 3))
unsettled = st.sampled_from([*NARROW, *SETTLED, *UNSETTLED])


@settings(max_examples=150, deadline=None)
@given(
    sizes,
    st.booleans(),
    st.lists(st.one_of(puts(unsettled), puts(unsettled), st.just("frame"), st.just("forget"), sizes), max_size=25),
)
def test_any_sequence_ends_like_a_full_repaint(
    size: tuple[int, int], erases: bool, steps: list[Put | str | tuple[int, int]]
) -> None:
    picture, terminal = Picture(*size, erases=erases), Emulator(*size)
    cursor = (0, 0)
    for step in steps:
        if isinstance(step, Put):
            step.apply(picture)
            cursor = (min(step.x, picture.size[0] - 1), min(step.y, picture.size[1] - 1))
        elif isinstance(step, tuple):
            picture, cursor = Picture(*step, erases=erases), (0, 0)
            terminal.screen.resize(step[1], step[0])
        elif step == "forget":
            terminal.feed("\x1b[2;2H other program")
            picture.forget()
        else:
            terminal.feed(sent(picture, cursor))
    assert_whole(picture)
    terminal.feed(sent(picture, cursor))
    assert (terminal.screen.cursor.x, terminal.screen.cursor.y) == cursor
    assert terminal.screen.cursor.attrs == Emulator(1, 1).screen.cursor.attrs
    repainted = Emulator(*picture.size)
    whole = Picture(*picture.size)
    whole.rows = picture.rows
    repainted.feed(sent(whole))
    terminal.assert_same(repainted)


@settings(max_examples=150, deadline=None)
@given(sizes, st.data())
def test_any_sequence_ends_like_textual_s_own_repaint(size: tuple[int, int], data: st.DataObject) -> None:
    columns, lines = size
    picture, terminal = Picture(*size, erases=data.draw(st.booleans())), Emulator(*size)
    settled = st.lists(st.tuples(st.one_of(st.text(SETTLED, max_size=12), st.just(" " * 14)), styles), max_size=4)
    strips: list[Strip] = []
    for _ in range(data.draw(st.integers(1, 4))):
        strips = [
            Strip([Segment(text, style) for text, style in data.draw(settled)]).adjust_cell_length(columns)
            for _ in range(lines)
        ]
        for y, strip in enumerate(strips):
            picture.put(0, y, strip, SYSTEM)
        terminal.feed(sent(picture))
    painted = Emulator(*size)
    update = LayoutUpdate([[strip] for strip in strips], Region(0, 0, columns, lines))
    painted.feed(update.render_segments(Console(color_system="truecolor", force_terminal=True)))
    terminal.assert_same(painted)


def assert_whole(picture: Picture) -> None:
    """No half of a wide glyph stands alone."""
    for row in picture.rows:
        for glyph, following in pairwise([*row.glyphs, " "]):
            assert (cell_len(glyph) == 2) == (following == ""), row.glyphs
        assert row.glyphs[0]


def screen(*rows: str) -> Picture:
    picture = Picture(max(map(cell_len, rows)), len(rows))
    for y, row in enumerate(rows):
        picture.put(0, y, [Segment(row)], SYSTEM)
    sent(picture)
    return picture


def test_nothing_is_sent_for_what_is_shown_already() -> None:
    picture = screen("one", "two")
    picture.put(0, 1, [Segment("two")], SYSTEM)
    assert sent(picture) == ""


def test_only_changed_cells_are_sent() -> None:
    picture = screen("the first row", "the second row")
    picture.put(0, 1, [Segment("the sacond row")], SYSTEM)
    assert sent(picture) == "\x1b[2;6Ha\x1b[1;1H"


@pytest.mark.parametrize("text", ["\x1b[2Jcleared", "tab\there", "bell\x07", "\x9b2J", "line\nfeed"])
def test_no_control_character_reaches_the_terminal(text: str) -> None:
    picture = Picture(20, 1)
    picture.put(0, 0, [Segment(text)], SYSTEM)
    frame = sent(picture)
    assert "\x1b[2J" not in frame
    assert not set(frame) & set("\t\x07\x9b\n")


def test_a_link_cannot_carry_an_escape() -> None:
    picture = Picture(4, 1)
    picture.put(0, 0, [Segment("link", Style(link="https://example.org/\x1b\\\x1b[2J"))], SYSTEM)
    assert "\x1b[2J" not in sent(picture)


@pytest.mark.parametrize("glyph", ["漢", "😀", "e\u0301", "ש", "🇩"])
def test_a_row_with_other_than_narrow_glyphs_is_sent_whole(glyph: str) -> None:
    picture = Picture(20, 1)
    picture.put(0, 0, [Segment(glyph)], SYSTEM)
    picture.put(15, 0, [Segment("tail")], SYSTEM)
    sent(picture)
    picture.put(8, 0, [Segment("changed")], SYSTEM)
    frame = sent(picture)
    assert glyph in frame
    assert "changedtail" in frame
    picture.put(0, 0, [Segment("ab")], SYSTEM)
    assert "changedtail" in sent(picture), "what the glyph did to the row is not known"


def test_a_glyph_of_doubtful_width_shifts_nothing() -> None:
    """The next glyph is placed by column, whatever room the one before took."""
    picture = Picture(12, 1)
    picture.put(0, 0, [Segment("a👩‍👩‍👧b")], SYSTEM)
    terminal = Emulator(12, 1)
    terminal.feed(sent(picture))
    assert terminal.cells[0][3].data == "b"


BLANK_ROW = [("left", None), (" " * 20, Style(bgcolor="blue")), ("right", None), (" " * 10, Style(bgcolor="red"))]


def test_many_blanks_are_erased_where_the_terminal_fills_them() -> None:
    lengths = []
    for erases in (False, True):
        picture, terminal = Picture(39, 1, erases=erases), Emulator(39, 1)
        Put(0, 0, BLANK_ROW).apply(picture)
        frame = sent(picture)
        terminal.feed(frame)
        assert ["".join(cell.data for cell in row) for row in terminal.cells] == [f"left{' ' * 20}right{' ' * 10}"]
        assert [terminal.cells[0][x].bg for x in (4, 23, 29, 38)] == ["blue", "blue", "red", "red"]
        assert ("\x1b[20X" in frame, "\x1b[K" in frame) == (erases, erases)
        lengths.append(len(frame))
    assert lengths[1] < lengths[0]


@pytest.mark.parametrize("style", [Style(underline=True), Style(reverse=True), Style(link="https://example.org/")])
def test_blanks_that_are_more_than_a_background_are_written(style: Style) -> None:
    picture = Picture(30, 1, erases=True)
    Put(0, 0, [(" " * 30, style)]).apply(picture)
    assert " " * 30 in sent(picture)


@pytest.mark.parametrize(
    ("environment", "fill"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "tmux-256color"}, True),
        ({"TERM": "linux"}, True),
        ({"TERM": "screen-256color"}, False),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, True),
        ({"TERM": "vt220"}, False),
        ({}, False),
    ],
)
def test_gnu_screen_does_not_fill_what_it_erases(environment: dict[str, str], fill: bool) -> None:
    assert fills(environment) is fill
