"""All runs of the workspace in a table: sorted by any column, filtered, to open, mark and delete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.getters import query_one
from textual.widgets import Input

from engine.reports import RunSnapshot
from tui.literal import literal
from tui.training.confirm import Confirm
from tui.training.run_messages import FilterWanted
from tui.training.run_table import TableLines
from tui.widgets.figures import count
from tui.widgets.lines import Lines


class TableFilter(Input):
    """Where the filter is typed."""

    BINDING_GROUP_TITLE = "Table of runs"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "drop", "All runs", id="table.drop-filter", tooltip="Show all runs again"),
        Binding("down,up", "submit", "To the runs", show=False, id="table.keep-filter", tooltip="Back to the runs"),
    ]
    DEFAULT_CSS = """
    TableFilter { display: none; height: 1; border: none; padding: 0 1; background: $surface; }
    TableFilter:focus { border: none; }
    TableFilter.-shown { display: block; }
    """

    def action_drop(self) -> None:
        """Give the filter up."""
        self.value = ""
        self.post_message(self.Submitted(self, ""))


class RunTable(Container):
    """The table, a heading with what is shown of how many, and the filter below."""

    DEFAULT_CSS = """
    RunTable { height: 1fr; padding: 0 1; layout: vertical; }
    RunTable > #table-title { height: 1; }
    """

    table = query_one(TableLines)
    filter_line = query_one(TableFilter)
    confirm = query_one(Confirm)

    def compose(self) -> ComposeResult:
        """Title, rows, filter."""
        yield Lines(id="table-title")
        yield TableLines(id="table-lines")
        yield TableFilter(placeholder="words, or state: method: model: dataset: tag:", compact=True)
        yield Confirm(id="table-confirm")

    def on_mount(self) -> None:
        """No blinking over SSH."""
        self.filter_line.cursor_blink = False

    def show_runs(self, runs: tuple[RunSnapshot, ...], signs: Mapping[str, str]) -> None:
        """Show these runs from now on."""
        self.table.show_runs(runs, signs)
        self._show_title()

    def focus_first(self) -> None:
        """The rows."""
        self.table.focus()

    def _show_title(self) -> None:
        shown, total = self.table.counts
        of_all = f"  {count(shown)} of {count(total)}" if shown != total else f"  {count(total)}"
        query = f"   filter {literal(self.table.query_text, one_line=True)}" if self.table.query_text else ""
        self.query_one("#table-title", Lines).show_lines(((("runs", "title"), (of_all, "dim"), (query, "accent")),))

    @on(FilterWanted)
    def _ask(self, message: FilterWanted) -> None:
        message.stop()
        self.filter_line.add_class("-shown").focus()

    @on(Input.Changed)
    def _narrow(self, message: Input.Changed) -> None:
        message.stop()
        self.table.narrow(message.value)
        self._show_title()

    @on(Input.Submitted)
    def _accept(self, message: Input.Submitted) -> None:
        message.stop()
        self.filter_line.set_class(bool(message.value), "-shown")
        self.table.focus()
