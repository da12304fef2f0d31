"""The rows of the table of runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType

from engine.reports import RunSnapshot
from tui.training.picture import sign_style
from tui.training.run_messages import (
    DeletionWanted,
    DifferencesWanted,
    FilterWanted,
    NotesWanted,
    RunMarked,
    RunOpened,
    ViewClosed,
)
from tui.training.table_columns import TableColumn, filtered_runs, fitting, sorted_runs
from tui.widgets.chosen_lines import ChosenLines
from tui.widgets.lines import Line, Part, cut
from tui.widgets.run_words import colour

_HEAD = 3
"""Columns before the first: the cursor and the sign of a run in the chart."""


class TableLines(ChosenLines, can_focus=True):
    """The rows; only those in sight are written."""

    DEFAULT_CSS = """
    TableLines { height: 1fr; }
    """
    BINDING_GROUP_TITLE = "Table of runs"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="table.open", tooltip="Look at this run in the monitor"),
        Binding("space", "mark", "Overlay", id="table.mark", tooltip="Put this run into the chart, or take it out"),
        Binding(
            "left,h", "sort(-1)", "Sort", key_display="← →", id="table.sort-left", tooltip="Sort by the column before"
        ),
        Binding("right,l", "sort(1)", "Sort", show=False, id="table.sort-right", tooltip="Sort by the next column"),
        Binding("r", "reverse", "Reverse", id="table.reverse", tooltip="Sort the other way round"),
        Binding(
            "slash", "filter", "Filter", id="table.filter", tooltip="Words, or state: method: model: dataset: tag:"
        ),
        Binding("d", "differences", "Differences", show=False, id="table.differences", tooltip="Set jobs side by side"),
        Binding("e", "notes", "Notes and tags", show=False, id="table.notes", tooltip="Write a note, give tags"),
        Binding("D", "delete", "Delete", show=False, id="table.delete", tooltip="Delete this run; asks first"),
        Binding("escape,t,q", "close", "Back", key_display="esc", id="table.close", tooltip="Back to the monitor"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._runs: tuple[RunSnapshot, ...] = ()
        self._signs: Mapping[str, str] = {}
        self._shown: list[RunSnapshot] = []
        self._chosen: str | None = None
        self._sorted_by: TableColumn | None = None
        """None for the order in which the runs were made, newest first."""
        self._reverse = False
        self._in_sight: list[tuple[TableColumn, int]] = []
        """The columns that are drawn, with their widths."""
        self._query = ""

    @property
    def chosen(self) -> str | None:
        """The run under the cursor."""
        return self._chosen

    @property
    def query_text(self) -> str:
        """The filter."""
        return self._query

    @property
    def counts(self) -> tuple[int, int]:
        """How many runs the filter keeps, of how many."""
        return len(self._shown), len(self._runs)

    def show_runs(self, runs: tuple[RunSnapshot, ...], signs: Mapping[str, str]) -> None:
        """Show these runs from now on."""
        self._runs, self._signs = runs, signs
        self._arrange()

    def choose(self, run_id: str | None) -> None:
        """Put the cursor on a run."""
        self._chosen = run_id
        self._arrange()

    def narrow(self, query: str) -> None:
        """Show only the runs that a filter keeps."""
        self._query = query
        self._arrange()

    def on_click(self, event: events.Click) -> None:
        """The heading sorts."""
        if event.y == 0:
            at = _HEAD
            for column, width in self._in_sight:
                if at <= event.x < at + width:
                    self._sort_by(column)
                    return
                at += width + 1

    def length(self) -> int:
        """The runs that the filter keeps."""
        return len(self._shown)

    def nothing(self) -> str:
        """That there is none."""
        return "no run has all of these words"

    def chose(self) -> None:
        """The cursor stands on another run."""
        self._chosen = self._shown[self._at].run_id

    def action_sort(self, by: int) -> None:
        """Sort by the next column in sight; beyond the ends in the order in which the runs were made."""
        columns: list[TableColumn | None] = [None, *(column for column, _ in self._widths())]
        index = columns.index(self._sorted_by) if self._sorted_by in columns else 0
        self._sort_by(columns[(index + by) % len(columns)])

    def action_reverse(self) -> None:
        """Sort the other way round."""
        self._reverse = not self._reverse
        self._arrange()

    def action_open(self) -> None:
        """Look at the run."""
        if self._chosen is not None:
            self.post_message(RunOpened(self._chosen))

    def action_mark(self) -> None:
        """Put the run into the chart, and go on to the next."""
        if self._chosen is not None:
            self.post_message(RunMarked(self._chosen))
            self.action_move(1)

    def action_differences(self) -> None:
        """Compare the run's job with the marked ones, or with the one below."""
        if self._chosen is None:
            return
        others = [run_id for run_id in sorted(self._signs, key=self._signs.__getitem__) if run_id != self._chosen]
        below = [run.run_id for run in self._shown[self._at + 1 :][:1]]
        self.post_message(DifferencesWanted((self._chosen, *(others or below))))

    def action_notes(self) -> None:
        """Write about the run."""
        if self._chosen is not None:
            self.post_message(NotesWanted(self._chosen))

    def action_delete(self) -> None:
        """Delete the run."""
        if self._chosen is not None:
            self.post_message(DeletionWanted(self._chosen))

    def action_filter(self) -> None:
        """Type a filter."""
        self.post_message(FilterWanted())

    def action_close(self) -> None:
        """Back to the monitor."""
        self.post_message(ViewClosed())

    def _sort_by(self, column: TableColumn | None) -> None:
        if column is self._sorted_by:
            self._reverse = not self._reverse
        self._sorted_by = column
        self._arrange()

    def _arrange(self) -> None:
        """Filter and sort anew; the cursor stays on its run, or on its row when that is gone."""
        shown = filtered_runs(self._runs, self._query)
        if self._sorted_by is not None:
            shown = sorted_runs(shown, self._sorted_by, reverse=self._reverse)
        elif self._reverse:
            shown.reverse()
        self._shown = shown
        if all(run.run_id != self._chosen for run in shown):
            self._chosen = shown[min(self._at, len(shown) - 1)].run_id if shown else None
        self._at = next((index for index, run in enumerate(shown) if run.run_id == self._chosen), 0)
        self.draw()

    def _widths(self) -> list[tuple[TableColumn, int]]:
        """The columns in sight; what is left over goes to the name, then to the tags."""
        room = self.size.width - _HEAD
        columns = fitting(room)
        widths = {column.name: column.width for column in columns}
        spare = max(room - sum(widths.values()) - len(widths), 0)
        longest = max((cell_len(run.run_id) for run in self._shown), default=0)
        widths["run"] += (name := min(spare, max(longest - widths["run"], 0)))
        if "tags" in widths:
            widths["tags"] += spare - name
        return [(column, widths[column.name]) for column in columns]

    def heading(self, width: int) -> Line:  # noqa: ARG002 - its columns know the width
        """The names of the columns in sight."""
        parts: list[Part] = [(" " * _HEAD, "")]
        self._in_sight = self._widths()
        for column, width_of in self._in_sight:
            by_it = column is self._sorted_by
            text = column.name + (" ▾" if by_it and self._reverse else " ▴" if by_it else "")
            parts.append((_placed(text, width_of, column.right) + " ", "title" if by_it else "dim"))
        return tuple(parts)

    def line(self, index: int, width: int, *, chosen: bool) -> Line:  # noqa: ARG002 - as above
        """A run."""
        run = self._shown[index]
        sign = self._signs.get(run.run_id, "")
        parts: list[Part] = [
            ("▸" if chosen else " ", "cursor-accent" if chosen else ""),
            (f"{sign:<2}", "cursor-accent" if chosen else sign_style(sign)),
        ]
        for column, width_of in self._in_sight:
            style = "cursor" if chosen else colour(run.state) if column.name == "state" else ""
            parts.append((_placed(column.text(run), width_of, column.right) + " ", style))
        return tuple(parts)


def _placed(text: str, width: int, right: bool) -> str:
    text = cut(text, width)
    air = " " * (width - cell_len(text))
    return air + text if right else text + air
