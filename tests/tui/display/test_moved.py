"""Rows that moved are moved by the terminal, and it shows what a full repaint shows."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from tests.tui.display.emulator import Emulator
from tui.display.moved import Move, find_move
from tui.display.picture import Picture

COLUMNS, LINES = 60, 16
FIRST = 3
"""Rows above those that move."""
WORDS = ["", "one two three", "漢字かな and more", "the same in several rows " * 2, "👩‍👩‍👧 family", "e\u0301 n\u0303"]
SYSTEM = ColorSystem.TRUECOLOR
LIVELY = Style(color="red", bgcolor="blue")


def draw(picture: Picture, rows: list[str], *, cursor: int = -1, thumb: int = -1) -> None:
    """A frame as a table draws it: a head, rows with one of them marked, a scroll bar, and a line below."""
    picture.put(0, 0, [Segment("head".ljust(COLUMNS))], SYSTEM)
    for y, row in enumerate(rows, FIRST):
        bar = "┃" if y == thumb else " "
        segments = [Segment(row, LIVELY if y == cursor else None), Segment(" " * COLUMNS)]
        picture.put(0, y, segments, SYSTEM)
        picture.put(COLUMNS - 1, y, [Segment(bar)], SYSTEM)
    picture.put(0, LINES - 1, [Segment("below".ljust(COLUMNS))], SYSTEM)


def numbered(start: int) -> list[str]:
    return [f"{number:4} {str(104729 * (number + 3))[::-1] * 6}" for number in range(start, start + 10)]


def sent(picture: Picture) -> str:
    return "".join(picture.frame((0, 0)))


def assert_shown(terminal: Emulator, picture: Picture) -> None:
    whole, expected = Picture(COLUMNS, LINES), Emulator(COLUMNS, LINES)
    whole.rows = picture.rows
    expected.feed(sent(whole))
    terminal.assert_same(expected)


texts = st.lists(st.one_of(st.sampled_from(WORDS), st.integers(0, 40).map(lambda number: f"row {number} " * 4)))


@settings(max_examples=200, deadline=None)
@given(
    texts.map(lambda found: (found * 4 + numbered(0) * 4)[:40]),
    st.lists(st.tuples(st.integers(0, 30), st.integers(-1, 12), st.booleans()), max_size=8),
    st.booleans(),
)
def test_rows_that_move_end_like_a_full_repaint(
    rows: list[str], windows: list[tuple[int, int, bool]], erases: bool
) -> None:
    picture, terminal = Picture(COLUMNS, LINES, erases=erases), Emulator(COLUMNS, LINES)
    for start, marked, forget in windows:
        draw(picture, rows[start : start + 10], cursor=marked, thumb=3 + start // 4)
        if forget:
            terminal.feed("\x1b[5;2Hanother program")
            picture.forget()
        terminal.feed(sent(picture))
        assert_shown(terminal, picture)


def test_a_table_that_goes_up_by_one_costs_two_rows() -> None:
    picture, terminal = Picture(COLUMNS, LINES), Emulator(COLUMNS, LINES)
    draw(picture, numbered(0), cursor=12)
    terminal.feed(sent(picture))
    for start, moves in ((1, "\x1b[1M"), (2, "\x1b[1M"), (1, "\x1b[1L")):
        draw(picture, numbered(start), cursor=12, thumb=5 + start)
        frame = sent(picture)
        assert moves in frame
        assert len(frame) < 3 * COLUMNS
        terminal.feed(frame)
        assert_shown(terminal, picture)


def test_what_stands_beside_rows_that_move_is_mended_where_that_is_less() -> None:
    """Two panes beside each other: only one of them moves, and the other one is most of each row."""
    picture = Picture(COLUMNS, LINES)
    for y in range(10):
        picture.put(0, y, [Segment(f"{y} row"), Segment(f"   another text {y * 7}, which stands still")], SYSTEM)
    sent(picture)
    for y in range(10):
        picture.put(0, y, [Segment(f"{y + 1} row")], SYSTEM)
    assert find_move(picture.rows, picture._shown, range(10)) is None


def test_few_rows_are_not_looked_for() -> None:
    picture = Picture(COLUMNS, LINES)
    draw(picture, numbered(0))
    sent(picture)
    draw(picture, numbered(1))
    assert find_move(picture.rows, picture._shown, range(3, 6)) is None
    assert find_move(picture.rows, picture._shown, range(3, 13)) == Move(3, 12, 1)


def test_nothing_is_moved_on_a_screen_that_is_not_known() -> None:
    picture = Picture(COLUMNS, LINES)
    draw(picture, numbered(0))
    assert "M" not in sent(picture).replace("head", "")
