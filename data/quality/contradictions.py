"""Rows whose facts contradict each other, though they answer different questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from data.facts.contradictions import Contradiction, ContradictionFinder
from data.facts.patterns import lazy
from data.facts.statements import Row
from data.quality.check import Context, Examiner, Reported
from data.quality.examined import Examined, Exchange, Reader
from data.quality.flag import Finding, Flag
from data.wording import counted

_LONGEST = 1000
"""Characters of an answer that is read: in longer ones it is not sure which thing a number belongs to."""
MOST_ROWS = 20_000
"""Rows with numbers that are read: they take about 10 s and 40 MB."""
_VALUE = lazy(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|dozen|hundred"
    r"|thousand|single|dual|quad|triple|half|twice)\b",
)


class _Contradictions(Examiner):
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._finder = ContradictionFinder()
        self._read = 0
        self._left_out = 0

    def look(self, row: Examined) -> Iterable[Flag]:
        pair = row.pair
        if pair and len(pair.answer) <= _LONGEST and _VALUE.search(pair.answer):
            if self._read < MOST_ROWS:
                self._read += 1
                self._finder.add(Row(row.index, pair.question, pair.answer))
            else:
                self._left_out += 1
        return ()

    def finish(self) -> Iterator[Reported]:
        for found in self._finder.find():
            for contradiction in found:
                pair = self._reader.row(contradiction.row).pair
                fix = _fix(self._reader, contradiction, pair) if pair else None
                reason, other = _reason(contradiction), contradiction.other_row
                yield Flag("contradiction", contradiction.row, reason, other, fix=fix or None)
            yield 0.5
        if self._left_out:
            rows = f"{counted(self._left_out)} with numbers, after the first {MOST_ROWS:,},"
            text = f"{rows} {'was' if self._left_out == 1 else 'were'} not searched for contradictions."
            suggestion = "Split the file by subject to search all."
            yield Finding("contradiction", text, {"left out": self._left_out}, suggestion)


def _reason(found: Contradiction) -> str:
    more = f" and {counted(found.other_rows - 1, 'other')}" if found.other_rows > 1 else ""
    says = "says" if found.other_rows == 1 else "say"
    about = f" ({' '.join(found.subject.split())})" if found.subject else ""
    return f"says {found.text} where row {found.other_row + 1}{more} {says} {found.other_text}{about}"


def _fix(reader: Reader, found: Contradiction, pair: Exchange) -> dict[str, Any]:
    """The answer with the value of the other rows; nothing where it is not one clean swap, or as many say either."""
    if found.other_rows <= found.rows or pair.answer.count(found.text) != 1:
        return {}
    return reader.row(found.row).replaced(pair.answer, pair.answer.replace(found.text, found.other_text))


def make(context: Context) -> Examiner:
    """A worker for one run."""
    return _Contradictions(context.reader)
