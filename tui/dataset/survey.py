"""What is known of all rows: how many cannot be used, and which one asks a given question."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from typing import Any

from data.rows.row import LONG_ROW, Snapshot
from data.rows.text import RowError
from data.store import RowStore
from tui.dataset.columns import Format
from tui.dataset.slices import Slices

_BAD = 0


class Survey:
    """A number for each row: the hash of its question, or 0 for a row that cannot be used. 8 MB for a million rows."""

    def __init__(self, format: Format) -> None:  # noqa: A002 - the word for it
        self._format = format
        self._prints: array[int] = array("q")
        self.bad = 0
        """Rows that cannot be used, among those looked at."""
        self.complete = False

    async def run(self, store: RowStore, tell: Callable[[], None]) -> None:
        """Look at every row, in slices between which the screen lives; `tell` is called at the end."""
        self._prints, self.bad, self.complete = array("q"), 0, False
        slices = Slices(background=True)
        snapshot = store.snapshot()
        for count, text in enumerate(snapshot.texts()):
            self._prints.append(self._look(snapshot, text))
            if count % 8 == 0 and slices.due:
                await slices.pause()
        self.bad = self._prints.count(_BAD)
        self.complete = True
        tell()

    def forget(self) -> None:
        """Rows moved in a way not told here: `run` has to look again."""
        self.complete = False

    def changed(self, store: RowStore, index: int) -> None:
        """One row got another content."""
        if index < len(self._prints):
            before, after = self._prints[index], self._of(store.row(index).values)
            self._prints[index] = after
            self.bad += (after == _BAD) - (before == _BAD)

    def inserted(self, store: RowStore, index: int) -> None:
        """A row came in before `index`."""
        if index <= len(self._prints):
            self._prints.insert(index, 1)
            self.changed(store, index)

    def deleted(self, index: int) -> None:
        """The row at `index` went out."""
        if index < len(self._prints):
            self.bad -= self._prints.pop(index) == _BAD

    def moved(self, index: int, to: int) -> None:
        """The row at `index` is at `to` now."""
        if max(index, to) < len(self._prints):
            self._prints.insert(to, self._prints.pop(index))
        else:
            self.forget()

    def row_asking(self, store: RowStore, question: str) -> int | None:
        """The first row that asks this question (case and spaces aside); None also while not all rows are known."""
        wanted, start = _print(question), 0
        while True:
            try:
                index = self._prints.index(wanted, start)
            except ValueError:
                return None
            values = store.row(index).values if index < len(store) else None
            if values is not None and _plain(self._format.question(values)) == _plain(question):
                return index
            start = index + 1

    def _look(self, snapshot: Snapshot, text: bytes) -> int:
        if len(text) > LONG_ROW:
            return _BAD
        try:
            return self._of(snapshot.read(text))
        except RowError:
            return _BAD

    def _of(self, values: Mapping[str, Any] | None) -> int:
        return _BAD if values is None or self._format.lack(values) else _print(self._format.question(values))


def _print(question: str) -> int:
    return hash(_plain(question)) or 1


def _plain(question: str) -> str:
    return " ".join(question.split()).casefold()
