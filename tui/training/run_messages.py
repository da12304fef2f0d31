"""What a person asks for about runs, from the list or from the table."""

from __future__ import annotations

from textual.message import Message

from engine.reports import RunSnapshot
from tui.widgets.chart import ChartContent
from tui.widgets.plot import View


class RunMessage(Message):
    """Something is wanted of one run."""

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self.run_id = run_id


class RunOpened(RunMessage):
    """It is to be looked at in the monitor."""


class RunMarked(RunMessage):
    """It is to be put into the chart beside others, or taken out."""


class NotesWanted(RunMessage):
    """Its note and its tags are to be written."""


class DeletionWanted(RunMessage):
    """It is to be deleted, once the person has agreed."""


class DifferencesWanted(Message):
    """The jobs and results of these runs are to be set side by side."""

    def __init__(self, run_ids: tuple[str, ...]) -> None:
        super().__init__()
        self.run_ids = run_ids


class ExportWanted(Message):
    """The chart is to be written into files, with the numbers of these runs."""

    def __init__(self, content: ChartContent, view: View, runs: tuple[RunSnapshot, ...]) -> None:
        super().__init__()
        self.content = content
        self.view = view
        self.runs = runs


class TableWanted(Message):
    """All runs are to be shown in a table."""


class ViewClosed(Message):
    """The person has seen enough of a view beside the monitor."""


class FilterWanted(Message):
    """The table's filter is to be typed."""
