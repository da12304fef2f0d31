"""Questions asked before in slightly other words, and rows that are nearly the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from data.quality.check import Check, Context, Examiner, Reported
from data.quality.duplicates import question_key, whole_key
from data.quality.examined import LONGEST, Examined, Reader, turns_of
from data.quality.flag import Finding, Flag
from data.quality.groups import Groups
from data.quality.likeness import alike, content_words, meaning, same_meaning, sketch

_SHORTEST = 16
"""Content words of a row below which one other word makes it another row."""
_MOST_ROWS = 200_000
"""Rows compared as a whole; each takes 72 bytes."""
_MOST_LIKE = 12
"""Earlier rows that one row is compared with."""
_WORDS = 2000
"""Content words of a row that are compared."""


class _NearDuplicates(Examiner):
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._questions, self._rows = Groups(), Groups()
        self._left_out = 0

    def look(self, row: Examined) -> Iterable[Flag]:
        if row.pair:
            words = content_words(row.pair.question)
            if len(words) > 1:
                self._questions.add(meaning(words), row.index)
        if row.index >= _MOST_ROWS:
            self._left_out += 1
            return ()
        words = content_words(_whole(row))[:_WORDS]
        if len(words) >= _SHORTEST:
            for key in sketch(words):
                self._rows.add(key, row.index)
        return ()

    def finish(self) -> Iterator[Reported]:
        flagged: set[int] = set()
        for done, groups in self._questions.groups():
            for group in groups:
                for row, other in self._same_questions(group):
                    flagged.add(row)
                    yield Flag("near-duplicate", row, f"asks what row {other + 1} asks, in slightly other words", other)
                    yield done / 2
            yield done / 2
        seen: set[tuple[int, int]] = set()
        for done, groups in self._rows.groups():
            for group in groups:
                for place, row in enumerate(group):
                    pairs = {(other, row) for other in group[max(0, place - _MOST_LIKE) : place]} - seen
                    seen |= pairs
                    other = None if row in flagged else self._like(row, sorted(other for other, _ in pairs))
                    if other is not None:
                        flagged.add(row)
                        yield Flag("near-duplicate", row, f"is nearly the same as row {other + 1}", other)
                    yield (1 + done) / 2
            yield (1 + done) / 2
        if self._left_out:
            text = f"{self._left_out:,} rows after the first {_MOST_ROWS:,} were not compared as a whole."
            yield Finding("near-duplicate", text, {"left out": self._left_out}, "Their questions were.")

    def _same_questions(self, group: list[int]) -> Iterator[tuple[int, int]]:
        """The rows of a group that ask the same as an earlier one of it in other words."""
        known: list[tuple[int, str, list]] = []
        for index in group:
            row = self._reader.row(index)
            if row.pair is None:
                continue
            key, words = question_key(row), content_words(row.pair.question)
            context = key.rpartition("\0")[0]
            like = next((k for k in known if k[1].rpartition("\0")[0] == context and same_meaning(k[2], words)), None)
            if like is None and len(known) < _MOST_LIKE:
                known.append((index, key, words))
            elif like is not None and like[1] != key:
                yield index, like[0]

    def _like(self, index: int, others: list[int]) -> int | None:
        if not others:
            return None
        row = self._reader.row(index)
        words = content_words(_whole(row))[:_WORDS]
        for other in map(self._reader.row, others):
            if whole_key(other) != whole_key(row) and alike(words, content_words(_whole(other))[:_WORDS]):
                return other.index
        return None


def _whole(row: Examined) -> str:
    """All that a row says."""
    return " ".join(turn.text for turn in turns_of(row.conversation))[:LONGEST] if row.conversation else ""


def _make(context: Context) -> Examiner:
    return _NearDuplicates(context.reader)


NEAR_DUPLICATE = Check(
    "near-duplicate",
    "Near duplicates",
    "questions asked before in slightly other words, and longer rows that are the same but for some words",
    "about 0.1 ms and 90 bytes of memory a row",
    "≈",
    _make,
)
