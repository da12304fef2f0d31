"""The warnings and errors that were flashed, and where more is written about each."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engine.jobs.detached import LOG_FILE

KEPT = 200
"""Messages that are kept; the oldest go first."""

KEPT_SEVERITIES = ("warning", "error")
"""Those that a person may want to read again. Information says what a key has just done."""

_WORD = re.compile(r"[^\s\"'(),;]+")
_LOGS = (".log", ".txt")


@dataclass(frozen=True, slots=True)
class Told:
    """One message as it was flashed."""

    text: str
    severity: str
    """"warning" or "error"."""
    log: Path | None = None
    """The log with its details, where the one who told knows it."""
    at: float = field(default_factory=time.time)
    """Seconds since the epoch."""


class ToldRecord:
    """The newest messages of this session, newest first."""

    def __init__(self) -> None:
        self._kept: deque[Told] = deque(maxlen=KEPT)

    def keep(self, told: Told) -> None:
        """Keep a message, if it is one to read again."""
        if told.severity in KEPT_SEVERITIES:
            self._kept.appendleft(told)

    @property
    def newest_first(self) -> tuple[Told, ...]:
        """All that are kept."""
        return tuple(self._kept)


def log_about(told: Told, workspace: Path) -> Path | None:
    """The log with the details of a message: its own, or that of the file, run or server that it names.

    Asks the disk whether there is one.
    """
    return next((path for path in _logs(told, workspace) if path.is_file()), None)


def _logs(told: Told, workspace: Path) -> Iterator[Path]:
    if told.log is not None:
        yield told.log
    for word in dict.fromkeys(each.rstrip(".:") for each in _WORD.findall(told.text)):
        if "/" in word and word.endswith(_LOGS):
            yield workspace / word
        elif word and "/" not in word and len(word) < 100:
            yield workspace / "runs" / word / LOG_FILE
            yield workspace / ".burnish" / "servers" / word / LOG_FILE
