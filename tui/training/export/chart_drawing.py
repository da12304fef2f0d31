"""The chart drawn for paper: the same curves, axes and events as on the screen, on white."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.training.export.drawing import Area, Drawing, Path, Point, Words
from tui.widgets.axes import Scale, log_ticks, tick_labels, ticks, value_scale
from tui.widgets.chart import ChartContent
from tui.widgets.plot import Curve, Mark, View, extremes

WIDTH, HEIGHT = 960, 540
_LEFT, _RIGHT, _TOP, _BELOW = 70, 24, 44, 62
_APART = 4
"""Between two events of a kind, at least."""
_ROW = 18
"""Height of a line of the legend."""
_PALE = "#e6c9ae"
"""Of single steps, behind their average."""
_INK, _DIM, _GRID = "#2b2622", "#68625a", "#e2e0dc"

_COLOURS = {
    "train": "#b5651d",
    "raw": "#b5651d",
    "held-out": "#1f5f8b",
    "agrees": "#2a7a2a",
    "accent": "#b5651d",
    "disagrees": "#b3261e",
    "run-1": "#b5651d",
    "run-2": "#1f5f8b",
    "run-3": "#2a7a2a",
    "run-4": "#6a3fa0",
    "run-5": "#8a7000",
    "run-6": "#b3261e",
}
_DASHES: tuple[tuple[float, ...], ...] = ((), (8, 4), (2, 4), (10, 4, 2, 4), (14, 4), (4, 4))
"""One after the other for runs beside each other, so that a print without colour can be read."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where values and places of the axis lie in the picture."""

    left: float
    top: float
    right: float
    bottom: float
    view: View
    scale: Scale

    def x(self, place: float) -> float:
        span = self.view.end - self.view.start
        return self.left + (place - self.view.start) / span * (self.right - self.left) if span > 0 else self.left

    def y(self, value: float) -> float:
        share = min(max(self.scale.share(value), 0.0), 1.0)
        return self.bottom - share * (self.bottom - self.top)


def chart_drawing(content: ChartContent, view: View, title: str) -> Drawing:
    """The part of a chart that is in view. Works for series of any length: a column of the picture has one point."""
    drawing = Drawing(WIDTH, HEIGHT + _ROW * max(len(content.legend) - 1, 0))
    legend = _legend(content)
    top = _TOP + _ROW * len(legend)
    low, high = extremes(content.curves, view)
    scale = value_scale(low, high, log=view.log)
    frame = _Frame(_LEFT, top, WIDTH - _RIGHT, drawing.height - _BELOW, view, scale)
    drawing.add(Words(title, (_LEFT, 24), _INK, 16, bold=True))
    for row, (path_style, text) in enumerate(legend):
        y = _TOP + _ROW * row
        colour, dash = path_style
        drawing.add(Path(((_LEFT, y - 4), (_LEFT + 34, y - 4)), colour, 2, dash), Words(text, (_LEFT + 42, y), _INK))
    _add_axes(drawing, frame, content)
    for curve in content.curves:
        _add_curve(drawing, frame, curve)
    _add_marks(drawing, frame, content.marks)
    return drawing


def _look(curve: Curve) -> tuple[str, tuple[float, ...]]:
    """Colour and dashes of a curve."""
    dash: tuple[float, ...] = ()
    if curve.sign:
        dash = _DASHES[(ord(curve.sign[0]) - ord("A")) % len(_DASHES)]
    return _COLOURS.get(curve.style, _INK), dash


def _legend(content: ChartContent) -> list[tuple[tuple[str, tuple[float, ...]], str]]:
    """Look and words of each curve."""
    if content.legend:
        looks = {curve.sign: _look(curve) for curve in content.curves}
        return [
            (looks.get(each.sign, (_INK, ())), f"{each.sign}  {each.name}   {each.figures}") for each in content.legend
        ]
    drawn = [curve for curve in reversed(content.curves) if len(curve.series)]
    return [(_look(curve), curve.name) for curve in drawn if curve.kind != "band"]


