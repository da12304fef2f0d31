"""Charts as text: what a person sees, character by character."""

from __future__ import annotations

import math

import pytest

from tui.widgets.canvas import Markers
from tui.widgets.decimation import Series
from tui.widgets.plot import Curve, Mark, Plot, View, draw

BRAILLE = """\
  │⠠⠄
2 ┤⠰⢤⠁
  │ ⠈⠹⢤⡀
  │   ⠁⠹⢤○⡀⣀
1 ┤    ⠈  ⠉⠧⠤⡄⠲⠤○⣀⡀
  │         ⠈⠉⠉⠓⠦⢤⣀⣀⠉⠉⠓○⠒⠒⠲⠤⠤⠤○⠤⠤⢤⣀⣀⣀○⣀⣀⣀⣀⣀○
  │               ⠈⠈⠉⠙⠒⠒⠒⠦⠤⠤⠤⣄⣀⣀⣀⣀⣀⣀⣀
0 ┤                                 ⠈⠉⠉⠉⠉⠉⠉⠉
  └┴────────────┴──────◆──────┴────────────◆
   0            20            40          60
"""

HALF = """\
  │▄▄
2 ┤▀██
  │ ▀▀█
  │   ▀▀█o▄▄
1 ┤    ▀ ▀▀▀█▄█▄o▄▄▄
  │          ▀▀▀█▄▄▄▀▀▀o▀▀▀█▄▄o▄▄▄▄▄▄o▄▄▄▄▄o
  │                ▀▀▀▀▀▀▀█▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄
0 ┤                                      ▀▀▀
  └┴────────────┴──────◆──────┴────────────◆
   0            20            40          60
"""

ASCII = """\
  |..
2 +'::
  | '':
  |   '':o..
1 +    ' ''':.:.o...
  |          ''':...'''o''':..o......o.....o
  |                ''''''':...............
0 +                                      '''
  ++------------+------^------+------------^
   0            20            40          60
"""

LOG_WITH_CURSOR = """\
2.0 ┤⢀⢄           ┊
    │⠈⠙⠦⡄         ┊
    │   ⠉⠳⢤○⣄⣀    ┊
1.0 ┤    ⠈ ⠈⠹⢤⡀⠓⠦⢤○⡀
    │         ⠉⠙⠦⣄⢂⠉⠉⠙⠒⠲○⠤⣄⣀⣀⣀
    │            ⠈⠉⠧⠤⡄ ⡀     ⠈⠉○⠉⠉⠙⠒⠒○⠒⠒⠲⠤⠤○
0.5 ┤             ┊ ⠐⠉⠓⠦⠤⡄
    │             ┊      ⠉⠙⠲⠤⢤⣀
    │             ┊           ⠈⠉⠙⠒⠦⠤⢤⣀⡀ ⡀
    │             ┊                  ⠈⠉⠉⠉⠙⠒⠒
    └┴────────────┴─────◆──────┴───────────◆
     0            20           40         60
"""

ONE_POINT = """\
1.4 ┤  ⠂
    │
    │
    │
    │
1.2 ┤  ○
    └┴───────────┴───────────┴───────────┴──
     0           5           10          15
"""


def curves() -> tuple[Curve, ...]:
    """A loss that falls, its raw values around it, and a held-out loss that stays higher."""
    steps = [float(step) for step in range(1, 61)]
    fall = [math.exp(-step / 15) for step in steps]
    raw = [(x, 0.2 + 2 * y * (1 + 0.2 * math.sin(7 * x))) for x, y in zip(steps, fall, strict=True)]
    smooth = [(x, 0.2 + 2 * y) for x, y in zip(steps, fall, strict=True)]
    held_out = [(x, 0.6 + 1.4 * math.exp(-x / 15)) for x in range(10, 61, 10)]
    return (
        Curve("each step", Series(raw), "raw", "band"),
        Curve("held-out", Series(held_out), "held-out", "points"),
        Curve("train", Series(smooth), "train", "line"),
    )


def text(plot: Plot) -> str:
    return "".join("".join(part for part, _ in row).rstrip() + "\n" for row in plot.rows)


CHECKPOINTS = (Mark("checkpoint", (30.0, 60.0), "◆", "^", "agrees"),)


@pytest.mark.parametrize(("markers", "golden"), [("braille", BRAILLE), ("half", HALF), ("ascii", ASCII)])
def test_curves_axes_and_marks(markers: Markers, golden: str) -> None:
    plot = draw(curves(), CHECKPOINTS, View(0, 60), 44, 10, markers)
    assert text(plot) == golden
    assert golden.isascii() or markers != "ascii"


def test_a_log_axis_and_the_cross_hair() -> None:
    assert text(draw(curves(), CHECKPOINTS, View(0, 60, log=True, cursor=20), 44, 12, "braille")) == LOG_WITH_CURSOR


def test_one_point_is_drawn() -> None:
    one = (
        Curve("train", Series([(1, 1.4)]), "train", "line"),
        Curve("held-out", Series([(1, 1.2)]), "held-out", "points"),
    )
    assert text(draw(one, (), View(0, 16), 44, 8, "braille")) == ONE_POINT


def test_every_line_has_the_full_width() -> None:
    for width, height in ((20, 5), (44, 10), (160, 40), (8, 4)):
        plot = draw(curves(), CHECKPOINTS, View(0, 60), width, height, "braille")
        assert len(plot.rows) == height
        assert {sum(len(part) for part, _ in row) for row in plot.rows} == {width}


def test_the_train_line_lies_on_top_of_the_others() -> None:
    rows = draw(curves(), (), View(0, 60), 44, 10, "braille").rows
    columns_with_train = {
        at + offset
        for row in rows
        for at, (part, style) in zip(_starts(row), row, strict=True)
        if style == "train"
        for offset in range(len(part))
    }
    # From the first step to the last, except where a held-out point stands on it.
    assert len(columns_with_train) >= 38


def test_values_that_are_no_numbers_leave_the_rest_alone() -> None:
    broken = Series([(1, 1.0), (2, math.nan), (3, math.inf), (4, 0.5)])
    whole = Series([(1, 1.0), (4, 0.5)])
    drawn = [
        draw((Curve("train", each, "train", "line"),), (), View(0, 8), 40, 8, "braille") for each in (broken, whole)
    ]
    assert drawn[0] == drawn[1]


def test_a_log_axis_copes_with_zero() -> None:
    series = Series([(1, 0.0), (2, 1.0), (3, 0.01)])
    plot = draw((Curve("train", series, "train", "line"),), (), View(0, 3, log=True), 40, 8, "braille")
    assert "⠀" not in text(plot)


def test_a_line_leaves_a_zoomed_view_where_it_should() -> None:
    series = Series([(0, 0.5), (50, 0.5), (100, 0.5)])
    plot = draw((Curve("train", series, "train", "line"),), (), View(40, 60), 40, 8, "braille")
    drawn = [part for row in plot.rows for part, style in row if style == "train"]
    assert [len(part) for part in drawn] == [plot.columns]


def test_no_points_make_an_empty_chart() -> None:
    assert draw((), (), View(0, 1), 40, 8, "braille").rows


def _starts(row: tuple[tuple[str, str], ...]) -> list[int]:
    starts = [0]
    for part, _ in row[:-1]:
        starts.append(starts[-1] + len(part))
    return starts
