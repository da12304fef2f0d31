"""Questions asked before in slightly other words, and rows that are nearly the same."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

from data.quality.check import Context, Examiner, Reported
from data.quality.duplicates import context_key, question_key, whole_key
from data.quality.examined import LONGEST, Examined, Reader, turns_of
from data.quality.flag import Finding, Flag
from data.quality.groups import Groups
from data.quality.likeness import (
    Words,
    alike,
    asked_stems,
    asked_words,
    content_stems,
    content_words,
    may_be_alike,
    meaning,
    same_meaning,
    sketch,
    tells_enough,
)

_SHORTEST = 16
"""Content words of a row below which one other word makes it another row."""
MOST_ROWS = 200_000
"""Rows compared as a whole; each takes 80 bytes."""
_MOST_LIKE = 12
"""Earlier rows that one row is compared with."""
_KEPT = 500
"""Rows whose words are kept while rows are compared."""
_WORDS = 2000
"""Content words of a row that are compared."""


class _NearDuplicates(Examiner):
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._questions, self._rows = Groups(), Groups()
        self._bins = array("Q")
        self._kept: dict[int, tuple[int, Words]] = {}
        self._left_out = 0

    def look(self, row: Examined) -> Iterable[Flag]:
        if row.pair:
            stems = asked_stems(row.pair.question)
            if tells_enough(stems):
                self._questions.add(meaning(stems), row.index)
        if row.index >= MOST_ROWS:
            self._left_out += 1
            return ()
        stems = content_stems(_whole(row))[:_WORDS]
        keys, bins = sketch(stems) if len(stems) >= _SHORTEST else ([], 0)
        self._bins.append(bins)
        for key in keys:
            self._rows.add(key, row.index)
        return ()

    def finish(self) -> Iterator[Reported]:
        flagged: set[int] = set()
        for done, groups in self._questions.groups():
            for group in groups:
                for row, other in self._same_questions(group):
                    if other is not None:
                        flagged.add(row)
                        reason = f"asks what row {other + 1} asks, in slightly other words"
                        yield Flag("near-duplicate", row, reason, other)
                    yield done / 2
            yield done / 2
        for done, groups in self._rows.groups():
            for group in groups:
                for place, row in enumerate(group):
                    other = None if row in flagged else self._like(row, group[max(0, place - _MOST_LIKE) : place])
                    if other is not None:
                        flagged.add(row)
                        yield Flag("near-duplicate", row, f"is nearly the same as row {other + 1}", other)
                    yield (1 + done) / 2
            yield (1 + done) / 2
        if self._left_out:
            text = f"{self._left_out:,} rows after the first {MOST_ROWS:,} were not compared as a whole."
            yield Finding("near-duplicate", text, {"left out": self._left_out}, "Their questions were.")

    def _same_questions(self, group: list[int]) -> Iterator[tuple[int, int | None]]:
        """Each row of a group, with the earlier one of it that asks the same in other words, where there is one."""
        known: list[tuple[int, str, str, Words]] = []
        for index in group:
            row = self._reader.row(index)
            other = None
            if row.pair is not None:
                context, question, words = context_key(row), question_key(row), asked_words(row.pair.question)
                like = next((k for k in known if k[1] == context and same_meaning(k[3], words)), None)
                if like is None and len(known) < _MOST_LIKE:
                    known.append((index, context, question, words))
                elif like is not None and like[2] != question:
                    other = like[0]
            yield index, other

    def _like(self, index: int, others: list[int]) -> int | None:
        """One of some earlier rows that a row is nearly the same as."""
        others = [other for other in others if may_be_alike(self._bins[index], self._bins[other])]
        if not others:
            return None
        key, words = self._words_of(index)
        for other in others:
            other_key, other_words = self._words_of(other)
            if other_key != key and alike(words, other_words):
                return other
        return None

    def _words_of(self, index: int) -> tuple[int, Words]:
        """What tells a row from others, and its content words; kept for the rows that come up again."""
        if index not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            row = self._reader.row(index)
            self._kept[index] = whole_key(row), content_words(_whole(row), _WORDS)
        return self._kept[index]


def _whole(row: Examined) -> str:
    """All that a row says."""
    return " ".join(turn.text for turn in turns_of(row.conversation))[:LONGEST] if row.conversation else ""


def make(context: Context) -> Examiner:
    """A worker for one run."""
    return _NearDuplicates(context.reader)
