"""The bytes of a file as they were when it was opened, whatever happens to the file afterwards."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from data.errors import BurnishError, InputError

HELD_BYTES = 32 << 20
"""Files up to this size are kept in memory, so that nobody who writes into them can spoil an edit."""

_WHOLE = 4 << 20
_SAMPLES = 64
_EDGE = 256 << 10


class Identity(NamedTuple):
    """Which file it is and whether somebody wrote to it: compared before anything is overwritten."""

    device: int
    inode: int
    size: int
    modified_ns: int

    @classmethod
    def of(cls, what: Path | int) -> Identity:
        """Of a path (symbolic links followed) or an open descriptor. Raises OSError."""
        found = os.fstat(what) if isinstance(what, int) else what.stat()
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


class SourceError(BurnishError):
    """Bytes of the opened file cannot be had any more."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name} {reason}; reload it to see what is there now.", title="Cannot read the file")


class _Handle:
    """A descriptor that is closed when the last reader lets go of it, so that its number is never somebody else's."""

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)

    def __del__(self) -> None:
        with suppress(AttributeError):
            os.close(self.descriptor)


class Source:
    """Positional reads of one opened file.

    pread rather than mmap: a mapped file that another program shortens kills the process with SIGBUS, and its pages
    count as private memory; a million rows index as fast either way (0.3 s for 275 MB). The descriptor outlives a
    replaced or deleted name, so that edits can be undone byte for byte after a save.
    """

    problem = None

    def __init__(self, path: Path) -> None:
        """Open `path`. Raises InputError with a sentence when there is no readable file."""
        self._path = path
        try:
            self._handle: _Handle | None = _Handle(path)
            mode = os.fstat(self.descriptor).st_mode
            if stat.S_ISDIR(mode):
                raise InputError(f"{path} is a folder; name a file in it.", title="Not a file")
            if not stat.S_ISREG(mode):
                raise InputError(f"{path} is not an ordinary file; copy what it gives into one.", title="Not a file")
            self.identity = Identity.of(self.descriptor)
            """As it was when opened."""
            self.content = fingerprint(self.descriptor)
            """Its fingerprint then."""
            self.size = self.identity.size
            """In bytes, as it was when opened."""
            self.held: bytes | None = None
            """The whole content, for a small file."""
            if self.size <= HELD_BYTES:
                self.held = self._pread(0, self.size)
                self.size = len(self.held)
        except FileNotFoundError as error:
            raise InputError(f"There is no file {path}.", title="No such file") from error
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error

    @property
    def descriptor(self) -> int:
        """The open file. Raises SourceError after `close`."""
        if self._handle is None:
            raise SourceError(self._path, "was closed")
        return self._handle.descriptor

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` to `end` or the end of the file. Raises SourceError."""
        if self.held is not None:
            return self.held[start:end]
        end = min(end, self.size)
        try:
            found = self._pread(start, end)
        except OSError as error:
            raise SourceError(self._path, f"cannot be read ({error.strerror or error})") from error
        if len(found) < end - start:
            raise SourceError(self._path, "was made shorter on disk by another program")
        return found

    @property
    def whole(self) -> bool:
        """Whether all bytes are there: always, but for a `WorkingCopy`."""
        return True

    def extend(self, budget: int) -> None:
        """There is nothing to make."""

    def seen(self, position: int) -> float:
        """The fraction of the file before `position`."""
        return position / self.size

    def check_untouched(self) -> None:
        """Raises SourceError when somebody wrote into this very file (not: replaced it), so that its bytes are gone."""
        if self.held is None:
            now = Identity.of(self.descriptor)
            if (now.size, now.modified_ns) != (self.identity.size, self.identity.modified_ns):
                raise SourceError(
                    self._path, "was written into by another program, so its unedited rows cannot be saved"
                )

    def close(self) -> None:
        """Let the file go; only a small file can be read afterwards."""
        self._handle = None

    def _pread(self, start: int, end: int) -> bytes:
        handle = self._handle  # keeps the descriptor open while it is used
        descriptor = self.descriptor
        first = os.pread(descriptor, end - start, start)
        if len(first) == end - start or not first:
            return first
        pieces = [first]
        start += len(first)
        while start < end and (piece := os.pread(descriptor, end - start, start)):
            pieces.append(piece)
            start += len(piece)
        del handle
        return b"".join(pieces)


class Memory:
    """Bytes in memory that an index can look at like a file."""

    whole = True

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.size = len(content)

    def read(self, start: int, end: int) -> bytes:
        return self._content[start:end]

    def extend(self, budget: int) -> None: ...

    def seen(self, position: int) -> float:
        return position / self.size


def fingerprint(descriptor: int) -> str:
    """Size and content of an open file as a short text: all of it up to 4 MB, else both ends and 64 places between.

    Two files that differ in one row of a large file can share it; whoever relies on it checks the rows it touches too.
    """
    size = os.fstat(descriptor).st_size
    digest = hashlib.sha256(str(size).encode())
    if size <= _WHOLE:
        digest.update(os.pread(descriptor, size, 0))
    else:
        digest.update(os.pread(descriptor, _EDGE, 0))
        for place in range(_SAMPLES):
            digest.update(os.pread(descriptor, 4096, size * place // _SAMPLES))
        digest.update(os.pread(descriptor, _EDGE, size - _EDGE))
    return f"{size}-{digest.hexdigest()[:32]}"
