"""Edits laid over the rows of a file, and the history that undoes and redoes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from data.rows.order import RowOrder, Run

NEW_IDS = 1 << 48
"""Ids from here on are rows that were added; those below count the rows of the file."""


@dataclass(frozen=True, slots=True)
class SetText:
    """A row got another text."""

    index: int
    row_id: int
    before: bytes
    after: bytes
    from_file: bool = False
    """Whether `after` is the text that the file has for it."""
    was_from_file: bool = False

    def inverse(self) -> Step:
        return SetText(self.index, self.row_id, self.after, self.before, self.was_from_file, self.from_file)

    def record(self) -> dict[str, Any]:
        return {"do": "set", "row": self.index, "was": crc32(self.before), "text": _as_text(self.after)}


@dataclass(frozen=True, slots=True)
class Insert:
    """A row came in before `index`."""

    index: int
    row_id: int
    text: bytes

    def inverse(self) -> Step:
        return Delete(self.index, self.row_id, self.text)

    def record(self) -> dict[str, Any]:
        return {"do": "insert", "row": self.index, "text": _as_text(self.text)}


@dataclass(frozen=True, slots=True)
class Delete:
    """The row at `index` went out."""

    index: int
    row_id: int
    text: bytes

    def inverse(self) -> Step:
        return Insert(self.index, self.row_id, self.text)

    def record(self) -> dict[str, Any]:
        return {"do": "delete", "row": self.index, "was": crc32(self.text)}


@dataclass(frozen=True, slots=True)
class Move:
    """The row at `index` is at `to` now."""

    index: int
    to: int
    row_id: int
    checksum: int
    in_place: bool
    """Whether it is now where the file has it, so that line ends and blank lines around it are those of the file."""
    was_in_place: bool

    def inverse(self) -> Step:
        return Move(self.to, self.index, self.row_id, self.checksum, self.was_in_place, self.in_place)

    def record(self) -> dict[str, Any]:
        return {"do": "move", "row": self.index, "to": self.to, "was": self.checksum}


Step = SetText | Insert | Delete | Move


@dataclass(frozen=True, slots=True)
class Change:
    """What one undo takes back."""

    description: str
    """As in "undo …": "edit output of row 12"."""
    index: int
    """The row to show after it was done or undone (0-based; may be one past the end)."""
    steps: tuple[Step, ...]

    def inverse_steps(self) -> tuple[Step, ...]:
        """The steps that take it back, in order."""
        return tuple(step.inverse() for step in reversed(self.steps))


class Overlay:
    """Which rows there are, in which order, and the texts that are not those of the file."""

    def __init__(self) -> None:
        self.order = RowOrder()
        self.texts: dict[int, bytes] = {}
        """Texts by row id; those of added rows stay after a deletion, for undo."""
        self.moved: set[int] = set()
        """Rows of the file that are not where it has them."""
        self._known = 0
        self._next_id = NEW_IDS

    def grow(self, count: int) -> None:
        """Take in the rows of the file found so far (they come after all others)."""
        if count > self._known:
            self.order.extend(self._known, count - self._known)
            self._known = count

    def new_id(self) -> int:
        """An id for a row that is added."""
        self._next_id += 1
        return self._next_id - 1

    def apply(self, step: Step) -> None:
        """Do one step."""
        match step:
            case SetText(row_id=row_id, after=after, from_file=from_file):
                if from_file:
                    self.texts.pop(row_id, None)
                else:
                    self.texts[row_id] = after
            case Insert(index=index, row_id=row_id, text=text):
                if row_id >= NEW_IDS:
                    self.texts[row_id] = text
                self.order.insert(index, row_id)
            case Delete(index=index):
                self.order.delete(index)
            case Move(index=index, to=to, row_id=row_id, in_place=in_place):
                self.order.delete(index)
                self.order.insert(to, row_id)
                if in_place:
                    self.moved.discard(row_id)
                elif row_id < NEW_IDS:
                    self.moved.add(row_id)

    def state(self) -> State:
        """A copy that later steps do not change."""
        return State(tuple(self.order.runs()), dict(self.texts), frozenset(self.moved))


@dataclass(frozen=True, slots=True)
class State:
    """The overlay at one moment."""

    runs: tuple[Run, ...]
    texts: Mapping[int, bytes]
    moved: frozenset[int]


@dataclass(slots=True)
class Mark:
    """A point of the history that a file on disk shows."""

    position: int
    """Changes done then, as far as they are still done or can be redone."""
    lost: int = 0
    """Changes between it and `position` that cannot be reached any more."""


class History:
    """Changes done and undone, and how far they are from what is on disk."""

    def __init__(self) -> None:
        self.done: list[Change] = []
        self.undone: list[Change] = []
        self._saved = Mark(0)
        self._marks = [self._saved]

    def add(self, change: Change) -> None:
        """A new change; what was undone cannot be redone any more."""
        for mark in self._marks:
            if mark.position > len(self.done):
                mark.lost += mark.position - len(self.done)
                mark.position = len(self.done)
        self.undone.clear()
        self.done.append(change)

    def undo(self) -> None:
        """The last change was taken back."""
        self.undone.append(self.done.pop())

    def redo(self) -> None:
        """The change undone last was done again."""
        self.done.append(self.undone.pop())

    def mark(self) -> Mark:
        """Remember this point while it is being written."""
        self._marks = [self._saved, Mark(len(self.done))]
        return self._marks[-1]

    def saved(self, mark: Mark) -> None:
        """The marked point is on disk."""
        self._saved = mark
        self._marks = [mark]

    @property
    def unsaved(self) -> int:
        """Changes (or undone ones) between the file on disk and now."""
        return self._saved.lost + abs(len(self.done) - self._saved.position)


def _as_text(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")
