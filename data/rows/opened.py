"""One opened version of a file: its rows with the edits over them, and the steps that would change them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

from data.errors import BurnishError, InputError
from data.rows.codec import EditError
from data.rows.container import describe
from data.rows.disk_state import DiskState
from data.rows.given_text import row_bytes
from data.rows.overlay import NEW_IDS, Delete, Insert, Move, Overlay, SetText, Step
from data.rows.recognise import recognise
from data.rows.row import BEGINNING, LONG_ROW, Row, Snapshot, as_bytes, as_text, make_long_row, make_row
from data.rows.source import Source, SourceError
from data.rows.text import RowError

_FIRST_LOOK = 256 << 10
_SAMPLE_ROWS = 100


class OpenRows:
    """Reads rows and makes steps; whoever commits them holds the lock. Not thread-safe but for the index."""

    def __init__(self, path: Path) -> None:
        """Open and recognise. Raises InputError."""
        self.source = Source(path)
        try:
            self.container = recognise(path, self.source)
        except BurnishError:
            self.source.close()
            raise
        self.index, self.codec = self.container.index, self.container.codec
        self.disk = DiskState(path, self.source, self.container)
        self.overlay = Overlay()
        self.index.advance(_FIRST_LOOK)
        sample = [self.row(index).values for index in range(min(self.count(), _SAMPLE_ROWS))]
        self._evidence = describe(self.container, sample, whole=self.index.done and self.count() == len(sample))

    @property
    def evidence(self) -> str:
        """How the file was recognised, and what is wrong with it as a whole."""
        problem = self.container.content.problem
        return f"{self._evidence}; {problem}" if problem else self._evidence

    def count(self) -> int:
        """Rows known so far."""
        self.overlay.grow(len(self.index))
        return len(self.overlay.order)

    def row(self, index: int) -> Row:
        """A row as it is now. Raises IndexError."""
        row_id = self._id(index)
        changed = self.disk.row_changed(row_id, self.overlay)
        try:
            if row_id < NEW_IDS and row_id not in self.overlay.texts:
                start, size = self.index.start(row_id), self.index.size_at_most(row_id)
                if size > LONG_ROW:
                    beginning = self.container.content.read(start, start + BEGINNING)
                    return make_long_row(index, beginning, size, changed=changed)
            text = self._text(row_id)
        except SourceError as error:
            return Row(index, index + 1, "", None, error.sentence, changed)
        return make_row(index, text, self.codec, changed=changed)

    def text(self, index: int) -> bytes:
        """The bytes of a row. Raises IndexError, SourceError."""
        return self._text(self._id(index))

    def snapshot(self) -> Snapshot:
        """All rows known now."""
        self.count()
        return Snapshot(self.container, self.overlay.state())

    def changed_rows(self) -> list[int]:
        """The rows that differ from the file on disk; deleted ones are not among them."""
        changed = sorted(self.disk.changed_ids(self.overlay))
        found, index = [], 0
        for first, count in self.overlay.order.runs():
            inside = changed[bisect_left(changed, first) : bisect_left(changed, first + count)]
            found += [index + row_id - first for row_id in inside]
            index += count
        return found

    def set_fields(self, index: int, changes: Mapping[str, Any]) -> SetText:
        """The step that sets fields. Raises BurnishError, TypeError."""
        raw = as_text(self.text(index))
        try:
            return self._set(index, as_bytes(self.codec.change(raw, changes)))
        except EditError as problem:
            raise InputError(f"Row {index + 1} {problem}.", title="Not edited") from problem
        except RowError as problem:
            raise BurnishError(f"Row {index + 1} {problem}; edit it as text.", title="No fields to edit") from problem

    def set_raw(self, index: int, text: str) -> SetText:
        """The step that replaces a row's text. Raises InputError."""
        self._id(index)
        try:
            return self._set(index, row_bytes(text, self.codec))
        except EditError as problem:
            raise InputError(f"Row {index + 1} {problem}.", title="Not edited") from problem

    def insert(self, index: int, values: Mapping[str, Any]) -> Insert:
        """The step that adds a row, written as its neighbours are. Raises InputError, TypeError."""
        try:
            return self._insert(index, as_bytes(self.codec.encode(values, self._near(index))))
        except EditError as problem:
            raise InputError(f"Row {index + 1} {problem}.", title="Not added") from problem

    def duplicate(self, index: int) -> Insert:
        """The step that adds a copy after a row."""
        return self._insert(index + 1, self.text(index))

    def delete(self, index: int) -> Delete:
        """The step that takes a row out."""
        return Delete(index, self._id(index), self.text(index))

    def move(self, index: int, to: int) -> Move:
        """The step that puts a row at another place."""
        row_id = self._id(index)
        self._id(to)
        was_in_place = row_id < NEW_IDS and row_id not in self.overlay.moved
        return Move(index, to, row_id, crc32(self._text(row_id)), in_place=False, was_in_place=was_in_place)

    def recorded(self, step: Mapping[str, Any]) -> Step:
        """The step that a journal tells of. Raises LookupError or TypeError when it does not fit the rows."""
        index = step["row"]
        if step["do"] == "insert":
            return self._insert(index, as_bytes(step["text"]))
        if crc32(self.text(index)) != step["was"]:
            raise LookupError(index)
        if step["do"] == "set":
            return self._set(index, as_bytes(step["text"]))
        return self.delete(index) if step["do"] == "delete" else self.move(index, step["to"])

    def _id(self, index: int) -> int:
        self.count()
        return self.overlay.order[index]

    def _text(self, row_id: int) -> bytes:
        text = self.overlay.texts.get(row_id)
        return self.index.text(row_id) if text is None else text

    def _set(self, index: int, text: bytes) -> SetText:
        row_id = self._id(index)
        from_file = row_id < NEW_IDS and row_id not in self.overlay.texts
        return SetText(index, row_id, self._text(row_id), text, from_file=False, was_from_file=from_file)

    def _insert(self, index: int, text: bytes) -> Insert:
        if not 0 <= index <= self.count():
            raise IndexError(index)
        return Insert(index, self.overlay.new_id(), text)

    def _near(self, index: int) -> str | None:
        """The nearest row that has fields."""
        for near in (index - 1, index, 0):
            if 0 <= near < self.count() and self.row(near).values:
                return as_text(self.text(near))
        return None

    def close(self) -> None:
        """Let the file go."""
        self.container.content.close()
        self.source.close()
