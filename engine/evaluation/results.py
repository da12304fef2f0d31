"""What was answered so far: `results.jsonl`, one object an answer or a comparison, appended and never rewritten."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, get_args

from data.errors import BurnishError, InputError
from engine.evaluation.asked_rows import AskedRow
from engine.evaluation.batch import RESULTS, Batch, read_questions
from engine.evaluation.judging import Answered, Compared, Mark, compare_answers

_TRIES, _PAUSE = 5, 0.01
"""How often, and how many seconds apart, the lock of a batch is tried."""


@dataclass(frozen=True, slots=True)
class EvaluatedRow:
    """One question with what the arms said."""

    question: AskedRow
    answers: tuple[Answered | None, ...]
    """In the order of the arms; None while an arm has not been asked."""
    compared: tuple[Compared | None, ...]
    """Each arm beside the first, in the order of the arms; None for the first, and until both have answered."""

    @property
    def different(self) -> bool:
        """Whether an arm states other facts than the first."""
        return any(each is not None and each.different for each in self.compared)

    @property
    def done(self) -> bool:
        """Whether every arm has answered."""
        return all(answer is not None and not answer.error for answer in self.answers)

    def verdict(self, place: int) -> str:
        """The verdict on the arm at this place; "" where there is none."""
        answer = self.answers[place]
        return "" if answer is None or answer.error else answer.verdict

    def lost(self, place: int) -> bool:
        """Whether the first arm is right and this one is not."""
        return self.verdict(0) == "right" and self.verdict(place) in ("wrong", "unclear")

    def gained(self, place: int) -> bool:
        """Whether this arm is right and the first one is not."""
        return self.verdict(place) == "right" and self.verdict(0) in ("wrong", "unclear")


class Results:
    """The rows of a batch as they fill up."""

    def __init__(self, batch: Batch, questions: tuple[AskedRow, ...]) -> None:
        self.batch = batch
        self._places = {arm.name: place for place, arm in enumerate(batch.arms)}
        empty = (None,) * len(batch.arms)
        self._rows = [EvaluatedRow(question, empty, empty) for question in questions]
        self.answered = 0
        """Answers so far, without failures."""
        self.failed = 0
        """Requests that failed and have not been answered since."""

    @classmethod
    def read(cls, batch: Batch) -> Results:
        """What a batch's folder holds; torn and foreign lines are passed over. Raises as `read_questions`."""
        results = cls(batch, read_questions(batch))
        for values in _lines(batch.folder / RESULTS):
            try:
                results.take(_record(values))
            except (KeyError, TypeError, ValueError):
                continue
        for row in results.rows:
            # The comparison that belongs to the last answer is lost where a writer was killed between the two.
            for compared in results.comparisons(row.question.number):
                results.take(compared)
        return results

    @property
    def rows(self) -> tuple[EvaluatedRow, ...]:
        """All rows, in the order of the questions."""
        return tuple(self._rows)

    def take(self, record: Answered | Compared) -> None:
        """Note an answer or a comparison; a later one of the same question and arm replaces the earlier.

        Raises KeyError for an arm, ValueError for a question that the batch has not.
        """
        place = self._places[record.arm]
        if not 1 <= record.number <= len(self._rows):
            raise ValueError(record.number)
        row = self._rows[record.number - 1]
        if isinstance(record, Compared):
            self._rows[record.number - 1] = replace(row, compared=_with(row.compared, place, record))
            return
        before = row.answers[place]
        self._count(before, -1)
        self._count(record, 1)
        # What the answer before this one was compared as does not hold any more.
        compared = (None,) * len(row.compared) if place == 0 else _with(row.compared, place, None)
        self._rows[record.number - 1] = replace(row, answers=_with(row.answers, place, record), compared=compared)

    def comparisons(self, number: int) -> list[Compared]:
        """The comparisons of a question that can be made and have not been."""
        row = self._rows[number - 1]
        first, *others = row.answers
        if first is None or first.error:
            return []
        return [
            compare_answers(row.question, first.text, other)
            for place, other in enumerate(others, 1)
            if other is not None and not other.error and row.compared[place] is None
        ]

    def missing(self) -> Iterator[tuple[AskedRow, int]]:
        """What is still to be asked: questions and places of arms, those that failed before after all others."""
        for failed in (False, True):
            for row in self._rows:
                for place, answer in enumerate(row.answers):
                    if (answer is not None and bool(answer.error)) if failed else answer is None:
                        yield row.question, place

    def _count(self, answer: Answered | None, by: int) -> None:
        if answer is not None and answer.error:
            self.failed += by
        elif answer is not None:
            self.answered += by


class ResultLog:
    """The open file that results are appended to."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    def write(self, record: Answered | Compared) -> None:
        """Append a line, at once. Raises BurnishError when the disk takes no more."""
        values = {key: value for key, value in asdict(record).items() if value not in ("", None)}
        line = json.dumps({"kind": type(record).__name__.lower(), **values}).encode() + b"\n"
        try:
            while line:
                line = line[os.write(self._descriptor, line) :]
        except OSError as error:
            raise BurnishError(
                f"The results cannot be written to {self._path}: {error.strerror}; what was answered before is kept.",
                title="Evaluation stopped",
            ) from error


@contextmanager
def appending(batch: Batch) -> Iterator[ResultLog]:
    """Open the results for appending, for one writer at a time; a torn last line is ended first.

    Raises InputError when another screen or command is at work on the batch, BurnishError when it cannot be written.
    """
    path = batch.folder / RESULTS
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise BurnishError(f"The results cannot be written to {path}: {error.strerror}.") from error
    try:
        _lock(descriptor, batch)
        end = os.fstat(descriptor).st_size
        if end and os.pread(descriptor, 1, end - 1) != b"\n":
            os.write(descriptor, b"\n")
        yield ResultLog(path, descriptor)
    finally:
        os.close(descriptor)


def at_work(batch: Batch) -> bool:
    """Whether a screen or a command is asking this batch's questions now."""
    try:
        descriptor = os.open(batch.folder / RESULTS, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _lock(descriptor: int, batch: Batch) -> None:
    for _ in range(_TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # `at_work` holds it for a moment.
            time.sleep(_PAUSE)
        else:
            return
    raise InputError(f"{batch.id} is being worked on by another screen or command.")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open("rb") as file:
            for line in file:
                try:
                    values = json.loads(line)
                except ValueError:
                    continue  # the tail that a killed process left
                if isinstance(values, dict):
                    yield values
    except FileNotFoundError:
        return


def _record(values: dict[str, Any]) -> Answered | Compared:
    kind = values.pop("kind")
    if kind == "compared":
        return Compared(**{**values, "changes": tuple(map(str, values.get("changes", ())))})
    if kind != "answered":
        raise ValueError(kind)
    answered = Answered(**values)
    texts = (answered.arm, answered.text, answered.error, answered.reason, answered.finish_reason)
    if answered.verdict not in get_args(Mark) or not all(isinstance(each, str) for each in texts):
        raise ValueError(answered.verdict)
    return answered


def _with(items: tuple[Any, ...], place: int, item: Any) -> tuple[Any, ...]:
    return (*items[:place], item, *items[place + 1 :])
