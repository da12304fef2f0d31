"""Rows that cannot be read, and rows in which something is missing."""

from __future__ import annotations

from collections.abc import Iterator

from data.quality.check import Context, Examiner
from data.quality.examined import Examined, turns_of
from data.quality.flag import Flag


class _Emptiness(Examiner):
    def look(self, row: Examined) -> Iterator[Flag]:
        if row.error is not None:
            yield Flag("empty", row.index, row.error)
        elif row.problem is not None:
            yield Flag("empty", row.index, row.problem)
        elif row.values is not None and row.conversation is None:
            if not any(text.strip() for _, text in row.strings):
                yield Flag("empty", row.index, "has no text", delete=not row.values)
        elif row.conversation is not None:
            for place, turn in enumerate(turns_of(row.conversation), 1):
                if not (turn.text.strip() or turn.calls or turn.media or turn.reasoning.strip() or turn.role == "tool"):
                    yield Flag("empty", row.index, f"has nothing in turn {place} ({turn.role})")
                    return


def make(_: Context) -> Examiner:
    """A worker for one run."""
    return _Emptiness()
