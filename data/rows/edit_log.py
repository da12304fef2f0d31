"""Doing, undoing and redoing edits, each of them in the journal before it counts as done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from data.errors import BurnishError
from data.rows.journal import Journal, PendingJournal
from data.rows.overlay import Change, History, Mark, Overlay, Step


class EditLog:
    """The edits of one file. Not thread-safe: its owner holds a lock.

    Everything that edits raises BurnishError when the journal cannot be written, and then nothing has changed.
    """

    def __init__(self, name: str, overlay: Overlay, start_journal: Callable[[], Journal] | None) -> None:
        """`start_journal` makes a journal when the first edit needs one; None: edits are kept in memory only."""
        self.overlay = overlay
        self._name = name
        self.history = History()
        self._start_journal = start_journal
        self._journal: Journal | None = None
        self._group: list[Step] | None = None

    def commit(self, description: str, step: Step) -> None:
        """Do a step, as a change of its own or as part of the group that is open."""
        if self._group is None:
            self._write(description, (step,))
            self.overlay.apply(step)
            self.history.add(Change(description, step.index, (step,)))
        else:
            self.overlay.apply(step)
            self._group.append(step)

    @contextmanager
    def group(self, description: str) -> Iterator[None]:
        """Make what is committed inside one change; an exception takes all of it back."""
        if self._group is not None:
            yield
            return
        steps: list[Step] = []
        self._group = steps
        try:
            yield
            if steps:
                self._write(description, tuple(steps))
        except BaseException:
            for step in reversed(steps):
                self.overlay.apply(step.inverse())
            raise
        finally:
            self._group = None
        if steps:
            self.history.add(Change(description, steps[0].index, tuple(steps)))

    def undo(self) -> Change | None:
        """Take the last change back; None when there is none."""
        if not self.history.done:
            return None
        change = self.history.done[-1]
        self._redo_or_undo(f"undo {change.description}", change.inverse_steps())
        self.history.undo()
        return change

    def redo(self) -> Change | None:
        """Do the change undone last again; None when there is none."""
        if not self.history.undone:
            return None
        change = self.history.undone[-1]
        self._redo_or_undo(change.description, change.steps)
        self.history.redo()
        return change

    def recover(self, pending: PendingJournal, step_of: Callable[[dict[str, Any]], Step]) -> int:
        """Do the edits of a journal again and go on writing it; how many there were.

        `step_of` turns one recorded step into a step on the rows as they are then; what it raises (BurnishError,
        LookupError, TypeError) takes all of it back and ends in a BurnishError.
        """
        if self.history.done or self.history.undone:
            raise BurnishError(
                "Earlier edits can only be brought back before new ones are made; reload the file first."
            )
        if not pending.fits:
            sentence = f"These edits were made on another version of {self._name} and stay in {pending.path}."
            raise BurnishError(sentence, title="Edits not restored")
        journal = Journal.adopt(pending)
        changes: list[Change] = []
        applied: list[Step] = []
        try:
            for record in pending.records:
                first = len(applied)
                for recorded in record["steps"]:
                    applied.append(step_of(recorded))
                    self.overlay.apply(applied[-1])
                changes.append(Change(record["text"], applied[first].index, tuple(applied[first:])))
        except (BurnishError, LookupError, TypeError) as error:
            for step in reversed(applied):
                self.overlay.apply(step.inverse())
            journal.close()
            sentence = f"The journal {pending.path} does not fit the rows of {self._name} and was left as it is."
            raise BurnishError(sentence, title="Edits not restored") from error
        self._journal = journal
        for each in changes:
            self.history.add(each)
        return len(changes)

    # Saving

    def mark(self) -> tuple[Mark, int]:
        """Remember the edits done now, which are about to be written to the file."""
        return self.history.mark(), self._journal.edits if self._journal else 0

    def about_to_save(self, marked: tuple[Mark, int], content: str, inode: int) -> None:
        """The file with the marked edits (fingerprint, inode) is about to replace the old one. Raises OSError."""
        if self._journal:
            self._journal.about_to_save(content, inode, marked[1])

    def saved(self, marked: tuple[Mark, int]) -> None:
        """The marked edits are in the file."""
        self.history.saved(marked[0])
        if not self.history.unsaved:
            self.close(keep_edits=False)

    def close(self, *, keep_edits: bool) -> None:
        """Stop writing the journal; it stays, to be offered again, where there is something unsaved to keep."""
        if self._journal:
            if keep_edits and self.history.unsaved:
                self._journal.close()
            else:
                self._journal.drop()
        self._journal = None

    def _redo_or_undo(self, description: str, steps: tuple[Step, ...]) -> None:
        self._write(description, steps)
        for step in steps:
            self.overlay.apply(step)

    def _write(self, description: str, steps: tuple[Step, ...]) -> None:
        if not self._journal and self._start_journal:
            self._journal = self._start_journal()
        if self._journal:
            self._journal.add(description, [step.record() for step in steps])
