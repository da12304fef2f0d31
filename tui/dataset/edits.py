"""Each verb on rows, done in the store, kept in step with the survey, and put into words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from data.rows.overlay import Change, SetText
from data.store import RowStore
from tui.dataset.survey import Survey


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

    def __init__(self, store: RowStore, survey: Survey) -> None:
        self._store = store
        self._survey = survey

    def set_fields(self, index: int, values: Mapping[str, str]) -> Edited:
        """Set fields of a row."""
        self._store.set_fields(index, values)
        self._survey.changed(self._store, index)
        return Edited(f"row {index + 1} changed · u undoes", index, moved=False)

    def set_raw(self, index: int, text: str) -> Edited:
        """Set the whole text of a row."""
        self._store.set_raw(index, text)
        self._survey.changed(self._store, index)
        return Edited(f"row {index + 1} changed · u undoes", index, moved=False)

    def insert(self, index: int, values: Mapping[str, str]) -> Edited:
        """Add a row before `index`."""
        self._store.insert(index, values)
        self._survey.inserted(self._store, index)
        return Edited(f"row {index + 1} added · u undoes", index, moved=True)

    def duplicate(self, index: int) -> Edited:
        """Copy a row to behind itself."""
        copy = self._store.duplicate(index)
        self._survey.inserted(self._store, copy)
        return Edited(f"row {copy + 1} is a copy of row {index + 1} · u undoes", copy, moved=True)

    def delete(self, indices: Collection[int]) -> Edited:
        """Take rows out, as one change."""
        rows = sorted(indices, reverse=True)
        first = rows[-1]
        what = f"row {first + 1}" if len(rows) == 1 else f"{len(rows):,} rows"
        with self._store.together(f"delete {what}"):
            for index in rows:
                self._store.delete(index)
        for index in rows:
            self._survey.deleted(index)
        return Edited(f"{what} deleted · u undoes", first, moved=True)

    def undo(self) -> Edited | None:
        """Take the last change back; None when there is none."""
        change = self._store.undo()
        return self._travelled(change, f"took back: {change.description} · ctrl+r does it again") if change else None

    def redo(self) -> Edited | None:
        """Do again what was taken back; None when there is nothing."""
        change = self._store.redo()
        return self._travelled(change, f"did again: {change.description} · u undoes") if change else None

    def _travelled(self, change: Change, sentence: str) -> Edited:
        moved = not all(isinstance(step, SetText) for step in change.steps)
        if moved:
            self._survey.forget()
        else:
            for step in change.steps:
                self._survey.changed(self._store, step.index)
        return Edited(sentence, change.index, moved)
