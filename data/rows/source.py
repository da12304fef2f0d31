"""The bytes of a file as they were when it was opened, whatever happens to the file afterwards."""

from __future__ import annotations

import hashlib
import os
import stat
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


class FileShortenedError(BurnishError):
    """Another program cut off the end of the file while it was open."""

    def __init__(self, path: Path) -> None:
        sentence = f"{path.name} was made shorter on disk by another program; reload it to see what is left."
        super().__init__(sentence, title="Changed on disk")


class Source:
    """Positional reads of one opened file.

    pread rather than mmap: a mapped file that another program shortens kills the process with SIGBUS, and its pages
    count as private memory; a million rows index as fast either way (0.3 s for 275 MB). The descriptor outlives a
    replaced or deleted name, so that edits can be undone byte for byte after a save.
    """

    def __init__(self, path: Path) -> None:
        """Open `path`. Raises InputError with a sentence when there is no readable file."""
        try:
            self._file = path.open("rb", buffering=0)
            self._path = path
        except FileNotFoundError as error:
            raise InputError(f"There is no file {path}.", title="No such file") from error
        except IsADirectoryError as error:
            raise InputError(f"{path} is a folder; name a file in it.", title="Not a file") from error
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
        self.descriptor = self._file.fileno()
        if not stat.S_ISREG(os.fstat(self.descriptor).st_mode):
            self._file.close()
            raise InputError(f"{path} is not an ordinary file; copy what it gives into one.", title="Not a file")
        self.identity = Identity.of(self.descriptor)
        """As it was when opened."""
        self.held: bytes | None = None
        """The whole content, for a small file."""
        if self.identity.size <= HELD_BYTES:
            self.held = self._pread(0, self.identity.size)
        self.size = self.identity.size if self.held is None else len(self.held)

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` to `end` or the end of the file. Raises FileShortenedError."""
        if self.held is not None:
            return self.held[start:end]
        end = min(end, self.size)
        found = self._pread(start, end)
        if len(found) < end - start:
            raise FileShortenedError(self._path)
        return found

    def touched(self) -> bool:
        """Whether somebody wrote into this very file (not: replaced it), so that its bytes cannot be relied on."""
        if self.held is not None:
            return False
        now = Identity.of(self.descriptor)
        return (now.size, now.modified_ns) != (self.identity.size, self.identity.modified_ns)

    def close(self) -> None:
        """Let the file go; nothing can be read afterwards."""
        self._file.close()

    def _pread(self, start: int, end: int) -> bytes:
        first = os.pread(self.descriptor, end - start, start)
        if len(first) == end - start or not first:
            return first
        pieces = [first]
        start += len(first)
        while start < end and (piece := os.pread(self.descriptor, end - start, start)):
            pieces.append(piece)
            start += len(piece)
        return b"".join(pieces)


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
