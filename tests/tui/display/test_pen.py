"""The cursor goes the shortest way, wherever it is."""

from __future__ import annotations

import pytest

from tests.tui.display.emulator import Emulator
from tui.display.look import PLAIN
from tui.display.pen import Pen


@pytest.mark.parametrize(
    ("x", "y", "way"),
    [
        (20, 10, ""),
        (21, 10, "\x1b[C"),
        (25, 10, "\x1b[5C"),
        (19, 10, "\b"),
        (18, 10, "\b\b"),
        (0, 10, "\r"),
        (0, 11, "\r\n"),
        (0, 12, "\r\n\n"),
        (20, 11, "\x1b[B"),
        (20, 9, "\x1b[A"),
        (20, 6, "\x1b[4A"),
        (3, 12, "\r\n\n\x1b[4G"),
        (70, 2, "\x1b[3;71H"),
    ],
)
def test_the_shortest_way_is_taken(x: int, y: int, way: str) -> None:
    pen, terminal = Pen(80), Emulator(80, 24)
    pen.move(20, 10)
    terminal.feed(pen.take())
    pen.move(x, y)
    taken = pen.take()
    terminal.feed(taken)
    assert len(taken) == len(way), repr(taken)
    assert (terminal.screen.cursor.x, terminal.screen.cursor.y) == (x, y)


def test_where_terminals_may_differ_the_place_is_said_in_full() -> None:
    pen = Pen(10)
    pen.move(8, 0)
    pen.write("ab", PLAIN, 2)
    pen.take()
    pen.move(9, 0)
    assert pen.take() in ("\x1b[1;10H", "\x1b[10G")
