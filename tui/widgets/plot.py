"""A chart as lines of text: curves, axes, marks and a cross-hair, drawn from series of any length in O(columns)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tui.widgets.across import STEPS, Across
from tui.widgets.axes import Scale, log_ticks, tick_labels, ticks, value_scale
from tui.widgets.canvas import Canvas, Markers
from tui.widgets.decimation import Series
from tui.widgets.lines import Line

SIGN_SPACE = 20
"""Cells between the signs on a line; those of several lines do not stand below each other."""
POINT_SPACE = 3
"""Points of a curve get a sign of their own only where they are this many cells apart on the average."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One series and how it is drawn; curves are drawn in order, the last on top."""

    name: str
    series: Series
    style: str
    kind: Literal["band", "line", "points"]
    """A band between the extremes of each column; a line through the means; a line with a sign at each point."""
    sign: str = ""
    """Stands on a line here and there and at its end, so that it is told apart without colour."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign on the axis below the curves: a checkpoint, a warning."""

    name: str
    xs: tuple[float, ...]
    sign: str
    ascii_sign: str
    style: str
    words: tuple[str, ...] = ()
    """What to say of each of them beside the name; () for nothing."""


@dataclass(frozen=True, slots=True)
class View:
    """What part of the steps is shown, and how."""

    start: float
    end: float
    log: bool = False
    cursor: float | None = None
    """Step of the cross-hair."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawn chart."""

    rows: tuple[Line, ...]
    left: int
    """Columns before the drawing area (labels and axis)."""
    columns: int
    """Columns of the drawing area."""


@dataclass(frozen=True, slots=True)
class Pen:
    """The characters of the frame, by what the terminal can show."""

    vertical: str
    tick: str
    corner: str
    horizontal: str
    below: str
    point: str
    cursor: str


_PENS: dict[Markers, Pen] = {
    "braille": Pen("│", "┤", "└", "─", "┴", "○", "┊"),
    "half": Pen("│", "┤", "└", "─", "┴", "o", "│"),
    "ascii": Pen("|", "+", "+", "-", "+", "o", "|"),
}


