"""Questions asked before in slightly other words, and rows that are nearly the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from data.quality.check import Context, Examiner, Reported
from data.quality.duplicates import context_key, question_key, whole_key
from data.quality.examined import LONGEST, Examined, Reader, turns_of
from data.quality.flag import Finding, Flag
from data.quality.groups import Groups
from data.quality.likeness import Word, alike, content_stems, content_words, meaning, same_meaning, sketch

_SHORTEST = 16
"""Content words of a row below which one other word makes it another row."""
MOST_ROWS = 200_000
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
            stems = content_stems(row.pair.question)
            if len(stems) > 1:
                self._questions.add(meaning(stems), row.index)
        if row.index >= MOST_ROWS:
            self._left_out += 1
            return ()
        stems = content_stems(_whole(row))[:_WORDS]
        if len(stems) >= _SHORTEST:
            for key in sketch(stems):
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
            text = f"{self._left_out:,} rows after the first {MOST_ROWS:,} were not compared as a whole."
            yield Finding("near-duplicate", text, {"left out": self._left_out}, "Their questions were.")

    def _same_questions(self, group: list[int]) -> Iterator[tuple[int, int]]:
        """The rows of a group that ask the same as an earlier one of it in other words."""
        known: list[tuple[int, str, str, list[Word]]] = []
        for index in group:
            row = self._reader.row(index)
            if row.pair is None:
                continue
            context, question, words = context_key(row), question_key(row), content_words(row.pair.question)
            like = next((k for k in known if k[1] == context and same_meaning(k[3], words)), None)
            if like is None and len(known) < _MOST_LIKE:
                known.append((index, context, question, words))
            elif like is not None and like[2] != question:
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


def make(context: Context) -> Examiner:
    """A worker for one run."""
    return _NearDuplicates(context.reader)
