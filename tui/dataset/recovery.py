"""Edits of an interrupted session that were never saved: offered one journal after the other, newest first."""

from __future__ import annotations

from data.rows.journal import PendingJournal
from data.store import RowStore
from data.wording import counted
from tui.dataset.choice import Choice

ABOUT = "recover"
"""What the question is about, for `Choice.Made`."""


class Recovery:
    """The journals that were found beside a file, and what a person wants done with each."""

    def __init__(self, choice: Choice) -> None:
        self._choice = choice
        self._pending: list[PendingJournal] = []

    def begin(self, store: RowStore) -> None:
        """Look for journals of this file, and ask about the newest."""
        self._pending = store.pending()
        self._ask()

    def answer(self, store: RowStore, key: str) -> str:
        """Do what was chosen: make the edits again, discard them, or leave them. A sentence where edits were made.

        Raises BurnishError when they cannot be made.
        """
        if not self._pending:
            return ""
        pending = self._pending.pop(0)
        if key == "k":
            return f"{counted(store.recover(pending), 'edit')} made again · u undoes, w saves"
        if key == "d":
            pending.discard()
            self._ask()
        return ""

    def _ask(self) -> None:
        if not self._pending:
            return
        pending = self._pending[0]
        what = f"{counted(len(pending.records), 'edit')} of {pending.when:%d %b %H:%M} never saved"
        if pending.fits:
            self._choice.ask(ABOUT, what, [("k", "keep"), ("d", "discard"), ("escape", "decide later")])
        else:
            what += " (the file has changed since: they cannot be made again)"
            self._choice.ask(ABOUT, what, [("d", "discard"), ("escape", "leave them")])
