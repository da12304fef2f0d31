"""The same question answered in two ways that cannot both be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from data.facts.contradictions import conflict
from data.quality.check import Check, Context, Examiner, Reported
from data.quality.examined import Examined, Exchange, Reader
from data.quality.flag import Flag
from data.quality.groups import Groups
from data.quality.likeness import content_words, meaning, same_meaning

_LONGEST = 1000
"""Characters of an answer that is compared: of longer ones, facts do not line up well."""
_MOST_LIKE = 8
"""Answers to one question that each further one is compared with."""


class _Conflicts(Examiner):
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._questions = Groups()

    def look(self, row: Examined) -> Iterable[Flag]:
        if row.pair and len(row.pair.answer) <= _LONGEST:
            words = content_words(row.pair.question)
            if len(words) > 1:
                self._questions.add(meaning(words), row.index)
        return ()

    def finish(self) -> Iterator[Reported]:
        for done, groups in self._questions.groups():
            for group in groups:
                known: list[tuple[int, Exchange]] = []
                for index in group:
                    pair = self._reader.row(index).pair
                    if pair is None:
                        continue
                    found = _conflicting(pair, known)
                    if found:
                        other, text, other_text = found
                        reason = f"says “{text}” where row {other + 1} answers the same question with “{other_text}”"
                        yield Flag("conflict", index, reason, other)
                    elif len(known) < _MOST_LIKE:
                        known.append((index, pair))
                    yield done
            yield done


def _conflicting(pair: Exchange, known: list[tuple[int, Exchange]]) -> tuple[int, str, str] | None:
    """An earlier row that answers otherwise, with what the two say."""
    words = content_words(pair.question)
    for other, earlier in known:
        if earlier.answer != pair.answer and same_meaning(content_words(earlier.question), words):
            marks = conflict(pair.question, pair.answer, earlier.answer)
            if marks:
                return other, marks[0].fact.text, marks[1].fact.text
    return None


def _make(context: Context) -> Examiner:
    return _Conflicts(context.reader)


CONFLICT = Check(
    "conflict",
    "Conflicting answers",
    "the same question, in the same or slightly other words, with answers that cannot both be right",
    "about 30 µs a row, and 1 ms for each question asked twice",
    "≠",
    _make,
)
