"""Curves are kept up to date step by step, whatever the run does."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from engine.jobs.events import CheckpointSaved, Resumed, RunState, Warned
from engine.reports import RunSnapshot
from tests.tui.training.runs import SECONDS_A_STEP, START, run
from tui.training.curves import RunCurves, axis_end
from tui.training.measures import HELD_OUT, LEARNING_RATE, LOSS, MEASURES
from tui.training.picture import Look, Overlaid, chart_content, marks, next_look
from tui.widgets.across import UNITS, Across, Unit
from tui.widgets.chart import ChartContent


def content(snapshot: RunSnapshot, look: Look | None = None) -> ChartContent:
    curves = RunCurves(snapshot)
    return chart_content([Overlaid(curves)], curves, look or Look())


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_steps_that_come_bit_by_bit_make_the_same_curves(unit: Unit, measure: object) -> None:
    whole = run(118)
    look = Look(next(each for each in MEASURES if each is measure), unit)
    grown, at_once = RunCurves(replace(whole, progress=(), evaluations=())), RunCurves(whole)
    for done in (0, 1, 2, 40, 41, 118, 118):
        part = replace(
            whole,
            progress=whole.progress[:done],
            evaluations=tuple(each for each in whole.evaluations if each.step <= done),
        )
        grown.update(part)
        chart_content([Overlaid(grown)], grown, look)
    drawn = [chart_content([Overlaid(each)], each, look).curves for each in (grown, at_once)]
    for one, other in zip(*drawn, strict=True):
        assert (one.series.xs, one.series.ys) == (other.series.xs, other.series.ys)


@pytest.mark.parametrize("other", [run(99), run(100, run_id="other-001"), run(100, total=300)])
def test_another_run_or_another_history_starts_anew(other: RunSnapshot) -> None:
    curves = RunCurves(run(100))
    curves.trace(LOSS, "step", "normal")
    curves.update(other)
    trace, anew = curves.trace(LOSS, "step", "normal"), RunCurves(other).trace(LOSS, "step", "normal")
    assert (trace.raw.xs, trace.smooth.ys) == (anew.raw.xs, anew.smooth.ys)


def test_smoothing_has_no_bias_at_its_start_and_can_be_turned_off() -> None:
    flat = run(50)
    flat = replace(flat, progress=tuple(replace(each, loss=1.5) for each in flat.progress))
    for strength in ("light", "normal", "strong"):
        smooth = RunCurves(flat).trace(LOSS, "step", strength).smooth
        assert all(math.isclose(value, 1.5) for value in smooth.ys)
    assert not RunCurves(flat).trace(LOSS, "step", "no").smooth.ys
    assert not RunCurves(flat).trace(LEARNING_RATE, "step", "strong").smooth.ys


def test_more_smoothing_follows_more_slowly() -> None:
    snapshot = run(118)
    ends = [
        RunCurves(snapshot).trace(LOSS, "step", strength).smooth.ys[-1] for strength in ("light", "normal", "strong")
    ]
    assert snapshot.progress[-1].loss < ends[0] < ends[1] < ends[2]


def test_time_along_the_chart_leaves_out_the_time_in_which_the_run_was_down() -> None:
    snapshot = run(100)
    down = 3600.0
    later = tuple(replace(each, t=each.t + down) if each.step > 60 else each for each in snapshot.progress)
    again = Resumed(60, t=later[60].t - SECONDS_A_STEP)
    resumed = replace(snapshot, progress=later, resumptions=(again,))
    places = RunCurves(resumed).places("time")
    assert places == pytest.approx(RunCurves(snapshot).places("time"), abs=1e-3)
    assert places[0] == pytest.approx(10 + SECONDS_A_STEP)


def test_epochs_along_the_chart() -> None:
    drawn = content(run(118), Look(unit="epoch"))
    assert drawn.curves[0].series.xs[-1] == pytest.approx(118 * 8 / 240)
    assert drawn.newest == drawn.curves[0].series.xs[-1] <= drawn.end == pytest.approx(4)
    assert "epoch" in drawn.across.text(drawn.newest)


def test_what_happened_is_marked_at_its_step_and_named() -> None:
    warned = Warned("3 rows were cut.", t=START + 10 + 20 * SECONDS_A_STEP)
    snapshot = replace(run(118, nan_at=[50]), warnings=(warned,), resumptions=(Resumed(100),))
    best = CheckpointSaved(90, "checkpoints/90", 14 << 20, best=True, t=START)
    snapshot = replace(snapshot, checkpoints=(CheckpointSaved(60, "x", 1, best=True), best, *snapshot.checkpoints))
    found = {mark.name: mark for mark in marks(RunCurves(snapshot), "step")}
    assert {name: mark.xs for name, mark in found.items()} == {
        "held-out": (30.0, 60.0, 90.0),
        "checkpoint": (60.0, 100.0),
        "best": (90.0,),
        "resumed": (100.0,),
        "warning": (20.0,),
        "no number": (50.0,),
    }
    assert found["warning"].words == ("3 rows were cut.",)
    assert found["best"].words == ("14 MiB",)


@pytest.mark.parametrize("unit", UNITS)
def test_marks_lie_below_their_step_on_every_axis(unit: Unit) -> None:
    curves = RunCurves(run(118))
    checkpoint = next(mark for mark in marks(curves, unit) if mark.name == "checkpoint")
    assert checkpoint.xs == (curves.places(unit)[99],)


def test_a_run_of_nothing_but_nan_has_few_marks() -> None:
    curves = RunCurves(run(5000, 5000, nan_at=range(1, 5001)))
    assert len({mark.name: mark.xs for mark in marks(curves, "step")}["no number"]) <= 501


@pytest.mark.parametrize(
    ("newest", "total", "active", "end"),
    [
        (0, 0, True, 1),
        (0, 240, True, 30),
        (30, 240, True, 30),
        (31, 240, True, 60),
        (118, 240, True, 120),
        (121, 240, True, 240),
        (240, 240, True, 240),
        (57, 240, False, 57),
        (3, 10, True, 10),
    ],
)
def test_the_axis_doubles_when_it_is_full(newest: int, total: int, active: bool, end: int) -> None:
    assert axis_end(newest, total, active=active) == end


def test_an_empty_curve_says_why() -> None:
    for state, words in ((RunState.STARTING, "no step yet"), (RunState.FAILED, "no step was done")):
        assert content(run(0, state=state)).empty == words
    assert content(run(10), Look(HELD_OUT)).empty == "no held-out loss yet"


def test_the_key_goes_through_what_the_run_has() -> None:
    curves = RunCurves(run(118))
    look, seen = Look(), [LOSS.name]
    while (look := next_look(look, [curves], 1)).measure is not LOSS:
        seen.append(look.measure.name)
    assert seen == ["loss", "held-out loss", "learning rate", "grad norm", "tokens/s", "memory"]
    assert next_look(Look(), [curves], -1).measure.name == "memory"


def test_runs_beside_each_other_have_signs_and_a_legend() -> None:
    one, other = RunCurves(run(118)), RunCurves(run(57, state=RunState.FAILED, run_id="older-001"))
    drawn = chart_content([Overlaid(one, "A"), Overlaid(other, "B")], one, Look())
    assert [(curve.sign, curve.style) for curve in drawn.curves] == [("B", "run-2"), ("A", "run-1")]
    assert [(each.sign, each.name) for each in drawn.legend] == [("A", "smollm2-lora-002"), ("B", "older-001")]
    assert drawn.legend[0].figures == "last 0.221  best 0.221"
    assert drawn.newest == 118


@pytest.mark.parametrize(
    ("start", "end", "labels"),
    [
        (0, 60, ["0", "10 s", "20 s", "30 s", "40 s", "50 s", "1 m"]),
        (0, 7200, ["0", "30 m", "1 h", "1 h 30 m", "2 h"]),
        (0, 86400 * 6, ["0", "1 d", "2 d", "3 d", "4 d", "5 d", "6 d"]),
    ],
)
def test_ticks_of_time_are_round(start: float, end: float, labels: list[str]) -> None:
    assert [label.removesuffix(" 0 h") for _, label in Across("time").ticks(start, end, 90)] == labels
