"""A line chart for long, growing series: zoom, a log axis, and a cross-hair that reads values off."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.widgets.across import STEPS, Across
from tui.widgets.canvas import Markers, terminal_markers
from tui.widgets.decimation import Series
from tui.widgets.figures import loss
from tui.widgets.lines import Line, Lines, Part, cut, cut_line, width_of
from tui.widgets.plot import Curve, Mark, Plot, View, draw, marks_at, step_at
from tui.widgets.viewport import Viewport

_KEY_SIGNS = {"band": ("░", ":"), "line": ("━", "-"), "points": ("○", "o")}


def _binding(key: str, action: str, description: str, identity: str, tooltip: str) -> Binding:
    return Binding(key, action, description, show=False, id=identity, tooltip=tooltip)


@dataclass(frozen=True, slots=True)
class Legend:
    """One of several runs in a chart, told apart by its sign."""

    sign: str
    style: str
    name: str
    figures: str
    """Its last and best value; gives way to the value under the cross-hair."""


@dataclass(frozen=True, slots=True)
class ChartContent:
    """What a chart shows."""

    title: str
    curves: tuple[Curve, ...] = ()
    marks: tuple[Mark, ...] = ()
    end: float = 1.0
    """Last step of the whole picture (the axis reaches this far when nothing is zoomed)."""
    newest: float = 0.0
    """Last step that was done; a zoomed view follows it."""
    empty: str = ""
    """What to say while there is no point yet."""
    across: Across = STEPS
    text: Callable[[float], str] = loss
    """How a value is written."""
    legend: tuple[Legend, ...] = ()
    """The runs, where there are several."""


class Chart(Lines, can_focus=True):
    """Draws `ChartContent` and repaints only the lines that changed.

    The arrows move a cross-hair along the logged steps; the first line then tells the values there.
    """

    DEFAULT_CSS = """
    Chart {
        height: 1fr;
        min-height: 6;
        &:focus > .lines--title { color: $accent; }
    }
    """
    BINDING_GROUP_TITLE = "Curve"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left,h", "move(-1)", "Read left", show=False, id="chart.left", tooltip="Move the cross-hair to the left"
        ),
        Binding(
            "right,l", "move(1)", "Read right", show=False, id="chart.right", tooltip="Move the cross-hair to the right"
        ),
        Binding(
            "shift+left,H", "move(-10)", "Far left", show=False, id="chart.far-left", tooltip="Ten columns to the left"
        ),
        Binding(
            "shift+right,L",
            "move(10)",
            "Far right",
            show=False,
            id="chart.far-right",
            tooltip="Ten columns to the right",
        ),
        Binding(
            "home,g",
            "move_to('start')",
            "First step",
            show=False,
            id="chart.first",
            tooltip="Cross-hair to the first step",
        ),
        Binding(
            "end,G",
            "move_to('end')",
            "Newest step",
            show=False,
            id="chart.last",
            tooltip="Cross-hair to the newest step, and follow it",
        ),
        _binding("left_square_bracket", "pan(-1)", "Pan left", "chart.pan-left", "Half a view to the left, zoomed in"),
        _binding("right_square_bracket", "pan(1)", "Pan right", "chart.pan-right", "Half a view to the right"),
        _binding("comma", "event(-1)", "Event before", "chart.event-before", "Cross-hair to the event before"),
        _binding("full_stop", "event(1)", "Next event", "chart.event-after", "Cross-hair to the next event"),
        _binding("escape", "leave", "Hide cross-hair", "chart.leave", "Put the cross-hair away"),
    ]

    class Pointed(Message):
        """The cross-hair stands elsewhere, or was put away (None)."""

        def __init__(self, at: float | None) -> None:
            super().__init__()
            self.at = at

    def __init__(self, *, id: str | None = None, markers: Markers | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.content = ChartContent("")
        self.log_scale = False
        """Whether the values are on a logarithmic axis."""
        self._markers: Markers = markers or terminal_markers()
        self._viewport = Viewport()
        self._plot = Plot((), 0, 1)
        self._parked = False
        self._told: float | None = None
        """Where the cross-hair was when that was last told."""

    def show(self, content: ChartContent) -> None:
        """Draw this from now on; lines that stay the same are not repainted."""
        self.content = content
        self._viewport.grow(content.end, content.newest, content.across.least)
        self._draw()

    def reset(self) -> None:
        """Everything in view, without a cross-hair (for another run)."""
        self._viewport.reset()

    def zoom(self, direction: int) -> None:
        """Closer (1), further away (-1), or everything (0)."""
        self._viewport.zoom(direction)
        self._draw()

    def toggle_log_scale(self) -> None:
        """Change between a linear and a logarithmic axis."""
        self.log_scale = not self.log_scale
        self._draw()

    @property
    def zoomed(self) -> bool:
        """Whether only a part of the steps is in view."""
        return self._viewport.zoomed

    @property
    def reading(self) -> bool:
        """Whether the cross-hair is up."""
        return self._viewport.cursor is not None

    @property
    def view(self) -> View:
        """The part of the steps in view."""
        return View(*self._viewport.window, self.log_scale, self._viewport.cursor)

    def action_pan(self, direction: int) -> None:
        """Move a zoomed view."""
        self._viewport.pan(direction)
        self._draw()

    def action_event(self, direction: int) -> None:
        """Cross-hair to the nearest event on one side of it."""
        places = sorted({x for mark in self.content.marks for x in mark.xs})
        cursor = self._viewport.cursor
        if cursor is None:
            cursor = self.content.newest
            index = bisect_right(places, cursor) - 1
        else:
            index = bisect_left(places, cursor) - 1 if direction < 0 else bisect_right(places, cursor)
        if 0 <= index < len(places):
            self._viewport.point(places[index])
            self._draw()

    def action_move(self, columns: int) -> None:
        """Move the cross-hair; at the edge of a zoomed view the view goes along."""
        view, series = self.view, self._longest()
        distance = columns * (view.end - view.start) / self._plot.columns
        wanted = self.content.newest if view.cursor is None else view.cursor + distance
        nearest = series.nearest(min(max(wanted, view.start), view.end) if view.cursor is None else wanted)
        if nearest is not None:
            self._viewport.move(distance, series.xs, nearest)
            self._draw()

    def action_move_to(self, where: str) -> None:
        """Cross-hair to the first or to the newest step."""
        xs = self._longest().xs
        self._viewport.point(xs[0] if where == "start" else xs[-1])
        if where == "end":
            self._viewport.follow()
        self._draw()

    def action_leave(self) -> None:
        """Put the cross-hair away."""
        self._viewport.cursor = None
        self._draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Escape is ours only while the cross-hair is up; nothing can be read off an empty chart."""
        if action == "leave":
            return self.reading
        if action == "pan":
            return self.zoomed
        return len(self._longest()) > 0 if action in ("move", "move_to", "event") else True

    def on_click(self, event: events.Click) -> None:
        """Put the cross-hair where the person points."""
        column, series = event.x - self._plot.left, self._longest()
        if 0 <= column < self._plot.columns:
            nearest = series.nearest(step_at(column, self.view, self._plot.columns))
            if nearest is not None:
                self._viewport.point(series.xs[nearest])
                self._draw()

    def on_resize(self) -> None:
        """Another size needs another picture."""
        self._draw()

    def on_hide(self) -> None:
        """Draw nothing while nobody sees it."""
        self._parked = True

    def on_show(self) -> None:
        """Catch up."""
        self._parked = False
        self._draw()

    def _draw(self) -> None:
        width, height = self.size
        if self._parked or not self.is_mounted or width < 4 or height < 4:
            return
        self._tell()
        content, view = self.content, self.view
        if not len(self._longest()):
            notice = (cut(content.empty, width).center(width), "dim")
            self.show_lines((self._title(width, view), *[()] * (height // 2 - 1), (notice,)))
            return
        legend = self._legend(width, height // 3)
        left = height - 1 - len(legend)
        self._plot = draw(content.curves, content.marks, view, width, left, self._markers, content.across)
        self.show_lines((self._title(width, view), *legend, *self._plot.rows))

    def _tell(self) -> None:
        """Say where the cross-hair stands when that has changed."""
        if self._viewport.cursor != self._told:
            self._told = self._viewport.cursor
            self.post_message(self.Pointed(self._told))

    def _title(self, width: int, view: View) -> Line:
        """The first line: what is shown, and the key of the curves or the values under the cross-hair."""
        content = self.content
        between, to = (", ", "-") if self._markers == "ascii" else (" · ", "–")
        head = content.title + (f"{between}log" if view.log else "")
        if self.zoomed:
            head += f"{between}{content.across.stretch(view.start, view.end, to)}"
        parts = self._readings(view) if self.reading else self._key()
        while parts and len(head) + 3 + sum(width_of(part) for part in parts) > width:
            parts.pop()
        gap = max(width - len(head) - sum(width_of(part) for part in parts), 0)
        return ((head[:width], "title"), (" " * gap, ""), *(piece for part in parts for piece in part))

    def _key(self) -> list[Line]:
        """Sign and name of all that is drawn; bands, which explain themselves, come last."""
        plain = self._markers == "ascii"
        curves = [curve for curve in reversed(self.content.curves) if len(curve.series) and not curve.sign]
        signs = [(_KEY_SIGNS[curve.kind][plain], curve.style, curve.name) for curve in curves if curve.kind != "band"]
        named = {curve.name for curve in curves}
        for mark in reversed(self.content.marks):
            if mark.xs and mark.name not in named:
                signs.append((mark.ascii_sign if plain else mark.sign, mark.style, mark.name))
        signs += [(_KEY_SIGNS[curve.kind][plain], curve.style, curve.name) for curve in curves if curve.kind == "band"]
        return [(("  ", ""), (sign, style), (f" {name}", "dim")) for sign, style, name in signs]

    def _readings(self, view: View) -> list[Line]:
        content, cursor = self.content, self._viewport.cursor or 0.0
        parts: list[Line] = [((content.across.text(cursor), ""),)]
        for curve in reversed(content.curves):
            if not curve.sign and (read := self._read(curve)):
                parts.append(((f"  {curve.name} ", "dim"), (read, curve.style)))
        happened: list[Line] = []
        for mark, index in marks_at(content.marks, cursor, view, self._plot.columns):
            sign = mark.ascii_sign if self._markers == "ascii" else mark.sign
            words = f" {mark.words[index]}" if mark.words else ""
            happened.append(((f"  {sign} {mark.name}{words}", mark.style),))
        # What is left out for want of room is what the figures beside the chart tell as well.
        return [*parts[:2], *reversed(happened), *parts[2:]]

    def _read(self, curve: Curve) -> str:
        """The value of a curve under the cross-hair, with its place where the nearest point lies elsewhere."""
        cursor = self._viewport.cursor or 0.0
        index = curve.series.nearest(cursor)
        if index is None:
            return ""
        at = curve.series.xs[index]
        far = abs(at - cursor) > (self.view.end - self.view.start) / self._plot.columns
        where = f" at {self.content.across.short(at)}" if far or (at != cursor and curve.kind == "points") else ""
        return f"{self.content.text(curve.series.ys[index])}{where}"

    def _legend(self, width: int, most: int) -> list[Line]:
        """The runs, two in a line where that is wide enough, with their figures or the values under the cross-hair."""
        entries = [self._legend_entry(each, width) for each in self.content.legend]
        columns = 2 if entries and width >= 2 * max(map(width_of, entries)) + 2 else 1
        rows = [entries[start : start + columns] for start in range(0, len(entries), columns)]
        lines: list[Line] = []
        for row in rows[:most]:
            padded = [*row[0], (" " * (width // columns - width_of(row[0])), "")] if len(row) > 1 else [*row[0]]
            lines.append((*padded, *(row[1] if len(row) > 1 else ())))
        if len(rows) > most > 0:
            hidden = len(entries) - (most - 1) * columns
            lines[-1] = ((f"  and {hidden} more", "dim"),)
        return lines

    def _legend_entry(self, entry: Legend, width: int) -> Line:
        figures = entry.figures
        if self.reading:
            curve = next((each for each in self.content.curves if each.sign == entry.sign), None)
            figures = self._read(curve) if curve is not None else ""
        name = cut(entry.name, max(width - 4 - cell_len(figures), 8))
        parts: list[Part] = [(f"{entry.sign} ", entry.style), (name, ""), (f"  {figures}", "dim")]
        return cut_line(tuple(parts), width)

    def _longest(self) -> Series:
        return max((curve.series for curve in self.content.curves), key=len, default=Series())
