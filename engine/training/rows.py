"""Which rows a job trains on and which it holds out."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from data.errors import InputError
from data.formats.conversation import Conversation, Turn
from data.formats.detect import Misfit, look
from data.formats.mapping import FieldMapping
from data.formats.reading import each_conversation
from data.rendered_row import why_not_trained
from data.splitting.questions import asked, fold
from data.store import RowStore
from data.wording import counted
from engine.training.job import DatasetSection, MixedDataset, Stage

_NAMED = 5
"""Rows named by their numbers, after the one with its reason."""
_PROSE = (".txt", ".md")
"""Files that are one text from their first line to their last."""


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of one file that are trained on."""

    path: Path
    weight: float
    """How often each of them is seen in an epoch."""
    rows: list[Conversation]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a job."""

    sources: list[Source]
    held_out: list[Conversation]
    held_out_path: Path
    withdrawn: int
    """Rows taken out of the training because their question is in the held-out file."""
    unusable: list[str] = field(default_factory=list[str])
    """Of each file with rows that cannot be trained on: how many there are, and why, a sentence without full stop."""

    @property
    def train(self) -> list[Conversation]:
        """The rows of all sources, one source after the other."""
        return [row for source in self.sources for row in source.rows]

    @property
    def files(self) -> list[Path]:
        """The files they came from, each once."""
        return list(dict.fromkeys([*(source.path for source in self.sources), self.held_out_path]))


def load_rows(dataset: DatasetSection, workspace: Path, stage: Stage = "instruction") -> Rows:
    """Read a job's rows and split them. Raises InputError naming the file, and the row where one is at fault.

    Rows with the same question stay on one side of the split, and a question of the held-out file is never trained on.
    """
    unusable: list[str] = []

    def read(each: DatasetSection | MixedDataset) -> Source:
        path = workspace / Path(each.path).expanduser()
        rows = _read(path, each.mapping, stage, dataset.unusable, unusable)
        return Source(path, each.weight, _first(rows, each.max_rows))

    first, *mixed = [read(each) for each in (dataset, *dataset.mix)]
    kept = len(first.rows) + sum(len(source.rows) for source in mixed)
    if dataset.held_out:
        held_path = workspace / Path(dataset.held_out).expanduser()
        mapping = dataset.mapping if dataset.mapping and _fits(held_path, dataset.mapping) else None
        held_out = _read(held_path, mapping, stage, dataset.unusable, unusable)
        sources = _without([first, *mixed], held_out)
        if not any(source.rows for source in sources):
            raise InputError(f"Every row of {first.path} is held out by {held_path}; choose another held-out file.")
        held_out = _first(held_out, dataset.max_held_out_rows)
    else:
        held_path = first.path
        train, held_out = split(first.rows, dataset.held_out_fraction)
        if not train:
            what = "questions" if stage == "instruction" else "texts"
            raise InputError(f"{first.path} has too few different {what} to hold some out; set held_out_fraction to 0.")
        sources = [Source(first.path, first.weight, train), *_without(mixed, held_out)]
        kept -= len(held_out)
        held_out = _first(held_out, dataset.max_held_out_rows)
    withdrawn = kept - sum(len(source.rows) for source in sources)
    return Rows(sources, held_out, held_path, withdrawn, unusable)


def split(rows: list[Conversation], fraction: float) -> tuple[list[Conversation], list[Conversation]]:
    """Split rows into (trained on, held out) so that all rows with one question are on one side.

    The held-out side has at least `fraction` of the rows, as closely as whole questions allow. Always the same split
    for the same questions, so that two runs on a file can be compared.
    """
    if not fraction:
        return rows, []
    questions = sorted({fold(asked(row)) for row in rows})
    random.Random(0).shuffle(questions)  # noqa: S311 - no secret
    count = dict.fromkeys(questions, 0)
    for row in rows:
        count[fold(asked(row))] += 1
    chosen: set[str] = set()
    wanted = fraction * len(rows)
    for question in questions:
        if wanted <= 0:
            break
        chosen.add(question)
        wanted -= count[question]
    return (
        [row for row in rows if fold(asked(row)) not in chosen],
        [row for row in rows if fold(asked(row)) in chosen],
    )


def first_turns(row: Conversation) -> tuple[str, str]:
    """The first question of a conversation and its answer, the chosen one of two; of a text the text and nothing."""
    turns = row.turns + (row.preference.chosen if row.preference else ())
    question = next((turn.text for turn in turns if turn.role in ("user", "text")), "")
    return question, next((turn.text for turn in turns if turn.role == "assistant"), "")


def reference_for(question: str, rows: Iterable[Conversation]) -> Conversation | None:
    """The row that begins with this question, if there is one."""
    folded = fold(question)
    return next((row for row in rows if fold(first_turns(row)[0]) == folded), None)


def _without(sources: list[Source], held_out: list[Conversation]) -> list[Source]:
    """The sources without the rows that ask what is held out."""
    held = {fold(asked(row)) for row in held_out}
    return [
        Source(source.path, source.weight, [row for row in source.rows if fold(asked(row)) not in held])
        for source in sources
    ]


def _first(rows: list[Conversation], most: int) -> list[Conversation]:
    return rows[:most] if most else rows


def _read(
    path: Path,
    mapping: FieldMapping | None,
    stage: Stage,
    on_unusable: Literal["refuse", "skip"],
    unusable: list[str],
) -> list[Conversation]:
    _require(path)
    if stage == "text" and path.suffix.lower() in _PROSE:
        return [_prose(path)]
    rows: list[Conversation] = []
    others: list[Misfit] = []
    for each in each_conversation(path, mapping):
        reason = _why_not(each, stage)
        if reason:
            others.append(Misfit(each.row_number, reason))
        elif isinstance(each, Conversation):
            rows.append(each)
    if others and on_unusable == "refuse":
        which = "that row" if len(others) == 1 else "those rows"
        sentence = f'{_named(path, others)}; mend or delete {which}, or set dataset.unusable to "skip".'
        raise InputError(sentence, title="A row cannot be used")
    if not rows:
        needs = "a question and an answer" if stage == "instruction" else "a text"
        raise InputError(f"{path} has no usable rows; each needs {needs}.")
    if others:
        unusable.append(_named(path, others))
    return rows


def _prose(path: Path) -> Conversation:
    """A file that is one text."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path} is no text in UTF-8; save it as UTF-8 and try again.") from None
    if not text.strip():
        raise InputError(f"{path} has no text to train on.")
    return Conversation((Turn("text", text),), 1)


def _why_not(row: Conversation | Misfit, stage: Stage) -> str:
    """Why a row cannot be trained on, after "row 12"; empty when it can."""
    if isinstance(row, Misfit):
        return row.reason
    of_text = any(turn.role == "text" for turn in row.turns)
    if stage == "text":
        return "" if of_text else 'has turns and no plain text; set stage to "instruction" for such rows'
    if of_text:
        return 'is text without a question and an answer; set stage to "text" to train on it'
    return why_not_trained(row)


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
