"""What the monitor's chart shows: one run in detail, or several beside each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.reports import RunSnapshot
from tui.literal import literal
from tui.training.curves import RunCurves
from tui.training.measures import HELD_OUT, LOSS, MEASURES, Measure
from tui.widgets.across import UNITS, Across, Unit
from tui.widgets.chart import ChartContent, Legend
from tui.widgets.figures import size
from tui.widgets.plot import Curve, Mark
from tui.widgets.run_words import best_checkpoint

SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STYLES = 6
"""Colours of runs beside each other; a seventh run has the first one's, and a sign of its own."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the curves are looked at."""

    measure: Measure = LOSS
    unit: Unit = "step"
    smoothing: str = "normal"


@dataclass(frozen=True, slots=True)
class Overlaid:
    """One of the runs in a chart."""

    curves: RunCurves
    sign: str = ""
    """Empty where it is the only one."""

    @property
    def style(self) -> str:
        """The colour that goes with the sign."""
        return sign_style(self.sign)


def sign_style(sign: str) -> str:
    """The colour of the run that has a sign; that of a run on its own for none."""
    return f"run-{SIGNS.index(sign) % STYLES + 1}" if sign and sign in SIGNS else "train"


def chart_content(runs: Sequence[Overlaid], chosen: RunCurves, look: Look) -> ChartContent:
    """The curves of these runs, with the events of the chosen one."""
    several = len(runs) > 1
    return ChartContent(
        title=_title(look),
        curves=_curves_beside(runs, look) if several else _curves_of_one(chosen, look),
        marks=marks(chosen, look.unit),
        end=max((each.curves.end(look.unit) for each in runs), default=1.0),
        newest=max((places[-1] for each in runs if (places := each.curves.places(look.unit))), default=0.0),
        empty=_empty(chosen.run, look.measure),
        across=Across(look.unit),
        text=look.measure.text,
        legend=tuple(_legend(each, look) for each in runs) if several else (),
    )


def next_look(look: Look, runs: Sequence[RunCurves], by: int) -> Look:
    """The next kind of value that some run has."""
    known = [each for each in MEASURES if any(_has(curves.run, each) for curves in runs)] or [LOSS]
    names = [each.name for each in known]
    index = names.index(look.measure.name) + by if look.measure.name in names else 0
    return Look(known[index % len(known)], look.unit, look.smoothing)


def next_unit(unit: Unit) -> Unit:
    """The axis after this one."""
    return UNITS[(UNITS.index(unit) + 1) % len(UNITS)]


def _has(run: RunSnapshot, measure: Measure) -> bool:
    if measure.of_step is not None:
        return bool(run.progress)
    of_evaluation = measure.of_evaluation
    return of_evaluation is not None and any(of_evaluation(each) is not None for each in run.evaluations)


def _title(look: Look) -> str:
    strength = f", {look.smoothing} smoothing" if look.measure.smoothed and look.smoothing != "normal" else ""
    return look.measure.name + strength


def _empty(run: RunSnapshot, measure: Measure) -> str:
    if run.progress:
        return f"no {measure.name} yet" if run.state.active else f"no {measure.name} was measured"
    return "no step yet" if run.state.active else "no step was done"


def _curves_of_one(curves: RunCurves, look: Look) -> tuple[Curve, ...]:
    trace = curves.trace(look.measure, look.unit, look.smoothing)
    if look.measure.of_evaluation is not None:
        return (Curve(look.measure.name, trace.raw, "held-out", "points"),)
    name = "train" if look.measure is LOSS else look.measure.name
    held_out = curves.trace(HELD_OUT, look.unit, "no").raw if look.measure is LOSS else None
    beside = (Curve("held-out", held_out, "held-out", "points"),) if held_out is not None else ()
    if look.measure.smoothed and look.smoothing != "no":
        return (Curve("each step", trace.raw, "raw", "band"), *beside, Curve(name, trace.smooth, "train", "line"))
    return (*beside, Curve(name, trace.raw, "train", "line"))


def _curves_beside(runs: Sequence[Overlaid], look: Look) -> tuple[Curve, ...]:
    """One line a run; the first lies on top."""
    curves: list[Curve] = []
    for each in reversed(runs):
        trace = each.curves.trace(look.measure, look.unit, look.smoothing)
        series = trace.smooth if look.measure.smoothed and look.smoothing != "no" else trace.raw
        curves.append(Curve(each.curves.run.run_id, series, each.style, "line", each.sign))
    return tuple(curves)


def _legend(run: Overlaid, look: Look) -> Legend:
    measure, trace = look.measure, run.curves.trace(look.measure, look.unit, look.smoothing)
    parts: list[str] = []
    if len(trace.raw):
        parts.append(f"last {measure.text(trace.raw.ys[-1])}")
        if measure.lowest_is_best:
            lowest = trace.raw.column(0, len(trace.raw))
            parts.append(f"best {measure.text(lowest.low if lowest else math.nan)}")
    return Legend(
        run.sign, run.style, literal(run.curves.run.run_id, one_line=True), "  ".join(parts) or "nothing to show"
    )


def marks(curves: RunCurves, unit: Unit) -> tuple[Mark, ...]:
    """What happened to a run, each where it happened; what matters most lies on top."""
    run = curves.run
    best = best_checkpoint(run)
    saved = [each for each in run.checkpoints if each is not best]
    bests = [best] if best is not None else []
    warnings = [(curves.step_when(each.t), literal(each.text, one_line=True)) for each in run.warnings if run.progress]

    def places(steps: Sequence[int]) -> tuple[float, ...]:
        return tuple(curves.place(unit, step) for step in steps)

    return (
        Mark(
            "held-out",
            places([each.step for each in run.evaluations]),
            "○",
            "o",
            "held-out",
            tuple(LOSS.text(each.loss) for each in run.evaluations),
        ),
        Mark(
            "checkpoint",
            places([each.step for each in saved]),
            "◆",
            "^",
            "agrees",
            tuple(size(each.size_bytes) for each in saved),
        ),
        Mark(
            "best",
            places([each.step for each in bests]),
            "★",
            "*",
            "agrees",
            tuple(size(each.size_bytes) for each in bests),
        ),
        Mark("resumed", places([each.step for each in run.resumptions]), "↻", "r", "accent"),
        Mark(
            "warning",
            places([step for step, _ in warnings]),
            "!",
            "!",
            "disagrees",
            tuple(text for _, text in warnings),
        ),
        Mark("no number", places(curves.not_finite()), "✗", "x", "disagrees"),
    )
