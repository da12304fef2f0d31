"""What the store knows to be on the disk: noticed when somebody else changes it, and compared with the rows in hand."""

from __future__ import annotations

import time
from pathlib import Path

from data.errors import BurnishError
from data.rows.container import Container
from data.rows.order import Run
from data.rows.overlay import NEW_IDS, Overlay, State
from data.rows.rendering import Span, render
from data.rows.saving import same_content
from data.rows.source import HELD_BYTES, Identity, Source, SourceError, fingerprint


class ChangedOnDisk(BurnishError):  # noqa: N818 - what happened, in the words of the screen
    """Somebody else changed the file, so saving would overwrite their work."""

    def __init__(self, path: Path) -> None:
        sentence = f"{path.name} was changed on disk by another program and was not saved; reload it, or overwrite it."
        super().__init__(sentence, title="Changed on disk")


_CLOCK_STEP_NS = 50_000_000
"""Two writes this close together can leave the same modification time."""


class DiskState:
    """The file as it was opened, or as it was saved last."""

    def __init__(self, path: Path, source: Source, container: Container) -> None:
        self.content = source.content
        """Fingerprint of the file."""
        self._path, self._source, self._container = path, source, container
        self._identity = source.identity
        self._known_at = time.time_ns()
        self._other: Identity | None = None
        self._state: State | None = None
        self._texts: dict[int, bytes] = {}
        self._moved: frozenset[int] = frozenset()
        self._added: frozenset[int] = frozenset()

    def saved(self, identity: Identity, content: str, state: State) -> None:
        """The file was replaced by one with the rows of `state`."""
        self._identity, self.content, self._state = identity, content, state
        self._known_at, self._other = time.time_ns(), None
        self._texts, self._moved = dict(state.texts), state.moved
        self._added = frozenset(row for run in state.runs if run.first >= NEW_IDS for row in _ids(run))

    def changed(self) -> bool:
        """Whether somebody else changed or removed the file: by its stat, and where that is no proof by its content."""
        try:
            now = Identity.of(self._path)
        except OSError:
            return True
        recent = now.size <= HELD_BYTES and self._known_at - now.modified_ns < _CLOCK_STEP_NS
        if now == self._identity and not recent:
            return False
        if now == self._other or now.size != self._identity.size:
            return True
        if not self._same_content(now):
            self._other = now
            return True
        self._identity, self._known_at = now, time.time_ns()
        return False

    def row_changed(self, row_id: int, overlay: Overlay) -> bool:
        """Whether a row is not in the file as it is in hand."""
        if row_id >= NEW_IDS and row_id not in self._added:
            return True
        if (row_id in overlay.moved) != (row_id in self._moved):
            return True
        return overlay.texts.get(row_id) != self._texts.get(row_id)

    def changed_ids(self, overlay: Overlay) -> set[int]:
        """The rows that are not in the file as they are in hand; some of them may be deleted."""
        candidates = {*overlay.texts, *self._texts, *overlay.moved, *self._moved}
        return {row_id for row_id in candidates if self.row_changed(row_id, overlay)}

    def _same_content(self, now: Identity) -> bool:
        if self._source.held is None and (now.device, now.inode) == self._source.identity[:2]:
            return now == self._source.identity  # written into: what it was cannot be read any more
        try:
            if self._container.packing:  # one changed row changes nearly all packed bytes: samples of them will do
                with self._path.open("rb") as file:
                    return fingerprint(file.fileno()) == self.content
            parts = [Span(0, self._source.size)] if self._state is None else render(self._container, self._state)
            return same_content(self._path, parts, self._container.content)
        except (OSError, SourceError):
            return False


def _ids(run: Run) -> range:
    return range(run.first, run.first + run.length)
