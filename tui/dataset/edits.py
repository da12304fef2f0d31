"""Each verb on rows, done in the store, kept in step with what is known of the rows, and put into words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from data.rows.overlay import Change, Delete, Insert, Move, SetText, Step
from data.rows.row import as_bytes
from data.store import RowStore
from data.wording import counted
from tui.dataset.checkup import Checkup
from tui.dataset.survey import Survey
from tui.dataset.tags import Tags


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit did."""

    sentence: str
    """For the person."""
    index: int
    """The row to show."""
    moved: bool
    """Whether other rows have other places now."""


class RowEdits:
    """The edits of one store. Each raises BurnishError when it cannot be done, and then nothing has changed."""

    def __init__(self, store: RowStore, survey: Survey, checkup: Checkup, tags: Tags) -> None:
        self._store = store
        self._survey = survey
        self._checkup = checkup
        self._tags = tags

    def set_fields(self, index: int, values: Mapping[str, Any]) -> Edited:
        """Set fields of a row."""
        before = self._text(index)
        self._store.set_fields(index, values)
        self._changed(index, before)
        return Edited(f"row {index + 1} changed · u undoes", index, moved=False)

    def set_raw(self, index: int, text: str) -> Edited:
        """Set the whole text of a row."""
        before = self._text(index)
        self._store.set_raw(index, text)
        self._changed(index, before)
        return Edited(f"row {index + 1} changed · u undoes", index, moved=False)

    def set_many(self, changes: Mapping[int, Mapping[str, Any]], what: str) -> Edited:
        """Set fields of many rows as one change; `what` was done, as in "replaced x"."""
        texts = {index: self._text(index) for index in changes}
        rows = counted(len(changes))
        with self._store.together(f"{what} in {rows}"):
            for index, values in changes.items():
                self._store.set_fields(index, values)
        for index, before in texts.items():
            self._changed(index, before)
        return Edited(f"{what} in {rows} · u undoes", min(changes), moved=False)

    def insert(self, index: int, values: Mapping[str, Any]) -> Edited:
        """Add a row before `index`."""
        self._store.insert(index, values)
        self._came(index)
        return Edited(f"row {index + 1} added · u undoes", index, moved=True)

    def duplicate(self, index: int) -> Edited:
        """Copy a row to behind itself."""
        copy = self._store.duplicate(index)
        self._came(copy)
        return Edited(f"row {copy + 1} is a copy of row {index + 1} · u undoes", copy, moved=True)

    def delete(self, indices: Collection[int]) -> Edited:
        """Take rows out, as one change."""
        rows = sorted(indices, reverse=True)
        first = rows[-1]
        what = f"row {first + 1}" if len(rows) == 1 else counted(len(rows))
        with self._store.together(f"delete {what}"):
            for index in rows:
                self._store.delete(index)
        for index in rows:
            self._went(index)
        return Edited(f"{what} deleted · u undoes", first, moved=True)

    def move(self, index: int, to: int) -> Edited:
        """Put a row at another place."""
        self._store.move(index, to)
        self._survey.moved(index, to)
        self._checkup.moved(index, to)
        return Edited(f"row {index + 1} is row {to + 1} now · u undoes", to, moved=True)

    def undo(self) -> Edited | None:
        """Take the last change back; None when there is none."""
        change = self._store.undo()
        if change is None:
            return None
        sentence = f"took back: {change.description} · ctrl+r does it again"
        return self._travelled(change, change.inverse_steps(), sentence)

    def redo(self) -> Edited | None:
        """Do again what was taken back; None when there is nothing."""
        change = self._store.redo()
        if change is None:
            return None
        return self._travelled(change, change.steps, f"did again: {change.description} · u undoes")

    def _travelled(self, change: Change, steps: Collection[Step], sentence: str) -> Edited:
        moved = not all(isinstance(step, SetText) for step in steps)
        for step in steps:
            match step:
                case SetText(index=index):
                    if not moved:
                        self._survey.changed(self._store, index)
                    self._checkup.changed(index)
                case Insert(index=index):
                    self._checkup.inserted(index)
                case Delete(index=index):
                    self._checkup.deleted(index)
                case Move(index=index, to=to):
                    self._checkup.moved(index, to)
        if moved:
            self._survey.forget()
        return Edited(sentence, change.index, moved)

    def _text(self, index: int) -> bytes:
        return as_bytes(self._store.text(index))

    def _changed(self, index: int, before: bytes) -> None:
        self._survey.changed(self._store, index)
        self._checkup.changed(index)
        self._tags.follow(before, self._text(index))

    def _came(self, index: int) -> None:
        self._survey.inserted(self._store, index)
        self._checkup.inserted(index)

    def _went(self, index: int) -> None:
        self._survey.deleted(index)
        self._checkup.deleted(index)
