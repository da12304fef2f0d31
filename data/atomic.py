"""Replacing a file in one step: a reader, or a machine that loses power, sees the old file or the new one."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from data.errors import BurnishError

_SUFFIX = ".burnish-tmp"
_STALE_SECONDS = 10
_PIECE = 8 << 20
_NO_KERNEL_COPY = {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EBADF, errno.EPERM}

_REASONS = {
    errno.ENOSPC: "the disk is full; the file is as it was, so free some space and try again",
    errno.EDQUOT: "your disk quota is used up; the file is as it was, so free some space and try again",
    errno.EFBIG: "it would become larger than this account may write; the file is as it was",
    errno.EROFS: "the disk is mounted read-only; the file is as it was",
    errno.EACCES: "you may not write in its folder; the file is as it was",
    errno.EPERM: "you may not replace it; the file is as it was",
    errno.ENOENT: "its folder does not exist",
}


class AtomicFile:
    """The new content of a file on its way to disk, in a temporary file of the same folder."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self.descriptor = descriptor
        """Open for reading and writing."""
        self.path = path
        """Where the temporary file is."""

    def write(self, content: bytes) -> None:
        """Append bytes. Raises OSError."""
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(self.descriptor, rest) :]

    def copy(self, source: int, start: int, end: int) -> None:
        """Append the bytes `start` to `end` of another open file; stops early where that file ends. Raises OSError.

        The kernel copies (copy_file_range: no trip through Python, shared blocks where the file system can).
        """
        while start < end:
            try:
                count = os.copy_file_range(source, self.descriptor, min(end - start, 1 << 30), start)
            except OSError as error:
                if error.errno not in _NO_KERNEL_COPY:
                    raise
                break
            if count == 0:
                break
            start += count
        while start < end and (piece := os.pread(source, min(_PIECE, end - start), start)):
            self.write(piece)
            start += len(piece)

    def sync(self) -> None:
        """Wait until what was written so far is on the disk. Raises OSError."""
        os.fsync(self.descriptor)


def write_atomically(path: Path, content: bytes | str | Iterable[bytes]) -> None:
    """Write a whole file, replacing what was there; text is written as UTF-8.

    Raises BurnishError when it cannot be written (full disk, read-only folder …); the old file is then untouched.
    """
    with replacing(path) as file:
        if isinstance(content, str):
            content = content.encode()
        for piece in (content,) if isinstance(content, bytes) else content:
            file.write(piece)


@contextmanager
def replacing(path: Path) -> Iterator[AtomicFile]:
    """Yield a file to be filled; leaving the block without an exception puts it in the place of `path`.

    Permissions, owner and extended attributes of the old file are kept; a symbolic link stays one and its target is
    replaced. A hard link to the old file keeps the old content. Raises BurnishError for any OSError in the block.
    """
    target = Path(os.path.realpath(path))
    _refuse_read_only(path, target)
    try:
        with suppress(OSError):  # a folder that may be written but not listed
            _remove_stale(target)
        temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}{_SUFFIX}")
        descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise not_written(path, error) from error
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _keep_attributes(target, descriptor)
        file = AtomicFile(descriptor, temporary)
        yield file
        file.sync()
        temporary.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise not_written(path, error) from error
    finally:
        os.close(descriptor)
        with suppress(OSError):
            temporary.unlink()


def sync_folder(folder: Path) -> None:
    """Make renames and removals in a folder survive a power cut, where its file system can promise that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def not_written(path: Path, error: OSError) -> BurnishError:
    """The error for a person when `path` could not be written."""
    reason = _REASONS.get(error.errno or 0, f"{error.strerror or error}; the file is as it was")
    return BurnishError(f"{path.name} was not written: {reason}.", title="Not saved")


def _refuse_read_only(path: Path, target: Path) -> None:
    """A rename would replace a read-only file without a word; who took the write bits away meant it, for root too."""
    try:
        writable = target.stat().st_mode & 0o222 and os.access(target, os.W_OK)
    except OSError:
        return
    if not writable:
        sentence = f"{path.name} was not written: it is read-only; make it writable (chmod u+w) and try again."
        raise BurnishError(sentence, title="Not saved")


def _keep_attributes(target: Path, descriptor: int) -> None:
    try:
        old = target.stat()
    except FileNotFoundError:
        return
    new = os.fstat(descriptor)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        with suppress(PermissionError):
            os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, old.st_mode & 0o7777)
    with suppress(OSError):  # the file system may have no extended attributes, or keep some of them to itself
        for name in os.listxattr(target):
            with suppress(OSError):
                os.setxattr(descriptor, name, os.getxattr(target, name))


def _remove_stale(target: Path) -> None:
    """Remove temporary files that a killed writer of the same file left behind; a living writer holds a lock."""
    start = f".{target.name[:40]}."
    for left in target.parent.iterdir():
        if not (left.name.startswith(start) and left.name.endswith(_SUFFIX)):
            continue
        with suppress(OSError):
            if time.time() - left.stat().st_mtime < _STALE_SECONDS:
                continue
            descriptor = os.open(left, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                left.unlink()
            finally:
                os.close(descriptor)
