"""Finds the runs of a workspace, follows them, and tells what changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from engine.reports import Report, RunsListed
from engine.training.history import RunHistory
from engine.training.runs import run_folders

SLICE = 0.1
"""Seconds after which reading gives others a turn: a long run has tens of megabytes of events."""
_CHUNK = 1 << 20
"""Bytes of one event log read at a time."""
MOST_WATCHED = 40
"""Runs whose steps are kept, beside those at work; those looked at longest ago are read again when wanted."""


class RunSupervisor:
    """Keeps a history of every run in a workspace, whoever started it.

    `look` is called a few times a second on the engine's thread. Runs are found by their folders, so those that an
    earlier screen or the command line started are followed like our own. Of runs that have ended and that nobody looks
    at only the last step is kept.
    """

    def __init__(self, workspace: Path, report: Callable[[Report], None]) -> None:
        self._workspace = workspace
        self._report = report
        self._histories: dict[str, RunHistory] = {}
        self._watched: dict[str, None] = {}
        """In the order in which they were asked for."""
        self._owed: set[str] = set()
        """Runs whose snapshot waits until all is read that they have written."""
        self._unread: set[str] = set()
        """Runs that were found and not yet read to their end."""
        self._order: tuple[str, ...] | None = None

    def watch(self, run_id: str) -> None:
        """Report this run in full, as soon as it is read and whenever it changes."""
        self._watched.pop(run_id, None)
        self._watched[run_id] = None
        history = self._histories.get(run_id)
        if history is not None and history.short:
            self._histories[run_id] = RunHistory(history.folder)
        self._owed.add(run_id)
        for old in list(self._watched)[:-MOST_WATCHED]:
            del self._watched[old]
            if old in self._histories:
                self._shorten(old)
        self.look()

    def history(self, run_id: str) -> RunHistory | None:
        """What is known of a run; None when the workspace has no such run."""
        return self._histories.get(run_id)

    def stirred(self) -> bool:
        """Whether a run that is at work has written since the last look."""
        return any(history.active and history.grown() for history in self._histories.values())

    def look(self) -> bool:
        """Read what is new on disk and report what changed; whether there is more to read at once."""
        until = time.monotonic() + SLICE
        listed = {folder.name: folder for folder in run_folders(self._workspace)}
        changed_list = tuple(listed) != self._order
        self._order = tuple(listed)
        for gone in self._histories.keys() - listed.keys():
            del self._histories[gone]
        more = read = False
        for run_id in sorted(listed, key=lambda each: each not in self._watched):
            if read and time.monotonic() > until:
                more = True
                break
            history = self._histories.get(run_id)
            if history is None or (history.short and history.grown()):
                if history is None:
                    self._unread.add(run_id)
                history = self._histories[run_id] = RunHistory(listed[run_id])
            elif not (history.active or history.behind or run_id in self._watched or history.grown()):
                continue
            if self._read(history, until):
                self._owed.add(run_id)
                changed_list = read = True
            if history.behind:
                more = True
            elif run_id in self._owed:
                self._owed.discard(run_id)
                # One that had ended before it was found is told with the list only.
                if run_id not in self._unread or history.active or run_id in self._watched:
                    self._report(history.snapshot())
                self._unread.discard(run_id)
                self._shorten(run_id)
        if changed_list:
            known = [self._histories[each] for each in listed if each in self._histories]
            self._report(RunsListed(tuple(each.snapshot(with_progress=False) for each in known)))
        return more

    def _read(self, history: RunHistory, until: float) -> bool:
        """Read what a run has written, for as long as there is time; whether anything changed."""
        changed = history.refresh(with_log=True, limit=_CHUNK)
        while history.behind and time.monotonic() < until:
            changed = history.refresh(limit=_CHUNK) or changed
        return changed

    def _shorten(self, run_id: str) -> None:
        """Forget the steps of a run that has ended, if nobody looks at it."""
        history = self._histories[run_id]
        if run_id not in self._watched and not history.active and not history.behind:
            history.shorten()
