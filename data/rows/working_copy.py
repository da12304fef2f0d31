"""The rows of a packed file as plain bytes, in a private temporary file that is made while it is looked at."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from data.errors import BurnishError
from data.rows.source import SourceError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class UnpackError(Exception):
    """Why a packed file cannot be read to its end: the words after its name, without a full stop."""


class WorkingCopy:
    """Bytes that a generator makes of a file, kept in a temporary file without a name.

    One thread at a time may call `extend`; any may read what is there. When the bytes end early (a damaged file, a
    full disk), those that are there stay readable and `problem` says what happened; nothing can be saved then.
    """

    held = None

    def __init__(self, path: Path, pieces: Iterator[tuple[bytes, float]]) -> None:
        """`pieces`: bytes, and the fraction of the file they and those before came from.

        They may raise UnpackError and SourceError. Raises BurnishError when there is no room for temporary files.
        """
        self.size = 0
        """Bytes made so far."""
        self.whole = False
        """Whether there are no more to come."""
        self.problem: str | None = None
        """Why there are not all bytes, as a sentence without its full stop."""
        self._path, self._pieces = path, pieces
        self._fraction = 0.0
        try:
            self._file: IO[bytes] | None = tempfile.TemporaryFile(buffering=0, prefix="burnish-")  # noqa: SIM115
        except OSError as error:
            raise BurnishError(f"{path} cannot be unpacked: {_no_room(error)}.") from error

    @property
    def descriptor(self) -> int:
        """The temporary file. Raises SourceError after `close`."""
        if self._file is None:
            raise SourceError(self._path, "was closed")
        return self._file.fileno()

    def extend(self, budget: int) -> None:
        """Make about `budget` more bytes."""
        stop = self.size + budget
        while not self.whole and self.size < stop:
            try:
                piece, self._fraction = next(self._pieces)
                rest = memoryview(piece)
                while rest:
                    written = os.write(self.descriptor, rest)
                    rest = rest[written:]
                    self.size += written
            except StopIteration:
                self.whole = True
            except UnpackError as error:
                self._end(f"{self._path.name} {error}")
            except SourceError as error:
                self._end(error.sentence.removesuffix("."))
            except OSError as error:
                self._end(f"{self._path.name} cannot be unpacked to its end: {_no_room(error)}")

    def seen(self, position: int) -> float:
        """The fraction of the file before `position`."""
        return self._fraction * position / self.size if self.size else 0.0

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` to `end` or the last one made. Raises SourceError."""
        file = self._file  # keeps the descriptor open while it is used
        descriptor = self.descriptor
        end = min(end, self.size)
        pieces: list[bytes] = []
        while start < end and (piece := os.pread(descriptor, end - start, start)):
            pieces.append(piece)
            start += len(piece)
        del file
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def check_untouched(self) -> None:
        """Raises BurnishError when there are not all bytes."""
        if self.problem:
            raise BurnishError(
                f"{self.problem}; saving would lose the rows that are missing, so it was not done.", title="Not saved"
            )

    def close(self) -> None:
        """Let the bytes go."""
        self._file = None

    def _end(self, problem: str) -> None:
        self.problem, self.whole = problem, True


def _no_room(error: OSError) -> str:
    folder = tempfile.gettempdir()
    if error.errno in _FULL:
        return f"{folder} is full; free some space there, or set TMPDIR to a folder with more room, and open it again"
    return f"nothing can be written in {folder} ({error.strerror or error}); set TMPDIR to a folder where it can"
