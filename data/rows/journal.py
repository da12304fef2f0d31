"""The journal of unsaved edits: each is on the disk before it counts as done, and offered again after a crash.

A journal is a file of JSON lines: what it belongs to, then one line an edit, and one line when a save is about to
replace the file. Its writer holds a lock on it, so a journal without a living writer is one that a crash left.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from data.atomic import sync_folder
from data.errors import BurnishError
from data.rows.source import fingerprint

_SUFFIX = ".journal"


class Journal:
    """The journal that is being written. Not thread-safe: its owner holds a lock."""

    def __init__(self, path: Path, descriptor: int, edits: int) -> None:
        self.path = path
        self.edits = edits
        """Edits in it."""
        self._descriptor = descriptor

    @classmethod
    def start(cls, folder: Path, file: Path, content: str) -> Journal:
        """A new one for `file`, whose content has the fingerprint `content`. Raises BurnishError."""
        path = folder / f"{_prefix(file)}{secrets.token_hex(4)}{_SUFFIX}"
        journal = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            own = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
            journal = cls(path, own, 0)
            with suppress(OSError):  # a file system without locks
                fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
            journal._append({"journal": 1, "file": os.path.realpath(file), "fingerprint": content})
        except OSError as error:
            if journal:
                journal.drop()
            raise _not_kept(path, error) from error
        sync_folder(folder)
        return journal

    @classmethod
    def adopt(cls, pending: PendingJournal) -> Journal:
        """Go on with one that a crash left, without its torn end. Raises BurnishError."""
        try:
            own = os.open(pending.path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
            with suppress(OSError):
                fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(own).st_size > pending.length:
                os.ftruncate(own, pending.length)
        except OSError as error:
            raise _not_kept(pending.path, error) from error
        return cls(pending.path, own, pending.skipped + len(pending.records))

    def add(self, description: str, steps: list[dict[str, Any]]) -> None:
        """Put an edit on the disk. Raises BurnishError, and then nothing of it is in the journal."""
        try:
            self._append({"text": description, "steps": steps})
        except OSError as error:
            raise _not_kept(self.path, error) from error
        self.edits += 1

    def about_to_save(self, content: str, inode: int, edits: int) -> None:
        """A file with this fingerprint and inode, holding the first `edits` edits, is about to replace the old one.

        Raises OSError.
        """
        self._append({"saved": content, "inode": inode, "edits": edits})

    def close(self) -> None:
        """Leave it, to be offered when the file is opened again."""
        os.close(self._descriptor)

    def drop(self) -> None:
        """Remove it: its edits are saved, or not wanted."""
        with suppress(OSError):
            self.path.unlink()
        os.close(self._descriptor)

    def _append(self, record: dict[str, Any]) -> None:
        """Put a line on the disk. Raises OSError, and then nothing of it is left."""
        line = memoryview(json.dumps(record, separators=(",", ":")).encode() + b"\n")
        length = os.fstat(self._descriptor).st_size
        try:
            while line:
                line = line[os.write(self._descriptor, line) :]
            os.fsync(self._descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._descriptor, length)
            raise


@dataclass(frozen=True, slots=True)
class PendingJournal:
    """Edits that were made but not saved when burnish was interrupted."""

    path: Path
    """Of the journal."""
    when: datetime
    """The last of them was made, local time."""
    fits: bool
    """Whether the file still is what they were made on; else they cannot be replayed."""
    records: tuple[dict[str, Any], ...]
    """The edits that the file does not hold yet."""
    skipped: int
    """Edits before them that a save had already put into the file."""
    length: int
    """Bytes of the journal up to a torn end."""

    @property
    def descriptions(self) -> list[str]:
        """What the edits were, oldest first."""
        return [str(record["text"]) for record in self.records]

    def discard(self) -> None:
        """Remove it for good."""
        with suppress(OSError):
            self.path.unlink()


def pending_journals(file: Path, folder: Path) -> list[PendingJournal]:
    """What interrupted sessions left for a file, newest first. Raises OSError when `file` cannot be read."""
    found: list[PendingJournal] = []
    try:
        candidates = [each for each in folder.iterdir() if each.name.startswith(_prefix(file))]
    except OSError:
        return found
    for path in candidates:
        content = _read_abandoned(path)
        if content is None:
            continue
        pending = _parse(path, content, file)
        if pending.fits and not pending.records:
            pending.discard()
        elif pending.records:
            found.append(pending)
    return sorted(found, key=lambda each: each.when, reverse=True)


def has_journal(file: Path, folder: Path) -> bool:
    """Whether a session has unsaved edits of a file, or an interrupted one left some."""
    try:
        return any(each.name.startswith(_prefix(file)) and each.suffix == _SUFFIX for each in folder.iterdir())
    except OSError:
        return False


def _parse(path: Path, content: bytes, file: Path) -> PendingJournal:
    header: dict[str, Any] = {}
    edits: list[dict[str, Any]] = []
    saves: list[dict[str, Any]] = []
    length = 0
    for line in content.splitlines(keepends=True):
        record = _record(line)
        if record is None:
            break
        length += len(line)
        if "journal" in record:
            header = record
        elif "saved" in record:
            saves.append(record)
        else:
            edits.append(record)
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        now, inode = fingerprint(descriptor), os.fstat(descriptor).st_ino
    finally:
        os.close(descriptor)
    save = next((each for each in reversed(saves) if (each["saved"], each["inode"]) == (now, inode)), None)
    skipped = save["edits"] if save else 0
    fits = save is not None or header.get("fingerprint") == now
    when = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    return PendingJournal(path, when, fits, tuple(edits[skipped:]), skipped, length)


def _record(line: bytes) -> dict[str, Any] | None:
    """What a line says, or None for a torn or NUL-filled one."""
    try:
        record = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _read_abandoned(path: Path) -> bytes | None:
    """The content of a journal that nobody is writing, or None."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return file.read()
    except BlockingIOError:
        return None
    except OSError:
        with suppress(OSError):  # a file system without locks
            return path.read_bytes()
        return None


def _prefix(file: Path) -> str:
    whole = os.path.realpath(file)
    return f"{Path(whole).name[:40]}-{hashlib.sha256(os.fsencode(whole)).hexdigest()[:12]}-"


def _not_kept(path: Path, error: OSError) -> BurnishError:
    reason = error.strerror or str(error)
    return BurnishError(
        f"The edit was not made, because it could not be kept in the journal {path} ({reason}); free some space or "
        "make the folder writable, and make it again.",
        title="Edit not made",
    )
