"""A batch as its folder tells: `.burnish/evaluations/ID/` with evaluation.toml, questions.jsonl and results.jsonl.

The questions are kept as they were asked, so that a batch can be gone on with and looked at after its dataset changed.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from data.atomic import write_atomically
from data.errors import BurnishError, InputError
from data.toml_value import toml_value
from engine.chat.arms import Arm, require_arms
from engine.chat.sampling import Sampling
from engine.evaluation.asked_rows import AskedRow, AskedRows

HEADER = "evaluation.toml"
QUESTIONS = "questions.jsonl"
RESULTS = "results.jsonl"
_UNSAFE = re.compile(r"[^a-z0-9._]+")


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch: what is asked, of whom, and how."""

    id: str
    folder: Path
    made: float
    """Seconds since the epoch."""
    source: str
    """How a person calls what is asked: "pairs.jsonl", "the held-out rows of demo-001"."""
    dataset: str
    """Path of the file, from the workspace where it lies in it."""
    sha256: str
    """Of that file when the batch was made."""
    rows: int
    """AskedRows of the batch."""
    passed_over: int
    """Rows of the file that cannot be asked."""
    arms: tuple[Arm, ...]
    sampling: Sampling
    """The same for every arm."""

    @property
    def total(self) -> int:
        """Answers that are wanted."""
        return self.rows * len(self.arms)


def evaluations_folder(workspace: Path) -> Path:
    """Where a workspace keeps its batches."""
    return workspace.absolute() / ".burnish" / "evaluations"


def create_batch(workspace: Path, asked: AskedRows, arms: tuple[Arm, ...], sampling: Sampling) -> Batch:
    """Make the folder of a new batch, named after its source and numbered, with its header and its questions.

    Arms with examples but no file of their own take them from `asked.examples`. Raises InputError for arms that cannot
    be compared, BurnishError when the folder cannot be written.
    """
    require_arms(arms)
    examples = _from(workspace, asked.examples)
    folder = _claim(workspace, asked.name)
    with asked.dataset.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    batch = Batch(
        id=folder.name,
        folder=folder,
        made=round(time.time(), 3),
        source=asked.source,
        dataset=_from(workspace, asked.dataset),
        sha256=digest,
        rows=len(asked.questions),
        passed_over=asked.passed_over,
        arms=tuple(replace(arm, dataset=examples) if arm.examples and not arm.dataset else arm for arm in arms),
        sampling=sampling,
    )
    write_atomically(folder / QUESTIONS, (_question_line(each) for each in asked.questions))
    # Written last: a folder without it is no batch.
    write_atomically(folder / HEADER, _header_text(batch))
    return batch


def read_batch(workspace: Path, batch_id: str) -> Batch:
    """The header of a batch. Raises InputError when the workspace has no such batch, or its header cannot be read."""
    folder = evaluations_folder(workspace) / batch_id
    if Path(batch_id).name != batch_id or not (folder / HEADER).is_file():
        raise InputError(f"There is no evaluation {batch_id} in {workspace}; `burnish evaluate list` lists them.")
    try:
        return _batch(folder, tomllib.loads((folder / HEADER).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{folder / HEADER} cannot be read as an evaluation: {error}.") from error


def list_batches(workspace: Path) -> list[Batch]:
    """The batches of a workspace, newest first; folders that are none are passed over."""
    found: list[Batch] = []
    for header in evaluations_folder(workspace).glob(f"*/{HEADER}"):
        try:
            found.append(read_batch(workspace, header.parent.name))
        except InputError:
            continue
    return sorted(found, key=lambda each: (each.made, each.id), reverse=True)


def read_questions(batch: Batch) -> tuple[AskedRow, ...]:
    """What the batch asks. Raises InputError when its file is damaged."""
    path = batch.folder / QUESTIONS
    try:
        with path.open("rb") as file:
            return tuple(_questions(file))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} cannot be read: {error}; start a new evaluation.") from error


def _questions(lines: Iterable[bytes]) -> Iterator[AskedRow]:
    for number, line in enumerate(lines, 1):
        values = json.loads(line)
        messages = tuple({"role": str(each["role"]), "content": str(each["content"])} for each in values["messages"])
        if not messages:
            raise ValueError(f"question {number} is empty")
        yield AskedRow(number, int(values["row"]), messages, values.get("reference"))


def _question_line(question: AskedRow) -> bytes:
    values: dict[str, Any] = {"row": question.row, "messages": [dict(each) for each in question.messages]}
    if question.reference is not None:
        values["reference"] = question.reference
    # Escaped where it is not ASCII: a lone surrogate in a row could not be written as UTF-8.
    return json.dumps(values).encode() + b"\n"


def _header_text(batch: Batch) -> str:
    texts = {name: getattr(batch, name) for name in ("source", "dataset", "sha256")}
    lines = [f"made = {batch.made}", *(f"{name} = {toml_value(text)}" for name, text in texts.items())]
    lines += [f"rows = {batch.rows}", f"passed_over = {batch.passed_over}", "", "[sampling]"]
    lines += [f"{name} = {toml_value(value)}" for name, value in asdict(batch.sampling).items() if value is not None]
    for arm in batch.arms:
        lines += ["", "[[arms]]", *(f"{name} = {toml_value(value)}" for name, value in asdict(arm).items())]
    return "\n".join(lines) + "\n"


def _batch(folder: Path, values: dict[str, Any]) -> Batch:
    known = {each.name for each in fields(Sampling)}
    # TOML has no word for nothing: a seed that is left out was None.
    sampling: dict[str, Any] = {"seed": None}
    sampling |= {name: value for name, value in values["sampling"].items() if name in known}
    return Batch(
        id=folder.name,
        folder=folder,
        made=float(values["made"]),
        source=str(values["source"]),
        dataset=str(values["dataset"]),
        sha256=str(values["sha256"]),
        rows=int(values["rows"]),
        passed_over=int(values["passed_over"]),
        arms=tuple(Arm(**each) for each in values["arms"]),
        sampling=Sampling(**sampling),
    )


def _claim(workspace: Path, name: str) -> Path:
    """Make the folder of a batch that nobody else has."""
    label = _UNSAFE.sub("-", name.lower()).strip("-.")[:40] or "evaluation"
    root = evaluations_folder(workspace)
    try:
        root.mkdir(parents=True, exist_ok=True)
        number = 1
        while True:
            folder = root / f"{label}-{number:03d}"
            try:
                folder.mkdir()
            except FileExistsError:
                number += 1
            else:
                return folder
    except OSError as error:
        raise BurnishError(f"No evaluation can be kept in {root}: {error.strerror}.", title="Not evaluated") from error


def _from(workspace: Path, path: Path) -> str:
    whole, root = path.resolve(), workspace.resolve()
    return str(whole.relative_to(root)) if whole.is_relative_to(root) else str(whole)
