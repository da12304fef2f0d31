"""The loss of each row under the tuned and the base model, measured when the training is over (worker side)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.jobs.events import Event, Note
from engine.training.batching import PadRight
from engine.training.examples import Examples
from engine.training.job import EvaluationSection
from engine.training.loading import Arithmetic
from engine.training.measuring import Measured, measure
from engine.training.parallel import is_main
from engine.training.row_losses import Arm, RowLoss, RowPlace, append_losses, write_losses
from engine.training.stopping import StopRequest

AUTO_ROWS = 5_000
"""Rows up to which "auto" measures: a pass over them takes about a third of the time of an epoch of training."""
_NOTE_SECONDS = 2.0


def arms_of(evaluation: EvaluationSection, rows: int) -> tuple[Arm, ...]:
    """Under which models so many rows are to be measured."""
    match evaluation.row_losses:
        case "off":
            return ()
        case "tuned":
            return ("tuned",)
        case "both":
            return ("tuned", "base")
        case "auto":
            return ("tuned", "base") if rows <= AUTO_ROWS else ()


@dataclass(slots=True)
class MeasuredPart:
    """Examples of one side of the split, where they come from, and what is known of them so far."""

    examples: Examples
    places: Sequence[RowPlace | None]
    """Of each example; one without a place is not measured."""
    losses: dict[Arm, dict[int, Measured]] = field(default_factory=lambda: {"tuned": {}, "base": {}})
    """By the example's index."""

    def known(self, arm: Arm, losses: Mapping[int, Measured] | None) -> None:
        """Take over what was measured during the training."""
        self.losses[arm] |= losses or {}

    def record(self, index: int) -> RowLoss | None:
        """What is known of an example; None where that is nothing."""
        place = self.places[index]
        tuned, base = (self.losses[arm].get(index) for arm in ("tuned", "base"))
        found = tuned or base
        if place is None or found is None:
            return None
        return RowLoss(place, base and base.loss, tuned and tuned.loss, found.tokens)


class RowMeasurement:
    """Measures the rows of a run under one model after the other, and records them as it goes."""

    def __init__(
        self,
        run_folder: Path,
        parts: Sequence[MeasuredPart],
        pad: PadRight,
        arithmetic: Arithmetic,
        report: Callable[[Event], None],
        stop: StopRequest,
    ) -> None:
        self._run_folder = run_folder
        self._parts = parts
        self._pad = pad
        self._arithmetic = arithmetic
        self._report = report
        self._stop = stop
        self._noted = 0.0

    def measure(self, arm: Arm, model: Any, batch_size: int) -> None:
        """Measure what is not known under this model yet, until somebody asks the run to stop. Raises OSError.

        Losses under the tuned model are on disk as soon as they are known; those under the base model join them when
        all are.
        """
        left = [
            [index for index, place in enumerate(part.places) if place and index not in part.losses[arm]]
            for part in self._parts
        ]
        done, total = 0, sum(map(len, left))
        if arm == "tuned":
            self._append([(part, index) for part in self._parts for index in part.losses[arm]])
        for part, which in zip(self._parts, left, strict=True):
            for batch in measure(model, part.examples, self._pad, batch_size, self._arithmetic, which):
                part.losses[arm] |= dict(batch)
                done += len(batch)
                if arm == "tuned":
                    self._append([(part, index) for index, _ in batch])
                self._tell(arm, done, total)
                if self._stop.made():
                    return

    def finish(self) -> None:
        """Leave one record a row, in the order of the rows. Raises BurnishError."""
        if not is_main():
            return
        records = [
            record
            for part in self._parts
            for index in range(len(part.examples))
            if (record := part.record(index)) is not None
        ]
        write_losses(self._run_folder, records)

    def _append(self, rows: Sequence[tuple[MeasuredPart, int]]) -> None:
        if is_main():
            records = [record for part, index in rows if (record := part.record(index)) is not None]
            append_losses(self._run_folder, records)

    def _tell(self, arm: Arm, done: int, total: int) -> None:
        if (now := time.monotonic()) - self._noted >= _NOTE_SECONDS:
            self._noted = now
            text = f"The tuned model is saved; measuring the rows under the {arm} model, {done} of {total}."
            self._report(Note(text, done / total))
