"""The row store: a dataset file of any kind and size, opened as it is and given back with exactly the edits made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import RLock
from typing import Any

from data.atomic import replacing
from data.rows.difference import RowDifference, differences
from data.rows.disk_state import ChangedOnDisk
from data.rows.edit_log import EditLog
from data.rows.journal import Journal, PendingJournal, pending_journals
from data.rows.opened import OpenRows
from data.rows.overlay import Change, SetText
from data.rows.row import Row, Snapshot, as_text
from data.rows.saving import write_rows
from data.rows.source import Identity, fingerprint


class RowStore:
    """Rows of one file: read when looked at, edited in memory and in a journal, saved in one step.

    Rows are counted from 0 here (`Row.number` from 1). Every method may be called from any thread; the rule is that one
    thread edits (the screen's event loop), because an edit shifts the rows after it. Others index, save, or read a
    `snapshot`. Reading a row takes microseconds, an edit one fsync more; `index_all`, `save`, `reload` and `difference`
    take longer in large files and belong in a background thread.

    An edit raises BurnishError when the journal cannot be written, and IndexError for a row that is not there; nothing
    has changed then.
    """

    def __init__(self, path: Path, journals: Path | None) -> None:
        """Use `open`."""
        self.path = path
        self._journals = journals
        self._lock, self._index_lock, self._save_lock = RLock(), RLock(), RLock()
        self._rows, self._log = self._load()

    @classmethod
    def open(cls, path: Path, *, journals: Path | None = None) -> RowStore:
        """Open a file; its first rows are there at once, the others after `index_some` or `index_all`.

        `journals`: the folder for the journal of unsaved edits; None keeps none. Raises InputError: no such file, a
        folder, unreadable, of no kind that has rows; and BurnishError when there is no room to unpack it.
        """
        return cls(path, journals)

    def __len__(self) -> int:
        """Rows known so far."""
        with self._lock:
            return self._rows.count()

    @property
    def format_name(self) -> str:
        """The kind of file, one of `Kind`; "JSONL · gzip" for a packed one."""
        return self._rows.container.name

    @property
    def evidence(self) -> str:
        """How it was recognised: "each line is a JSON object with instruction, output"."""
        return self._rows.evidence

    @property
    def fields(self) -> tuple[str, ...] | None:
        """The fields that every row of this file has and no row can add to (columns); None where rows have any."""
        return self._rows.codec.fields

    @property
    def problem(self) -> str | None:
        """Why rows are missing at the end (a damaged or cut off packed file, no room to unpack it), as one sentence.

        Such a file can be looked at and edited, but not saved. It can show at any time until all rows are known.
        """
        problem = self._rows.container.content.problem
        return f"{problem}." if problem else None

    @property
    def indexed(self) -> bool:
        """Whether all rows are known."""
        return self._rows.index.done

    def index_some(self, budget: int = 8 << 20) -> float:
        """Look at about `budget` more bytes for rows; the fraction of the file seen, 0 to 1."""
        with self._index_lock:
            index = self._rows.index
            return 1.0 if index.done else index.advance(budget)

    def index_all(self) -> None:
        """Find all rows (about 0.4 s for 275 MB of JSONL)."""
        while self.index_some() < 1:
            pass

    def row(self, index: int) -> Row:
        """One row as it is now."""
        with self._lock:
            return self._rows.row(index)

    def text(self, index: int) -> str:
        """All of a row's text, however long. Raises SourceError when it cannot be read any more."""
        with self._lock:
            return as_text(self._rows.text(index))

    def snapshot(self) -> Snapshot:
        """All rows known now, for a reader that takes its time (a filter, a check, a training run)."""
        with self._lock:
            return self._rows.snapshot()

    def set_field(self, index: int, field: str, value: Any) -> None:
        """Set one field; every other byte of the row stays. See `set_fields`."""
        self.set_fields(index, {field: value})

    def set_fields(self, index: int, changes: Mapping[str, Any]) -> None:
        """Set fields of a row as one change; a field it does not have is added at its end.

        Raises BurnishError for a row that has no fields, InputError for a field or value that this kind of file cannot
        hold there (a new column of a table, a number in a column of strings), TypeError for one that JSON cannot hold.
        """
        with self._lock:
            self._set(f"edit {_listed(list(changes))} of row {index + 1}", self._rows.set_fields(index, changes))

    def set_raw(self, index: int, text: str) -> None:
        """Replace the whole text of a row, valid JSON or not.

        Raises InputError for text that could not stand as one row in this file: nothing, more than one line in JSONL
        (unless it is JSON, which is joined) or text, unbalanced brackets in a JSON file, an open quote in CSV, and in
        Parquet whatever its columns cannot hold.
        """
        with self._lock:
            self._set(f"edit the text of row {index + 1}", self._rows.set_raw(index, text))

    def insert(self, index: int, values: Mapping[str, Any]) -> None:
        """Add a row before `index` (`len` for the end), written as its neighbours are. Raises as `set_fields` does."""
        with self._lock:
            self._log.commit(f"add row {index + 1}", self._rows.insert(index, values))

    def append(self, values: Mapping[str, Any]) -> int:
        """Add a row at the end; its index. Finds all rows first."""
        self.index_all()
        with self._lock:
            index = len(self)
            self.insert(index, values)
            return index

    def duplicate(self, index: int) -> int:
        """Add a copy of a row after it; the index of the copy."""
        with self._lock:
            self._log.commit(f"duplicate row {index + 1}", self._rows.duplicate(index))
            return index + 1

    def delete(self, index: int) -> None:
        """Take a row out."""
        with self._lock:
            self._log.commit(f"delete row {index + 1}", self._rows.delete(index))

    def move(self, index: int, to: int) -> None:
        """Put a row at another place; `to` is its index afterwards."""
        with self._lock:
            step = self._rows.move(index, to)
            if to != index:
                self._log.commit(f"move row {index + 1} to {to + 1}", step)

    @contextmanager
    def together(self, description: str) -> Iterator[None]:
        """Make all edits inside one change with one fsync ("delete 12 marked rows"); an exception takes them back."""
        with self._lock, self._log.group(description):
            yield

    def undo(self) -> Change | None:
        """Take the last change back, saved or not; the change, or None when there is none."""
        with self._lock:
            return self._log.undo()

    def redo(self) -> Change | None:
        """Do the change undone last again; the change, or None when there is none."""
        with self._lock:
            return self._log.redo()

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._log.history.done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to do again."""
        return bool(self._log.history.undone)

    @property
    def unsaved(self) -> int:
        """Changes between the file on disk and the rows as they are now."""
        return self._log.history.unsaved

    def changed_rows(self) -> list[int]:
        """The rows that differ from the file on disk; deleted ones are not among them."""
        with self._lock:
            return self._rows.changed_rows()

    def save(self, *, overwrite: bool = False) -> None:
        """Replace the file in one step; nothing happens when there is nothing unsaved.

        Edits made meanwhile by another thread stay unsaved. Raises ChangedOnDisk when somebody else changed the file
        (unless `overwrite`), BurnishError when it cannot be written; the old file and the journal are then untouched.
        """
        with self._save_lock:
            self.index_all()
            rows, log = self._rows, self._log
            with self._lock:
                state, marked = rows.snapshot().state, log.mark()
            somebody_else = rows.disk.changed()
            if not self.unsaved and not (overwrite and somebody_else):
                with self._lock:
                    log.saved(marked)
                return
            if somebody_else and not overwrite:
                raise ChangedOnDisk(self.path)
            content = rows.container.content
            content.check_untouched()
            with replacing(self.path) as file:
                write_rows(file, rows.container, state)
                file.sync()
                if not overwrite and rows.disk.changed():
                    raise ChangedOnDisk(self.path)
                content.check_untouched()
                identity, written = Identity.of(file.descriptor), fingerprint(file.descriptor)
                with self._lock:
                    log.about_to_save(marked, written, identity.inode)
            with self._lock:
                rows.disk.saved(identity, written, state)
                log.saved(marked)

    def changed_on_disk(self) -> bool:
        """Whether somebody else changed or removed the file: usually one stat, at times its content is read.

        False while another thread saves, which looks by itself.
        """
        if not self._save_lock.acquire(blocking=False):
            return False
        try:
            return self._rows.disk.changed()
        finally:
            self._save_lock.release()

    def difference(self, most: int = 1000) -> list[RowDifference]:
        """Where the rows in hand and the file on disk differ, `most` places at most. Raises InputError like `open`."""
        disk = OpenRows(self.path)
        while disk.index.advance(8 << 20) < 1:
            pass
        self.index_all()
        return list(islice(differences(self.snapshot(), disk.snapshot()), most))

    def reload(self) -> None:
        """Open the file again as it is on disk; unsaved edits and the history are given up.

        Raises InputError as `open` does, and then everything stays as it was.
        """
        with self._save_lock, self._lock, self._index_lock:
            log = self._log
            self._rows, self._log = self._load()
            log.close(keep_edits=False)

    def pending(self) -> list[PendingJournal]:
        """Edits that an interrupted session made to this file and did not save, newest first."""
        try:
            return pending_journals(self.path, self._journals) if self._journals else []
        except OSError:
            return []

    def recover(self, pending: PendingJournal) -> int:
        """Make the edits of a journal again; how many. They are unsaved then, and undo takes them back one by one.

        Raises BurnishError when they do not fit the file, or when edits were made already; nothing has changed then.
        """
        self.index_all()
        with self._lock:
            return self._log.recover(pending, self._rows.recorded)

    def close(self, *, keep_edits: bool = True) -> None:
        """Let the file go. The journal of unsaved edits stays, to be offered again, unless `keep_edits` is False."""
        with self._save_lock, self._lock, self._index_lock:
            self._log.close(keep_edits=keep_edits)
            self._rows.close()

    def _load(self) -> tuple[OpenRows, EditLog]:
        rows = OpenRows(self.path)
        folder = self._journals
        start = (lambda: Journal.start(folder, self.path, rows.disk.content)) if folder else None
        return rows, EditLog(self.path.name, rows.overlay, start)

    def _set(self, description: str, step: SetText) -> None:
        if step.before != step.after:
            self._log.commit(description, step)


def _listed(fields: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(fields[:-1]), *fields[-1:])))
