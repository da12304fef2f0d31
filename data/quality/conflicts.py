"""The same question answered in two ways that cannot both be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from data.facts.contradictions import conflict
from data.facts.patterns import lazy
from data.quality.check import Context, Examiner, Reported
from data.quality.duplicates import context_key
from data.quality.examined import Examined, Exchange, Reader
from data.quality.flag import Flag
from data.quality.groups import Groups
from data.quality.likeness import asked_stems, asked_words, meaning, same_meaning, tells_enough

_LONGEST = 1000
"""Characters of an answer that is compared: of longer ones, facts do not line up well."""
_OPINION = lazy(r"\b(?:favou?rite|prefer|opinion|best|worst|do you (?:like|think|feel|want))\b", re.IGNORECASE)
"""What everybody may answer otherwise."""
_MOST_LIKE = 8
"""Answers to one question that each further one is compared with."""


class _Conflicts(Examiner):
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._questions = Groups()

    def look(self, row: Examined) -> Iterable[Flag]:
        if row.pair and len(row.pair.answer) <= _LONGEST and not _OPINION.search(row.pair.question):
            stems = asked_stems(row.pair.question)
            if tells_enough(stems):
                self._questions.add(meaning(stems), row.index)
        return ()

    def finish(self) -> Iterator[Reported]:
        for done, groups in self._questions.groups():
            for group in groups:
                known: list[tuple[int, str, Exchange]] = []
                for index in group:
                    row = self._reader.row(index)
                    if row.pair is None:
                        continue
                    context = context_key(row)
                    found = _conflicting(row.pair, [(other, pair) for other, c, pair in known if c == context])
                    if found:
                        other, text, other_text = found
                        reason = f"says “{text}” where row {other + 1} answers the same question with “{other_text}”"
                        yield Flag("conflict", index, reason, other)
                    elif len(known) < _MOST_LIKE:
                        known.append((index, context, row.pair))
                    yield done
            yield done


def _conflicting(pair: Exchange, known: list[tuple[int, Exchange]]) -> tuple[int, str, str] | None:
    """An earlier row that answers otherwise, with what the two say."""
    words = asked_words(pair.question)
    for other, earlier in known:
        if earlier.answer != pair.answer and same_meaning(asked_words(earlier.question), words):
            marks = conflict(pair.question, pair.answer, earlier.answer)
            if marks:
                return other, marks[0].fact.text, marks[1].fact.text
    return None


def make(context: Context) -> Examiner:
    """A worker for one run."""
    return _Conflicts(context.reader)
