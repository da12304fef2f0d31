"""Which ports servers of other workspaces will listen on: from its start a server needs many seconds until it does."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.jobs.process import ProcessIdentity, read_identity, write_identity


class PortClaims:
    """The ports of this person's servers on this machine, whatever their workspace; a claim ends with its process.

    Where the folder of claims is somebody else's there are none, and ports are chosen all the same.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(tempfile.gettempdir()) / f"burnish-ports-{os.getuid()}"

    @contextmanager
    def choosing(self) -> Iterator[None]:
        """One choice at a time on this machine, until its server runs."""
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
        if not self._usable:
            yield
            return
        with (self._folder / ".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def held(self) -> set[int]:
        """The ports of servers that run; what others have left is cleared away."""
        found: set[int] = set()
        for claim in self._folder.iterdir() if self._usable else ():
            if not claim.name.isdecimal():
                continue
            identity = read_identity(claim)
            if identity is not None and identity.group_alive():
                found.add(int(claim.name))
            else:
                shutil.rmtree(claim, ignore_errors=True)
        return found

    def keep(self, port: int, identity: ProcessIdentity) -> None:
        """Note whose port it is."""
        if self._usable:
            claim = self._folder / str(port)
            with suppress(OSError):
                claim.mkdir(exist_ok=True)
                write_identity(claim, identity)

    @property
    def _usable(self) -> bool:
        """Whether the folder is there and ours: anybody may make folders beside it."""
        return not self._folder.is_symlink() and self._folder.is_dir() and self._folder.stat().st_uid == os.getuid()
