"""Which rows a job trains on and which it holds out."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from data.errors import InputError
from data.formats.detect import Misfit, look
from data.formats.mapping import FieldMapping
from data.formats.pair import Pair
from data.formats.reading import each_pair
from data.splitting.questions import fold
from data.store import RowStore
from data.wording import counted
from engine.training.job import DatasetSection

_NAMED = 5
"""Rows named by their numbers, after the one with its reason."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a job."""

    train: list[Pair]
    held_out: list[Pair]
    files: list[Path]
    """The files they came from."""
    withdrawn: int
    """Rows taken out of the training because their question is in the held-out file."""
    unusable: list[str] = field(default_factory=list[str])
    """Of each file with rows that cannot be trained on: how many there are, and why, a sentence without full stop."""


def load_rows(dataset: DatasetSection, workspace: Path) -> Rows:
    """Read a job's rows and split them. Raises InputError naming the file, and the row where one is at fault.

    Rows with the same question stay on one side of the split, and a question of the held-out file is never trained on.
    """
    path = workspace / Path(dataset.path).expanduser()
    unusable: list[str] = []
    rows = _first(_read(path, dataset.mapping, dataset.unusable, unusable), dataset.max_rows)
    if dataset.held_out:
        held_path = workspace / Path(dataset.held_out).expanduser()
        mapping = dataset.mapping if dataset.mapping and _fits(held_path, dataset.mapping) else None
        held_out = _read(held_path, mapping, dataset.unusable, unusable)
        asked = {fold(row.question) for row in held_out}
        train = [row for row in rows if fold(row.question) not in asked]
        if not train:
            raise InputError(f"Every row of {path} is held out by {held_path}; choose another held-out file.")
        held_out = _first(held_out, dataset.max_held_out_rows)
        return Rows(train, held_out, [path, held_path], len(rows) - len(train), unusable)
    train, held_out = split(rows, dataset.held_out_fraction)
    if not train:
        raise InputError(f"{path} has too few different questions to hold some out; set held_out_fraction to 0.")
    return Rows(train, _first(held_out, dataset.max_held_out_rows), [path], 0, unusable)


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


def _first(rows: list[Pair], most: int) -> list[Pair]:
    return rows[:most] if most else rows


def _read(
    path: Path, mapping: FieldMapping | None, on_unusable: Literal["refuse", "skip"], unusable: list[str]
) -> list[Pair]:
    _require(path)
    rows: list[Pair] = []
    others: list[Misfit] = []
    for each in each_pair(path, mapping):
        if isinstance(each, Pair):
            rows.append(each)
        else:
            others.append(each)
    if others and on_unusable == "refuse":
        which = "that row" if len(others) == 1 else "those rows"
        sentence = f'{_named(path, others)}; mend or delete {which}, or set dataset.unusable to "skip".'
        raise InputError(sentence, title="A row cannot be used")
    if not rows:
        raise InputError(f"{path} has no usable rows; each needs a question and an answer.")
    if others:
        unusable.append(_named(path, others))
    return rows


def _named(path: Path, misfits: list[Misfit]) -> str:
    """The rows that cannot be trained on: the first with its reason, the others by their numbers."""
    first, *others = misfits
    sentence = f"{path.name}, row {first.row_number} {first.reason}"
    if not others:
        return sentence
    numbers = ", ".join(str(misfit.row_number) for misfit in others[:_NAMED])
    more = " …" if len(others) > _NAMED else ""
    rows = f"{counted(len(others), 'other row')} cannot be trained on either"
    return f"{sentence}, and {rows} (row{'s' * (len(others) > 1)} {numbers}{more})"


def _fits(path: Path, mapping: FieldMapping) -> bool:
    """Whether a mapping made for one file reads another too."""
    _require(path)
    store = RowStore.open(path)
    try:
        return look(store, mapping).confidence >= 0.5
    finally:
        store.close()


def _require(path: Path) -> None:
    if not path.is_file():
        raise InputError(f"There is no dataset file {path}.")
