"""The list of the workspace's runs, newest first, one line each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from engine.reports import RunSnapshot
from tui.literal import literal
from tui.training.picture import sign_style
from tui.widgets.figures import loss
from tui.widgets.lines import Line, Lines, cut
from tui.widgets.run_words import colour, sign


class RunChosen(Message):
    """Another run of the list was chosen."""

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self.run_id = run_id


class RunList(Lines, can_focus=True):
    """One line a run: name, last loss, sign of the state. The chosen run stays chosen when others come and go."""

    PLACE: ClassVar[str] = "runs"
    """What it is called where one can go to it."""
    DEFAULT_CSS = """
    RunList:focus > .lines--title { color: $accent; }
    """
    BINDING_GROUP_TITLE = "List of runs"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("home,g", "edge(-1)", "Newest run", show=False, id="runs.first", tooltip="Go to the newest run"),
        Binding("end,G", "edge(1)", "Oldest run", show=False, id="runs.last", tooltip="Go to the oldest run"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, id="runs.page-up", tooltip="A page of runs up"),
        Binding(
            "pagedown,ctrl+f", "page(1)", "Page down", show=False, id="runs.page-down", tooltip="A page of runs down"
        ),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._runs: tuple[RunSnapshot, ...] = ()
        self._chosen: str | None = None
        self._signs: Mapping[str, str] = {}
        self._top = 0
        self.with_heading = True
        """Whether the first line is a heading; without it all lines are runs."""

    @property
    def chosen(self) -> str | None:
        """The run's id."""
        return self._chosen

    def show_runs(self, runs: tuple[RunSnapshot, ...], chosen: str | None, signs: Mapping[str, str]) -> None:
        """Show these runs from now on; `signs` are those of the runs in the chart, by their ids."""
        self._runs, self._chosen, self._signs = runs, chosen, signs
        self._draw()

    def move(self, by: int) -> None:
        """Choose the run so many lines further down (or up)."""
        if not self._runs:
            return
        index = min(max(self._index() + by, 0), len(self._runs) - 1)
        if self._runs[index].run_id != self._chosen:
            self._chosen = self._runs[index].run_id
            self._draw()
            self.post_message(RunChosen(self._chosen))

    def action_edge(self, direction: int) -> None:
        """Choose the newest or the oldest run."""
        self.move(direction * len(self._runs))

    def action_page(self, direction: int) -> None:
        """Choose a run a page away."""
        self.move(direction * max(self._room() - 1, 1))

    def on_click(self, event: events.Click) -> None:
        """Choose the run under the pointer."""
        index = self._top + event.y - self.with_heading
        if event.y >= self.with_heading and index < len(self._runs):
            self.move(index - self._index())

    def on_resize(self) -> None:
        """Another size shows other lines."""
        self._draw()

    def _index(self) -> int:
        return next((index for index, run in enumerate(self._runs) if run.run_id == self._chosen), 0)

    def _room(self) -> int:
        return max(self.size.height - self.with_heading, 1)

    def _draw(self) -> None:
        width, room = self.size.width, self._room()
        if width < 1:
            return
        index = self._index()
        self._top = max(min(self._top, index, len(self._runs) - room), index - room + 1, 0)
        shown = self._runs[self._top : self._top + room]
        lines: list[Line] = [self._line(run, width) for run in shown]
        if self.with_heading:
            hidden = len(self._runs) - len(shown)
            more = f"  {self._top + 1} to {self._top + len(shown)} of {len(self._runs)}" if hidden else ""
            lines.insert(0, (("runs", "title"), (more, "dim")))
        self.show_lines(tuple(lines))

    def _line(self, run: RunSnapshot, width: int) -> Line:
        figure = loss(run.last.loss) if run.last is not None else ""
        tail = f" {figure:>6} " if cell_len(figure) <= 6 else f" {figure} "
        name = literal(run.run_id, one_line=True)
        room = max(width - (3 if self._signs else 2) - cell_len(tail) - 1, 1)
        text = set_cell_size(cut(name, room), room)
        beside = f"{self._signs.get(run.run_id, ' ')} " if self._signs else " "
        if run.run_id == self._chosen:
            head = f"▸{beside}"
            return ((head, "cursor-accent"), (text, "cursor"), (tail, "cursor"), (sign(run.state), "cursor-accent"))
        mark = (f" {beside}", sign_style(beside.strip()))
        return (mark, (text, ""), (tail, "dim"), (sign(run.state), colour(run.state)))