def draw(
    curves: tuple[Curve, ...],
    marks: tuple[Mark, ...],
    view: View,
    width: int,
    height: int,
    markers: Markers,
    across: Across = STEPS,
) -> Plot:
    """Draw `height` lines of `width` characters: the drawing area, and the axis below with its labels (two lines)."""
    pen = _PENS[markers]
    area_height = max(height - 2, 1)
    low, high = extremes(curves, view)
    scale = value_scale(low, high, log=view.log)
    values = (
        log_ticks(scale.bottom, scale.top, max(2, (area_height + 1) // 2))
        if scale.log
        else ticks(scale.bottom, scale.top, max(2, (area_height + 1) // 3))
    )
    labels = tick_labels(values)
    left = max((len(label) for label in labels), default=1) + 2
    columns = max(width - left, 1)
    canvas = Canvas(columns, area_height, markers)
    for curve in curves:
        if curve.kind == "points":
            _draw_points(canvas, curve, view, scale, pen)
    for number, curve in enumerate(curves):
        _draw_curve(canvas, curve, view, scale, number)
    cursor = None if view.cursor is None else _cell(view.cursor, view, columns)
    if cursor is not None:
        for row in range(area_height):
            if 0 <= cursor < columns and canvas.empty(cursor, row):
                canvas.put(cursor, row, pen.cursor, "dim")
    label_rows = {_row(scale.share(value), area_height): label for value, label in zip(values, labels, strict=True)}
    rows: list[Line] = []
    for row, cells in enumerate(canvas.rows()):
        label = label_rows.get(row, "")
        edge = pen.tick if label else pen.vertical
        rows.append(((f"{label:>{left - 2}} {edge}", "dim"), *cells))
    rows += _axis_below(marks, view, left, columns, pen, markers, across)
    return Plot(tuple(rows[:height]), left, columns)


def step_at(column: float, view: View, columns: int) -> float:
    """The step in the middle of a column of the drawing area."""
    return view.start + (column + 0.5) * (view.end - view.start) / columns


def _cell(x: float, view: View, columns: int) -> int:
    """The column of a step; the step at the view's end lies in the last column."""
    if view.end <= view.start:
        return 0
    column = math.floor((x - view.start) / (view.end - view.start) * columns)
    return min(column, columns - 1) if x <= view.end else column


def _row(share: float, height: int) -> int:
    return height - 1 - min(max(math.floor(share * height), 0), height - 1)


def extremes(curves: tuple[Curve, ...], view: View) -> tuple[float, float]:
    """The least and the greatest value in view (of those that a log scale can show); 0 to 1 when there is none."""
    low, high = math.inf, -math.inf
    for curve in curves:
        first, last = curve.series.span(view.start, math.nextafter(view.end, math.inf))
        column = curve.series.column(first, last)
        if column is None:
            continue
        high = max(high, column.high)
        if not view.log or column.low > 0:
            low = min(low, column.low)
        else:
            low = min([low, *(value for value in curve.series.ys[first:last] if value > 0)])
    if high < low:
        return (0.1, 1.0) if view.log else (0.0, 1.0)
    return low, high


def _dot(value: float, scale: Scale, canvas: Canvas) -> int:
    return round((1 - scale.share(value)) * (canvas.dot_rows - 1))


def _draw_points(canvas: Canvas, curve: Curve, view: View, scale: Scale, pen: Pen) -> None:
    """A sign at each point, unless they would run into each other."""
    first, last = curve.series.span(view.start, math.nextafter(view.end, math.inf))
    if (last - first) * POINT_SPACE > canvas.width:
        return
    for x, y in zip(curve.series.xs[first:last], curve.series.ys[first:last], strict=True):
        dot = min(max(_dot(y, scale, canvas), 0), canvas.dot_rows - 1)
        canvas.put(_cell(x, view, canvas.width), dot // canvas.per_row, pen.point, curve.style)


def _draw_curve(canvas: Canvas, curve: Curve, view: View, scale: Scale, number: int) -> None:
    before: tuple[int, int] | None = None
    heights: dict[int, int] = {}
    for x, low, high, mean in _columns(canvas, curve, view):
        if curve.kind == "band":
            canvas.bar(x, _dot(high, scale, canvas), _dot(low, scale, canvas), curve.style)
            continue
        here = (x, _dot(mean, scale, canvas))
        canvas.line(*(before or here), *here, curve.style)
        before = here
        if 0 <= x < canvas.dot_columns:
            heights[x // canvas.per_column] = here[1]
    if curve.sign and heights:
        last = max(heights)
        for column, dot in heights.items():
            if column == last or (column + 5 * number) % SIGN_SPACE == SIGN_SPACE // 2:
                dot = min(max(dot, 0), canvas.dot_rows - 1)
                canvas.put(column, dot // canvas.per_row, curve.sign, curve.style)


def _columns(canvas: Canvas, curve: Curve, view: View) -> Iterator[tuple[int, float, float, float]]:
    """Dot column, least, greatest and mean value, for each dot column that has points.

    A line also gets the nearest point on either side of the view, so that it leaves the picture where it should.
    """
    series, dots = curve.series, canvas.dot_columns
    span = view.end - view.start
    first, last = series.span(view.start, math.nextafter(view.end, math.inf))
    beyond = curve.kind != "band" and span > 0
    if beyond and first > 0:
        x, y = series.xs[first - 1], series.ys[first - 1]
        yield math.floor((x - view.start) / span * dots), y, y, y
    for index, column in enumerate(series.columns(view.start, view.end, dots)):
        if column is not None:
            yield index, column.low, column.high, column.mean
    if beyond and last < len(series):
        x, y = series.xs[last], series.ys[last]
        yield math.floor((x - view.start) / span * dots), y, y, y


def marks_at(marks: tuple[Mark, ...], cursor: float, view: View, columns: int) -> list[tuple[Mark, int]]:
    """The marks in the cross-hair's column, each with its index."""
    column = _cell(cursor, view, columns)
    return [
        (mark, index)
        for mark in marks
        for index, x in enumerate(mark.xs)
        if view.start <= x <= view.end and _cell(x, view, columns) == column
    ]


def _axis_below(
    marks: tuple[Mark, ...], view: View, left: int, columns: int, pen: Pen, markers: Markers, across: Across
) -> list[Line]:
    """The axis with its marks, and the labels below it."""
    signs = [pen.horizontal] * columns
    styles = ["dim"] * columns
    labels = [" "] * (left + columns)
    unit = across.unit
    if unit == "epoch" and columns > 2 * len(unit):
        labels[-len(unit) :] = unit  # numbers of epochs could be anything; steps and times speak for themselves
    for value, label in across.ticks(view.start, view.end, columns):
        column = _cell(value, view, columns)
        signs[column] = pen.below
        start = min(max(left + column - (len(label) - 1) // 2, left), left + columns - len(label))
        if not "".join(labels[max(start - 1, 0) : start + len(label) + 1]).strip():
            labels[start : start + len(label)] = label
    if not "".join(labels[-len(unit) - 1 :]).strip():
        labels[-len(unit) :] = unit
    for mark in marks:
        for x in mark.xs:
            if view.start <= x <= view.end:
                column = _cell(x, view, columns)
                signs[column] = mark.ascii_sign if markers == "ascii" else mark.sign
                styles[column] = mark.style
    line: list[tuple[str, str]] = [(" " * (left - 1) + pen.corner, "dim")]
    line += [(sign, style) for sign, style in zip(signs, styles, strict=True)]
    return [_merged(line), (("".join(labels), "dim"),)]


def _merged(cells: list[tuple[str, str]]) -> Line:
    merged: list[tuple[str, str]] = []
    for text, style in cells:
        if merged and merged[-1][1] == style:
            merged[-1] = (merged[-1][0] + text, style)
        else:
            merged.append((text, style))
    return tuple(merged)