def _add_axes(drawing: Drawing, frame: _Frame, content: ChartContent) -> None:
    scale = frame.scale
    values = log_ticks(scale.bottom, scale.top, 8) if scale.log else ticks(scale.bottom, scale.top, 8)
    for value, label in zip(values, tick_labels(values), strict=True):
        y = frame.y(value)
        drawing.add(Path(((frame.left, y), (frame.right, y)), _GRID))
        drawing.add(Words(label, (frame.left - 8, y + 4), _DIM, 11, "end"))
    for place, label in content.across.ticks(frame.view.start, frame.view.end, 96):
        x = frame.x(place)
        drawing.add(Path(((x, frame.bottom), (x, frame.bottom + 5)), _DIM))
        drawing.add(Words(label, (x, frame.bottom + 34), _DIM, 11, "middle"))
    corner = (frame.left, frame.bottom)
    drawing.add(Path(((frame.left, frame.top), corner, (frame.right, frame.bottom)), _DIM))
    words = {"step": "step", "epoch": "epoch", "time": "time of training"}[content.across.unit]
    drawing.add(Words(words, (frame.right, frame.bottom + 52), _DIM, 11, "end"))


def _add_curve(drawing: Drawing, frame: _Frame, curve: Curve) -> None:
    colour, dash = _look(curve)
    columns = list(_columns(frame, curve))
    if not columns:
        return
    if curve.kind == "band" and all(low == high for _, low, high, _ in columns):
        drawing.add(Path(tuple((x, frame.y(mean)) for x, _, _, mean in columns), _PALE))
        return
    if curve.kind == "band":
        edge = [(x, frame.y(high)) for x, _, high, _ in columns]
        back = [(x, frame.y(low)) for x, low, _, _ in reversed(columns)]
        drawing.add(Area((*edge, *back), colour, 0.22))
        return
    points = tuple((x, frame.y(mean)) for x, _, _, mean in columns)
    drawing.add(Path(points, colour, 1.8, dash))
    if len(points) == 1 or (curve.kind == "points" and len(points) <= 120):
        for x, y in points:
            drawing.add(Area(_circle(x, y, 3.2), colour))
    if curve.sign:
        x, y = points[-1]
        drawing.add(Words(curve.sign, (min(x + 4, frame.right + 6), y + 4), colour, 12, bold=True))


def _columns(frame: _Frame, curve: Curve) -> Iterator[tuple[float, float, float, float]]:
    """Place in the picture, least, greatest and mean value; single points where there are few of them."""
    view, series = frame.view, curve.series
    first, last = series.span(view.start, math.nextafter(view.end, math.inf))
    wide = round(frame.right - frame.left)
    if last - first <= wide:
        for place, value in zip(series.xs[first:last], series.ys[first:last], strict=True):
            yield frame.x(place), value, value, value
        return
    span = (view.end - view.start) / wide
    for index, column in enumerate(series.columns(view.start, view.end, wide)):
        if column is not None:
            yield frame.x(view.start + (index + 0.5) * span), column.low, column.high, column.mean


def _add_marks(drawing: Drawing, frame: _Frame, marks: Sequence[Mark]) -> None:
    """The events on the axis, each kind with a shape of its own, named in one line below."""
    named = _LEFT
    y = frame.bottom + 12
    for mark in marks:
        inside = [x for x in mark.xs if frame.view.start <= x <= frame.view.end]
        if not inside:
            continue
        colour = _COLOURS.get(mark.style, _INK)
        before = -math.inf
        for x in map(frame.x, inside):
            if x - before >= _APART:  # of more than can be told apart a picture says nothing
                drawing.add(Area(_shape(mark.name, x, y), colour))
                before = x
        foot = drawing.height - 10
        drawing.add(Area(_shape(mark.name, named + 4, foot - 4), colour))
        drawing.add(Words(mark.name, (named + 14, foot), _DIM, 11))
        named += 34 + 7 * len(mark.name)


def _shape(name: str, x: float, y: float) -> tuple[Point, ...]:
    match name:
        case "checkpoint":
            return ((x, y - 5), (x + 4, y), (x, y + 5), (x - 4, y))
        case "best":
            turns = [math.pi * index / 5 - math.pi / 2 for index in range(10)]
            radii = [7 if index % 2 == 0 else 3 for index in range(10)]
            return tuple((x + r * math.cos(a), y + r * math.sin(a)) for r, a in zip(radii, turns, strict=True))
        case "evaluation":
            return _circle(x, y, 2.5)
        case "resumed":
            return ((x - 4, y - 5), (x + 5, y), (x - 4, y + 5))
        case "warning":
            return ((x, y - 6), (x + 5, y + 4), (x - 5, y + 4))
        case _:
            return ((x - 4, y - 4), (x + 4, y - 4), (x + 4, y + 4), (x - 4, y + 4))


def _circle(x: float, y: float, radius: float) -> tuple[Point, ...]:
    turns = [2 * math.pi * index / 16 for index in range(16)]
    return tuple((x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns)
