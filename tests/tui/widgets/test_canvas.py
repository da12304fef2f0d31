"""Dots on a grid of characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.canvas import Canvas, Markers, terminal_markers

DOTS = st.integers(-20, 60)


def text(canvas: Canvas) -> list[str]:
    return ["".join(part for part, _ in row) for row in canvas.rows()]


@pytest.mark.parametrize(("markers", "drawn"), [("braille", "⡇"), ("half", "█"), ("ascii", ":")])
def test_a_bar_fills_its_cell(markers: Markers, drawn: str) -> None:
    canvas = Canvas(1, 2, markers)
    canvas.bar(0, 0, canvas.per_row - 1, "train")
    assert text(canvas) == [drawn, " "]


@given(DOTS, DOTS, DOTS, DOTS, st.sampled_from(["braille", "half", "ascii"]))
def test_a_line_has_no_gaps_and_stays_on_the_canvas(x0: int, y0: int, x1: int, y1: int, markers: Markers) -> None:
    canvas = Canvas(12, 6, markers)
    canvas.line(x0, y0, x1, y1, "train")
    assert all(len(row) == 12 for row in text(canvas))
    inside = min(x0, x1) >= 0 and max(x0, x1) < canvas.dot_columns
    if inside and min(y0, y1) >= 0 and max(y0, y1) < canvas.dot_rows:
        columns = range(min(x0, x1) // canvas.per_column, max(x0, x1) // canvas.per_column + 1)
        rows = range(min(y0, y1) // canvas.per_row, max(y0, y1) // canvas.per_row + 1)
        assert all(any(not canvas.empty(column, row) for row in rows) for column in columns)
        assert all(any(not canvas.empty(column, row) for column in columns) for row in rows)


def test_what_is_drawn_later_takes_the_cell_for_itself() -> None:
    canvas = Canvas(1, 1, "braille")
    canvas.bar(0, 0, 3, "raw")
    canvas.bar(0, 1, 1, "train")
    assert canvas.rows() == [(("⠂", "train"),)]


def test_a_character_stays_on_top() -> None:
    canvas = Canvas(3, 1, "braille")
    canvas.put(1, 0, "○", "held-out")
    canvas.line(0, 1, 5, 1, "train")
    assert canvas.rows() == [(("⠒", "train"), ("○", "held-out"), ("⠒", "train"))]


def test_ascii_needs_nothing_but_ascii() -> None:
    canvas = Canvas(8, 4, "ascii")
    canvas.line(0, 7, 7, 0, "train")
    assert "".join(text(canvas)).isascii()


@pytest.mark.parametrize(
    ("environment", "markers"),
    [
        ({"LANG": "en_GB.UTF-8", "TERM": "xterm-256color"}, "braille"),
        ({"TERM": "linux"}, "half"),
        ({"LC_ALL": "C", "TERM": "xterm-256color"}, "ascii"),
        ({"LANG": "de_DE.ISO-8859-1", "TERM": "linux"}, "ascii"),
    ],
)
def test_marks_are_the_finest_that_the_terminal_can_draw(environment: dict[str, str], markers: str) -> None:
    assert terminal_markers(environment) == markers
