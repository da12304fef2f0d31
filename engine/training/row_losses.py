"""`row_losses.jsonl`: the loss of each row of a run, under the base model and under the tuned one."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from data.atomic import write_atomically
from data.formats.conversation import Conversation
from data.row_digest import row_digest
from data.store import RowStore
from engine.training.runs import run_folders

FILE = "row_losses.jsonl"

Arm = Literal["tuned", "base"]
Part = Literal["train", "held-out"]


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A row of a dataset file, as it was when the run began."""

    row: int
    """From 1."""
    file: str
    """Name of the file."""
    digest: bytes
    """Of the row's exact bytes (`data.row_digest`)."""
    part: Part
    """Whether it was trained on."""


@dataclass(frozen=True, slots=True)
class RowLoss:
    """What a run measured for a row."""

    place: RowPlace
    base: float | None
    """Mean cross-entropy (nats a target token) under the base model; None where it was not measured."""
    tuned: float | None
    """The same under the tuned model."""
    tokens: int
    """Target tokens."""


def places_of(path: Path, rows: Sequence[Conversation], part: Part) -> list[RowPlace | None]:
    """Where each of these rows of a file stands; None for one that the file does not have any more.

    Reads the file up to the last of the rows. Raises InputError and BurnishError as `RowStore.open` does.
    """
    wanted = {row.row_number for row in rows}
    found: dict[int, RowPlace] = {}
    store = RowStore.open(path)
    try:
        store.index_all()
        for number, text in enumerate(store.snapshot().texts(), 1):
            if number in wanted:
                found[number] = RowPlace(number, path.name, row_digest(text), part)
                if len(found) == len(wanted):
                    break
    finally:
        store.close()
    return [found.get(row.row_number) for row in rows]


def append_losses(run_folder: Path, losses: Iterable[RowLoss]) -> None:
    """Add rows to a run's record. Raises OSError."""
    with (run_folder / FILE).open("ab") as file:
        file.write(_lines(losses))


def write_losses(run_folder: Path, losses: Iterable[RowLoss]) -> None:
    """Put these rows in the place of those recorded so far, in one step. Raises BurnishError."""
    write_atomically(run_folder / FILE, _lines(losses))


def read_losses(run_folder: Path) -> list[RowLoss]:
    """What a run has measured so far; a line that is torn, NUL-filled or without its fields is passed over."""
    try:
        lines = (run_folder / FILE).read_bytes().splitlines()
    except OSError:
        return []
    return [loss for line in lines if (loss := _read(line)) is not None]


def recorded_losses(workspace: Path, dataset: Path) -> dict[bytes, RowLoss]:
    """By digest what the newest run measured that measured rows of a file of this name; {} where none did.

    Losses of one run only, so that they can be compared with each other: a row that was edited since has none.
    """
    for run_folder in run_folders(workspace):
        losses = {loss.place.digest: loss for loss in read_losses(run_folder) if loss.place.file == dataset.name}
        if losses:
            return losses
    return {}


def _lines(losses: Iterable[RowLoss]) -> bytes:
    return b"".join(_line(loss) for loss in losses)


def _line(loss: RowLoss) -> bytes:
    place = loss.place
    values = {
        "row": place.row,
        "file": place.file,
        "digest": place.digest.hex(),
        "part": place.part,
        "base": _number(loss.base),
        "tuned": _number(loss.tuned),
        "tokens": loss.tokens,
    }
    # ASCII: a name of bytes that are not UTF-8 is lone surrogates, which UTF-8 has no bytes for.
    return json.dumps(values).encode() + b"\n"


def _number(loss: float | None) -> float | None:
    """JSON has no word for NaN and infinities."""
    return round(loss, 5) if loss is not None and math.isfinite(loss) else None


def _read(line: bytes) -> RowLoss | None:
    try:
        values: Any = json.loads(line)
        part: Part = "held-out" if values["part"] == "held-out" else "train"
        place = RowPlace(int(values["row"]), str(values["file"]), bytes.fromhex(values["digest"]), part)
        base, tuned = (None if values[arm] is None else float(values[arm]) for arm in ("base", "tuned"))
        return RowLoss(place, base, tuned, int(values["tokens"]))
    except (ValueError, KeyError, TypeError):
        return None
