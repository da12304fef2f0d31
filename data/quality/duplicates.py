"""Rows that are in the file already, and questions that were asked before."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from data.quality.check import Context, Examiner, Reported
from data.quality.examined import Examined, Reader
from data.quality.flag import Flag
from data.quality.groups import Groups, hashed

_END = re.compile(r"[\s.?!:]+$")


class _Duplicates(Examiner):
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._rows, self._questions = Groups(), Groups()

    def look(self, row: Examined) -> Iterable[Flag]:
        if row.values:
            self._rows.add(whole_key(row), row.index)
        if row.pair and row.pair.question.strip():
            self._questions.add(hashed(question_key(row)), row.index)
        return ()

    def finish(self) -> Iterator[Reported]:
        same: set[int] = set()
        for done, groups in self._rows.groups():
            for first, *others in groups:
                for row in others:
                    same.add(row)
                    yield Flag("duplicate", row, f"is the same as row {first + 1}", first, delete=True)
            yield done / 2
        for done, groups in self._questions.groups():
            for group in groups:
                first, *others = [row for row in group if row not in same]
                answer = None if not others else _plain(self._reader.row(first))
                for row in others:
                    kind = "with the same answer" if _plain(self._reader.row(row)) == answer else "with another answer"
                    yield Flag("duplicate", row, f"asks what row {first + 1} asks, {kind}", first)
                    yield (1 + done) / 2
            yield (1 + done) / 2


def question_key(row: Examined) -> str:
    """What makes two questions the same: all but case, spaces and the sign at the end; the context counts."""
    assert row.pair is not None
    return f"{context_key(row)}\0{_END.sub('', ' '.join(row.pair.question.split()).casefold())}"


def context_key(row: Examined) -> str:
    """What makes the same question another one: the system prompt, and whether the answer is marked as good or bad."""
    assert row.conversation is not None
    return f"{row.conversation.system or ''}\0{row.conversation.label}"


def whole_key(row: Examined) -> int:
    """64 bits of all fields of a row, the same in whatever order they stand."""
    try:
        return hashed(json.dumps(row.values, sort_keys=True, ensure_ascii=False))
    except RecursionError:
        return hashed(f"row {row.index}")


def _plain(row: Examined) -> str:
    return " ".join(row.pair.answer.split()) if row.pair else ""


def make(context: Context) -> Examiner:
    """A worker for one run."""
    return _Duplicates(context.reader)
