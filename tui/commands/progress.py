"""Progress of a command as plain lines."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType

from engine.jobs.events import Note

_QUIET = 2.0
"""Seconds that may pass without a word."""


class LineProgress:
    """Prints what goes on to stderr, one line each, at most a few a second; stdout stays free for results."""

    def __init__(self, topic: str) -> None:
        self._topic = topic
        self._last = 0.0
        self._held: str | None = None

    def __enter__(self) -> LineProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flush()

    def say(self, text: str) -> None:
        """Print a line now."""
        self._flush()
        print(f"{self._topic}: {text}", file=sys.stderr, flush=True)
        self._last = time.monotonic()

    def note(self, note: Note) -> None:
        """Print a note, unless one was printed just before; the newest of those held back is printed in the end."""
        share = f" ({note.fraction:.0%})" if note.fraction is not None else ""
        self._held = f"{note.text}{share}"
        if time.monotonic() - self._last >= 0.5:
            self._flush()

    def _flush(self) -> None:
        if self._held is not None:
            held, self._held = self._held, None
            print(f"{self._topic}: {held}", file=sys.stderr, flush=True)
            self._last = time.monotonic()


def after_a_while(progress: LineProgress) -> Callable[[str, float], None]:
    """Something to tell what is done and how far: it prints only what takes long enough to make a person wonder."""
    started = time.monotonic()

    def say(what: str, done: float) -> None:
        if time.monotonic() - started > _QUIET:
            progress.note(Note(what, done))

    return say
