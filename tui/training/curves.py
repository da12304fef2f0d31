"""The series of one run, kept up to date without reading its steps twice."""

from __future__ import annotations

import math
from bisect import bisect_left

from engine.jobs.events import Progress
from engine.reports import RunSnapshot
from engine.training.steps import numbers
from tui.training.measures import Measure
from tui.widgets.across import Unit
from tui.widgets.decimation import Series, Smoothing

SMOOTHINGS: dict[str, float] = {"no": 0.0, "light": 0.25, "normal": 1.0, "strong": 4.0}
"""Strengths of smoothing, as factors of the usual number of steps."""
SHORTEST_AXIS = 16
"""Steps that the axis has at least while a run is active and longer than that."""
_SHORTEST_TIME = 60.0
"""Seconds, likewise."""


class Trace:
    """One value of a run along one axis, as measured and smoothed."""

    def __init__(self, measure: Measure, unit: Unit, smoothing: str) -> None:
        self.raw = Series()
        self.smooth = Series()
        """The debiased moving average; empty where there is none to show."""
        self._measure = measure
        self._unit: Unit = unit
        self._factor = SMOOTHINGS[smoothing] if measure.smoothed else 0.0
        self._smoothing: Smoothing | None = None
        self._taken = 0

    def update(self, curves: RunCurves, run: RunSnapshot) -> None:
        """Take in what is new."""
        if self._measure.of_step is not None:
            self._take_steps(curves.places(self._unit), run)
        elif self._measure.of_evaluation is not None:
            new = run.evaluations[self._taken :]
            values = ((curves.place(self._unit, each.step), self._measure.of_evaluation(each)) for each in new)
            self.raw.extend((x, math.nan if value is None else value) for x, value in values)
            self._taken = len(run.evaluations)

    def _take_steps(self, places: list[float], run: RunSnapshot) -> None:
        new = run.progress[self._taken :]
        of_step = self._measure.of_step
        if not new or of_step is None:
            return
        values = [math.nan if (value := of_step(each)) is None else value for each in new]
        self.raw.extend(zip(places[self._taken :], values, strict=True))
        if self._factor:
            first = new[0]
            self.smooth.extend(
                (x, self._average(value, first))
                for x, value in zip(places[self._taken :], values, strict=True)
                if math.isfinite(value)
            )
        self._taken = len(run.progress)

    def _average(self, value: float, first: Progress) -> float:
        if self._smoothing is None:
            # Long enough to quiet the noise of single batches, short enough not to lag behind a short run.
            self._smoothing = Smoothing(min(max(first.total_steps / 40, 3), 50) * self._factor)
        return self._smoothing.add(value)


class RunCurves:
    """One run as its snapshots tell it, each a continuation of the one before: each step is read once a trace."""

    def __init__(self, run: RunSnapshot) -> None:
        self.run = run
        self._traces: dict[tuple[str, Unit, str], Trace] = {}
        self._places: dict[Unit, list[float]] = {}
        self._not_finite: list[int] = []
        self._looked_at = 0

    def update(self, run: RunSnapshot) -> None:
        """Go on with a newer snapshot; one that does not continue the last starts all over."""
        if not self._continued_by(run):
            self._traces.clear()
            self._places.clear()
            self._not_finite.clear()
            self._looked_at = 0
        self.run = run

    def trace(self, measure: Measure, unit: Unit, smoothing: str) -> Trace:
        """The values of one kind up to the newest."""
        key = (measure.name, unit, smoothing)
        trace = self._traces.get(key)
        if trace is None:
            # Two ways of looking at a value are kept: an axis or a smoothing that was tried is soon left again.
            alike = [each for each in self._traces if each[0] == measure.name]
            for each in alike[:-1]:
                del self._traces[each]
            trace = self._traces[key] = Trace(measure, unit, smoothing)
        trace.update(self, self.run)
        return trace

    def places(self, unit: Unit) -> list[float]:
        """Where each step lies along an axis: its number, the epoch, or the seconds of training up to it."""
        places = self._places.setdefault(unit, [])
        progress = self.run.progress
        if len(places) < len(progress):
            match unit:
                case "step":
                    places += numbers(progress[len(places) :], "step")
                case "epoch":
                    places += numbers(progress[len(places) :], "epoch")
                case "time":
                    self._add_times(places)
        return places

    def place(self, unit: Unit, step: int) -> float:
        """Where a step lies along an axis; one that was not logged lies at the next that was."""
        if unit == "step":
            return float(step)
        if step <= 0 or not self.run.progress:
            return 0.0
        return self.places(unit)[self.index_of(step)]

    def index_of(self, step: int) -> int:
        """The index of the first logged step that is not before `step`, else of the last."""
        progress = self.run.progress
        return min(bisect_left(progress, step, key=lambda each: each.step), len(progress) - 1)

    def index_at(self, unit: Unit, x: float) -> int | None:
        """The index of the logged step nearest to a place; None when there is none."""
        places = self.places(unit)
        if not places:
            return None
        index = bisect_left(places, x)
        if index == len(places) or (index and x - places[index - 1] <= places[index] - x):
            index -= 1
        return index

    def step_when(self, moment: float) -> int:
        """The step that was logged next after a moment."""
        progress = self.run.progress
        return progress[min(bisect_left(progress, moment, key=lambda each: each.t), len(progress) - 1)].step

    def not_finite(self) -> list[int]:
        """The steps whose loss was no number, as many as can be told apart on an axis."""
        found = self._not_finite
        progress = self.run.progress
        for index, loss in enumerate(numbers(progress[self._looked_at :], "loss"), self._looked_at):
            if not math.isfinite(loss):
                each = progress[index]
                if not found or each.step - found[-1] >= each.total_steps / 500:
                    found.append(each.step)
        self._looked_at = len(progress)
        return found

    def end(self, unit: Unit) -> float:
        """Where the axis ends."""
        last = self.run.last
        if last is None:
            return 1.0
        active, newest = self.run.state.active, self.places(unit)[-1]
        if unit == "time":
            if not active:
                return max(newest, 1.0)
            end = _SHORTEST_TIME
            while end < newest:
                end *= 2
            return end
        end = axis_end(last.step, last.total_steps, active=active)
        return end if unit == "step" else max(newest, end * last.epoch / max(last.step, 1), 1e-6)

    def _continued_by(self, run: RunSnapshot) -> bool:
        before = self.run
        if run.run_id != before.run_id or len(run.resumptions) != len(before.resumptions):
            return False
        if len(run.progress) < len(before.progress) or len(run.evaluations) < len(before.evaluations):
            return False
        if not before.progress:
            return True
        then, now = before.progress[-1], run.progress[len(before.progress) - 1]
        return repr(then) == repr(now)  # a loss that was no number is not equal to itself

    def _add_times(self, places: list[float]) -> None:
        """Seconds up to each step; the time between the end of a run and its resumption is no training."""
        run = self.run
        again = [each.t for each in run.resumptions]
        done = len(places)
        before = run.progress[done - 1].t if done else (run.started if run.started is not None else run.progress[0].t)
        seconds = places[-1] if places else 0.0
        for t in numbers(run.progress[done:], "t"):
            since = next((moment for moment in again if before < moment <= t), before) if again else before
            seconds += max(t - since, 0.0)
            places.append(seconds)
            before = t


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
