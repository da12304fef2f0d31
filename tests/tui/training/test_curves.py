"""Curves are kept up to date step by step, whatever the run does."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from engine.jobs.events import Resumed, RunState, Warned
from tests.tui.training.runs import START, run
from tui.training.curves import RunCurves, axis_end


def test_steps_that_come_bit_by_bit_make_the_same_curves() -> None:
    whole = run(118)
    grown, at_once = RunCurves(whole.run_id), RunCurves(whole.run_id)
    at_once.update(whole)
    for done in (0, 1, 2, 40, 41, 118, 118):
        part = replace(
            whole,
            progress=whole.progress[:done],
            evaluations=tuple(each for each in whole.evaluations if each.step <= done),
        )
        assert grown.continues(part)
        grown.update(part)
    for one, other in zip(grown.content(whole).curves, at_once.content(whole).curves, strict=True):
        assert (one.series.xs, one.series.ys) == (other.series.xs, other.series.ys)


def test_another_run_or_another_history_is_no_continuation() -> None:
    curves = RunCurves("smollm2-lora-002")
    curves.update(run(100))
    assert curves.continues(run(100))
    assert not curves.continues(run(99))
    assert not curves.continues(run(100, run_id="other-001"))
    assert not curves.continues(run(100, total=300))


def test_a_run_resumed_further_back_smooths_on_from_there() -> None:
    straight, resumed = RunCurves("r"), RunCurves("r")
    straight.update(run(90, run_id="r"))
    resumed.update(replace(run(100, run_id="r"), progress=(*run(100).progress, *run(90).progress[79:])))
    one, other = (curves.content(run(90)).curves[2].series for curves in (straight, resumed))
    assert one.xs == other.xs
    assert all(math.isclose(a, b, rel_tol=0.01) for a, b in zip(one.ys, other.ys, strict=True))


def test_what_happened_is_marked_at_its_step() -> None:
    snapshot = replace(run(118, nan_at=[50]), warnings=(Warned("3 rows were cut.", t=START + 10 + 20 * 0.6),))
    snapshot = replace(snapshot, resumptions=(Resumed(100),))
    curves = RunCurves(snapshot.run_id)
    curves.update(snapshot)
    marks = {mark.name: mark.xs for mark in curves.content(snapshot).marks}
    assert marks == {"checkpoint": (100.0,), "resumed": (100.0,), "warning": (20.0,), "no number": (50.0,)}


def test_a_run_of_nothing_but_nan_has_few_marks() -> None:
    snapshot = run(5000, 5000, nan_at=range(1, 5001))
    curves = RunCurves(snapshot.run_id)
    curves.update(snapshot)
    assert len({mark.name: mark.xs for mark in curves.content(snapshot).marks}["no number"]) <= 501


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
        snapshot = run(0, state=state)
        curves = RunCurves(snapshot.run_id)
        curves.update(snapshot)
        assert curves.content(snapshot).empty == words
