"""Where a run's words go: events for the screens, lines for the log."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from data.wording import byte_size
from engine.jobs.events import (
    EVENTS_FILE,
    CheckpointSaved,
    Evaluation,
    Event,
    EventWriter,
    Note,
    Progress,
    Resumed,
    Sample,
    StateChanged,
    Warned,
)
from engine.training.tensorboard import TensorBoardLog

_RESERVE = ".reserve"
"""A file that is there to be deleted: on a full disk the last word takes its room."""
_RESERVED = 64 << 10


class Reporter:
    """Writes every event to `events.jsonl`, its values for TensorBoard, and a line to stdout (which becomes `log.txt`).

    A report that cannot be written (a full disk) is dropped: it must not end a training that could still save its
    work when there is room again. The saving itself fails with a reason of its own.
    """

    def __init__(self, run_folder: Path) -> None:
        self._writer = EventWriter(run_folder / EVENTS_FILE)
        self._board = TensorBoardLog(run_folder)
        self._reserve = run_folder / _RESERVE
        with suppress(OSError):
            self._reserve.write_bytes(bytes(_RESERVED))

    def __call__(self, event: Event) -> None:
        """Report one event."""
        with suppress(OSError):
            self._writer.write(event)
        self._print(event)
        self._board(event)

    def last_word(self, event: Event) -> None:
        """Report how the run ended, for which there is always room, and close the event log."""
        with suppress(OSError):
            self._reserve.unlink(missing_ok=True)
        with suppress(OSError):
            self._writer.write(event)
        self._print(event)
        self._writer.close()
        self._board.close()

    def _print(self, event: Event) -> None:
        with suppress(OSError):
            sys.stdout.write(f"{described(event)}\n")
            sys.stdout.flush()


class Silence:
    """Reports nothing: for the processes of a run beside the first one."""

    def __call__(self, event: Event) -> None:
        """Say nothing."""

    def last_word(self, event: Event) -> None:
        """Say nothing, and have nothing to close."""


def described(event: Event) -> str:
    """An event as the log tells it, on one line."""
    match event:
        case StateChanged():
            return f"{event.state}{f': {event.reason}' if event.reason else ''}"
        case Progress():
            return (
                f"step {event.step}/{event.total_steps} · epoch {event.epoch:.2f} · loss {event.loss:.4f} · "
                f"rate {event.learning_rate:.2e} · gradient {event.grad_norm:.2f} · "
                f"{event.tokens_per_second:.0f} tokens/s"
            )
        case Evaluation():
            return f"held-out loss {event.loss:.4f} on {event.rows} rows after step {event.step}"
        case Sample():
            return f"after step {event.step}: {event.question!r} -> {event.answer!r}"
        case CheckpointSaved():
            return f"saved {event.path} ({byte_size(event.size_bytes)}) after step {event.step}"
        case Resumed():
            return f"resumed at step {event.step}" if event.step else "started over"
        case Warned():
            return f"warning: {event.text}"
        case Note():
            return event.text
