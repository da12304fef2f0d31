"""Finds the runs of a workspace, follows them, and tells what changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.reports import Report, RunsListed
from engine.training.history import RunHistory
from engine.training.runs import run_folders


class RunSupervisor:
    """Keeps a history of every run in a workspace, whoever started it.

    `look` is called a few times a second on the engine's thread. Runs are found by their folders, so those that an
    earlier screen or the command line started are followed like our own.
    """

    def __init__(self, workspace: Path, report: Callable[[Report], None]) -> None:
        self._workspace = workspace
        self._report = report
        self._histories: dict[str, RunHistory] = {}
        self._watched: set[str] = set()
        self._order: tuple[str, ...] | None = None

    def watch(self, run_id: str) -> None:
        """Report this run in full, now and whenever it changes."""
        self._watched.add(run_id)
        history = self._histories.get(run_id)
        if history is not None:
            history.refresh(with_log=True)
            self._report(history.snapshot())

    def history(self, run_id: str) -> RunHistory | None:
        """What is known of a run; None when the workspace has no such run."""
        return self._histories.get(run_id)

    def look(self) -> None:
        """Read what is new on disk and report what changed."""
        folders = run_folders(self._workspace)
        listed = tuple(folder.name for folder in folders)
        changed_list = listed != self._order
        self._order = listed
        for folder in folders:
            if folder.name not in self._histories:
                self._histories[folder.name] = RunHistory(folder)
                self._histories[folder.name].refresh()
        for gone in self._histories.keys() - set(listed):
            del self._histories[gone]
        for run_id in listed:
            history = self._histories[run_id]
            if not (history.active or run_id in self._watched or history.grown()):
                continue
            # Asked for before the refresh, so that the change from active to ended is still reported.
            if history.refresh(with_log=True) or changed_list:
                self._report(history.snapshot())
                changed_list = True
        if changed_list:
            self._report(RunsListed(tuple(self._histories[each].snapshot(with_progress=False) for each in listed)))
