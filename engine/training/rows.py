"""Which rows a job trains on and which it holds out."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from data.errors import InputError
from data.formats.alpaca import pairs
from data.formats.pair import Pair
from engine.training.job import DatasetSection

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a job."""

    train: list[Pair]
    held_out: list[Pair]
    files: list[Path]
    """The files they came from."""
    withdrawn: int
    """Rows taken out of the training because their question is in the held-out file."""


def load_rows(dataset: DatasetSection, workspace: Path) -> Rows:
    """Read a job's rows and split them. Raises InputError naming the file, and the row where one is at fault.

    Rows with the same question stay on one side of the split, and a question of the held-out file is never trained on.
    """
    path = workspace / Path(dataset.path).expanduser()
    rows = _first(_read(path), dataset.max_rows)
    if dataset.held_out:
        held_path = workspace / Path(dataset.held_out).expanduser()
        held_out = _read(held_path)
        asked = {fold(row.question) for row in held_out}
        train = [row for row in rows if fold(row.question) not in asked]
        if not train:
            raise InputError(f"Every row of {path} is held out by {held_path}; choose another held-out file.")
        return Rows(train, _first(held_out, dataset.max_held_out_rows), [path, held_path], len(rows) - len(train))
    train, held_out = split(rows, dataset.held_out_fraction)
    if not train:
        raise InputError(f"{path} has too few different questions to hold some out; set held_out_fraction to 0.")
    return Rows(train, _first(held_out, dataset.max_held_out_rows), [path], 0)


def split(rows: list[Pair], fraction: float) -> tuple[list[Pair], list[Pair]]:
    """Split rows into (trained on, held out) so that all rows with one question are on one side.

    The held-out side has at least `fraction` of the rows, as closely as whole questions allow. Always the same split
    for the same questions, so that two runs on a file can be compared.
    """
    if not fraction:
        return rows, []
    questions = sorted({fold(row.question) for row in rows})
    random.Random(0).shuffle(questions)  # noqa: S311 - no secret
    count = dict.fromkeys(questions, 0)
    for row in rows:
        count[fold(row.question)] += 1
    chosen: set[str] = set()
    wanted = fraction * len(rows)
    for question in questions:
        if wanted <= 0:
            break
        chosen.add(question)
        wanted -= count[question]
    return (
        [row for row in rows if fold(row.question) not in chosen],
        [row for row in rows if fold(row.question) in chosen],
    )


def reference_for(question: str, rows: Iterable[Pair]) -> Pair | None:
    """The row that asks this question, if there is one."""
    folded = fold(question)
    return next((row for row in rows if fold(row.question) == folded), None)


def fold(question: str) -> str:
    """A question without case, punctuation and spacing: what stays equal when it is merely typed differently."""
    return " ".join(_WORDS.findall(question.casefold()))


def _first(rows: list[Pair], most: int) -> list[Pair]:
    return rows[:most] if most else rows


def _read(path: Path) -> list[Pair]:
    if not path.is_file():
        raise InputError(f"There is no dataset file {path}.")
    rows = list(pairs(path))
    if not rows:
        raise InputError(f"{path} has no usable rows; each needs an instruction and an output.")
    return rows
