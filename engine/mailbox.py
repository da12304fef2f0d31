"""The way from the engine to a screen: bounded, never blocking, newest state wins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.reports import Report

_MOST_UNKEYED = 100


class Mailbox:
    """Reports that wait for a screen.

    A report replaces a waiting one of the same key, so the box holds at most one a key (and a hundred that have none:
    the oldest of those go first). `wake` is called once when the box was empty, from the putting thread; it must not
    block. A screen that is suspended or stalled costs the engine nothing and finds the newest state when it is back.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._lock = threading.Lock()
        self._waiting: dict[str, Report] = {}
        self._unkeyed = 0

    def put(self, report: Report) -> None:
        """Leave a report for the screen."""
        with self._lock:
            was_empty = not self._waiting
            key = report.key
            if not key:
                self._unkeyed += 1
                key = f"\0{self._unkeyed}"
                self._waiting.pop(f"\0{self._unkeyed - _MOST_UNKEYED}", None)
            self._waiting[key] = report
        if was_empty:
            self._wake()

    def take(self) -> list[Report]:
        """Everything that waits, in the order in which it first came; the box is empty afterwards."""
        with self._lock:
            reports = list(self._waiting.values())
            self._waiting.clear()
        return reports
