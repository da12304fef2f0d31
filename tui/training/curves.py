"""What the monitor's chart shows of a run, kept up to date without reading the run's steps twice."""

from __future__ import annotations

import math
from bisect import bisect_left

from engine.jobs.events import Progress
from engine.reports import RunSnapshot
from tui.widgets.chart import ChartContent
from tui.widgets.decimation import Series, Smoothing
from tui.widgets.plot import Curve, Mark

SHORTEST_AXIS = 16
"""Steps that the axis has at least while a run is active and longer than that."""


class RunCurves:
    """The series of one run; each step is read once."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self._loss = Series()
        self._smoothed = Series()
        self._held_out = Series()
        self._smoothing: Smoothing | None = None
        self._not_finite: list[float] = []
        self._steps = 0
        self._evaluations = 0
        self._last: Progress | None = None

    def update(self, run: RunSnapshot) -> None:
        """Take in the steps and evaluations that are new in a snapshot that continues the one before."""
        new = run.progress[self._steps :]
        if new:
            self._take(new)
            self._steps, self._last = len(run.progress), run.progress[-1]
        self._held_out.extend((each.step, each.loss) for each in run.evaluations[self._evaluations :])
        self._evaluations = len(run.evaluations)

    def content(self, run: RunSnapshot) -> ChartContent:
        """What to draw of the run whose snapshot was taken in last."""
        last = run.last
        newest = float(last.step) if last else 0.0
        return ChartContent(
            title="loss",
            curves=(
                Curve("each step", self._loss, "raw", "band"),
                Curve("held-out", self._held_out, "held-out", "points"),
                Curve("train", self._smoothed, "train", "line"),
            ),
            marks=self._marks(run),
            end=axis_end(newest, last.total_steps if last else 0, active=run.state.active),
            newest=newest,
            empty="no step yet" if run.state.active else "no step was done",
        )

    def continues(self, run: RunSnapshot) -> bool:
        """Whether a snapshot is of this run and starts with what was read already."""
        if run.run_id != self.run_id or len(run.progress) < self._steps or len(run.evaluations) < self._evaluations:
            return False
        return self._last is None or run.progress[self._steps - 1] == self._last

    def _take(self, steps: tuple[Progress, ...]) -> None:
        if self._smoothing is None:
            # Long enough to quiet the noise of single batches, short enough not to lag behind a short run.
            self._smoothing = Smoothing(min(max(steps[0].total_steps / 40, 3), 50))
        smoothed: list[tuple[float, float]] = []
        for each in steps:
            before = smoothed[-1] if smoothed else self._end_of_smoothed()
            if before is not None and each.step <= before[0]:
                self._smoothed.extend(smoothed)
                smoothed.clear()
                self._go_back(each.step)
            if math.isfinite(each.loss):
                smoothed.append((each.step, self._smoothing.add(each.loss)))
            elif not self._not_finite or each.step - self._not_finite[-1] >= each.total_steps / 500:
                # As many as can be told apart on an axis.
                self._not_finite.append(each.step)
        self._smoothed.extend(smoothed)
        self._loss.extend((each.step, each.loss) for each in steps)

    def _end_of_smoothed(self) -> tuple[float, float] | None:
        return (self._smoothed.xs[-1], self._smoothed.ys[-1]) if len(self._smoothed) else None

    def _go_back(self, step: int) -> None:
        """A run that was resumed from a checkpoint does some steps again: the average goes on from before them."""
        index = bisect_left(self._smoothed.xs, step)
        if index and self._smoothing is not None:
            self._smoothing.restart(self._smoothed.ys[index - 1])

    def _marks(self, run: RunSnapshot) -> tuple[Mark, ...]:
        checkpoints = tuple(float(each.step) for each in run.checkpoints)
        warnings = tuple(self._step_at(run, each.t) for each in run.warnings) if run.progress else ()
        return (
            Mark("checkpoint", checkpoints, "◆", "^", "agrees"),
            Mark("resumed", tuple(float(each.step) for each in run.resumptions), "↻", "r", "accent"),
            Mark("warning", warnings, "!", "!", "disagrees"),
            Mark("no number", tuple(self._not_finite), "✗", "x", "disagrees"),
        )

    def _step_at(self, run: RunSnapshot, moment: float) -> float:
        index = bisect_left(run.progress, moment, key=lambda step: step.t)
        return float(run.progress[min(index, len(run.progress) - 1)].step)


def axis_end(newest: float, total: int, *, active: bool) -> float:
    """Where the step axis ends: at the last step of a run that is over; else at a half, a quarter, … of all steps.

    The axis of an active run doubles when it is full, so most steps change a few cells and not the whole picture.
    """
    if not active or total <= newest:
        return max(newest, 1.0)
    end = float(total)
    while end / 2 >= max(newest, SHORTEST_AXIS):
        end /= 2
    return math.ceil(end)
