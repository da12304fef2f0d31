"""The columns of the table of runs: what each shows, how it is sorted, and which runs a filter keeps."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from engine.jobs.events import Evaluation
from engine.reports import RunSnapshot
from tui.literal import literal
from tui.widgets.figures import NONE, compact, duration, loss
from tui.widgets.run_words import sign, word

Key = tuple[int, float | str]
"""What a column is sorted by; runs without a value come last either way."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column."""

    name: str
    """As the heading and a filter ("state:failed") name it."""
    width: int
    importance: int
    """Where there is too little room, the least important columns are left out."""
    text: Callable[[RunSnapshot], str]
    value: Callable[[RunSnapshot], float | str | None]
    right: bool = False
    """Whether it stands at the right edge of the column, as numbers do."""


def best_evaluation(run: RunSnapshot) -> Evaluation | None:
    """The evaluation with the lowest held-out loss."""
    return min((each for each in run.evaluations if math.isfinite(each.loss)), key=lambda each: each.loss, default=None)


def accuracy_of_best(run: RunSnapshot) -> float | None:
    """The accuracy that went with the lowest held-out loss; None where it was not measured."""
    best = best_evaluation(run)
    return best.accuracy if best is not None else None


def seconds_of(run: RunSnapshot) -> float | None:
    """How long the run was at work; None before it began."""
    return run.trained_seconds or None


def _best_loss(run: RunSnapshot) -> float | None:
    best = best_evaluation(run)
    return best.loss if best is not None else None


def _model(run: RunSnapshot) -> str:
    return literal(PurePath(run.job.model).name, one_line=True) if run.job else ""


def _dataset(run: RunSnapshot) -> str:
    return literal(PurePath(run.job.dataset.path).name, one_line=True) if run.job else ""


def _share(value: float | None) -> str:
    return "" if value is None else f"{value * 100:.1f} %"


def _step(run: RunSnapshot) -> str:
    return f"{compact(run.last.step)}/{compact(run.last.total_steps)}" if run.last is not None else ""


def _tags(run: RunSnapshot) -> str:
    return literal(" ".join(run.tags), one_line=True)


def _date(moment: float | None) -> str:
    return NONE if moment is None else time.strftime("%m-%d %H:%M", time.localtime(moment))


COLUMNS: tuple[TableColumn, ...] = (
    TableColumn("run", 18, 20, lambda run: literal(run.run_id, one_line=True), lambda run: run.run_id),
    TableColumn("state", 12, 17, lambda run: f"{sign(run.state)} {word(run.state)}", lambda run: word(run.state)),
    TableColumn("model", 20, 8, _model, _model),
    TableColumn(
        "method", 7, 11, lambda run: run.job.method.kind if run.job else "", lambda run: run.job and run.job.method.kind
    ),
    TableColumn("dataset", 16, 7, _dataset, _dataset),
    TableColumn("step", 10, 12, _step, lambda run: run.last.step if run.last else None, right=True),
    TableColumn("held-out", 9, 18, lambda run: loss(_best_loss(run)), _best_loss, right=True),
    TableColumn("right", 7, 10, lambda run: _share(accuracy_of_best(run)), accuracy_of_best, right=True),
    TableColumn(
        "loss",
        9,
        16,
        lambda run: loss(run.last.loss) if run.last else NONE,
        lambda run: run.last.loss if run.last else None,
        right=True,
    ),
    TableColumn("took", 10, 13, lambda run: duration(seconds_of(run)), seconds_of, right=True),
    TableColumn("started", 11, 6, lambda run: _date(run.started), lambda run: run.started, right=True),
    TableColumn("tags", 12, 9, _tags, lambda run: _tags(run) or None),
)


def fitting(width: int) -> list[TableColumn]:
    """The columns that fit, in their order; the name takes what is left over."""
    kept = list(COLUMNS)
    while len(kept) > 1 and sum(each.width + 1 for each in kept) > width:
        kept.remove(min(kept, key=lambda each: each.importance))
    return kept


def sorted_runs(runs: Sequence[RunSnapshot], column: TableColumn, *, reverse: bool) -> list[RunSnapshot]:
    """The runs in the order of a column; those that have no value there come last."""
    known: list[tuple[float | str, RunSnapshot]] = []
    rest: list[RunSnapshot] = []
    for run in runs:
        value = column.value(run)
        if value is None or (isinstance(value, float) and math.isnan(value)):
            rest.append(run)
        else:
            known.append((value.lower() if isinstance(value, str) else value, run))
    # All values of a column are of one kind.
    known.sort(key=lambda pair: pair[0], reverse=reverse)
    return [run for _, run in known] + rest


def filtered_runs(runs: Sequence[RunSnapshot], query: str) -> list[RunSnapshot]:
    """The runs in which every word of a query occurs, in the column it names ("tag:keep", "state:failed") or in any."""
    words = query.lower().split()
    return [run for run in runs if all(_matches(run, each) for each in words)] if words else list(runs)


_FIELDS = {column.name: column for column in COLUMNS} | {
    "name": COLUMNS[0],
    "tag": next(column for column in COLUMNS if column.name == "tags"),
}


def _matches(run: RunSnapshot, wanted: str) -> bool:
    field, colon, rest = wanted.partition(":")
    if colon and field in _FIELDS:
        return rest in _FIELDS[field].text(run).lower()
    return any(wanted in column.text(run).lower() for column in COLUMNS) or wanted in run.note.lower()
