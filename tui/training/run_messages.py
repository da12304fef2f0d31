"""What a person asks for about runs, from the list or from the table."""

from __future__ import annotations

from textual.message import Message


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


class TableWanted(Message):
    """All runs are to be shown in a table."""


class ViewClosed(Message):
    """The person has seen enough of a view beside the monitor."""


class FilterWanted(Message):
    """The table's filter is to be typed."""
