"""Adding a line to a file that is only ever added to, safe against a torn end and against other writers."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from data.atomic import not_written


def append_line(path: Path, line: bytes) -> None:
    """Put a line (without its line break) at the end of a file, which is made where there is none.

    What a killed writer left unfinished at the end becomes a line of its own. A line that the disk does not take is cut
    off again. Raises BurnishError; the lines before are untouched.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            _append(descriptor, line + b"\n")
        finally:
            os.close(descriptor)
    except OSError as error:
        raise not_written(path, error) from error


def _append(descriptor: int, line: bytes) -> None:
    end = os.fstat(descriptor).st_size
    torn = end > 0 and os.pread(descriptor, 1, end - 1) != b"\n"
    waiting = b"\n" + line if torn else line
    try:
        while waiting:
            waiting = waiting[os.write(descriptor, waiting) :]
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, end)
        raise
