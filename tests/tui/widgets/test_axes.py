"""Ticks are round numbers inside the axis, and there are never more than fit."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.widgets.axes import log_ticks, step_ticks, tick_labels, ticks, value_scale

LOW = st.floats(0, 1e4)
SPAN = st.floats(1e-4, 1e6)


@given(LOW, SPAN, st.integers(1, 12))
def test_ticks_lie_inside_and_are_evenly_apart(low: float, span: float, most: int) -> None:
    found = ticks(low, low + span, most)
    assert len(found) <= most
    assert all(low - span * 1e-6 <= value <= low + span * (1 + 1e-6) for value in found)
    gaps = [after - before for before, after in pairwise(found)]
    assert all(math.isclose(gap, gaps[0], rel_tol=1e-6) for gap in gaps)


@given(st.floats(1e-6, 1e3), st.floats(1.3, 1e9), st.integers(2, 12))
def test_log_ticks_lie_inside(low: float, factor: float, most: int) -> None:
    found = log_ticks(low, low * factor, most)
    assert len(found) <= most
    assert all(low * (1 - 1e-6) <= value <= low * factor * (1 + 1e-6) for value in found)


@given(LOW, st.floats(0, 1e6))
@example(5e-324, 0.0)
def test_a_linear_scale_shows_every_value_and_never_goes_below_zero_for_losses(low: float, span: float) -> None:
    scale = value_scale(low, low + span, log=False)
    assert scale.bottom >= 0
    assert 0 <= scale.share(low) <= scale.share(low + span) <= 1


@given(st.floats(1e-6, 1e3), st.floats(1, 1e6))
def test_a_log_scale_shows_every_value(low: float, factor: float) -> None:
    scale = value_scale(low, low * factor, log=True)
    assert -1e-9 <= scale.share(low) <= scale.share(low * factor) <= 1 + 1e-9


def test_a_log_scale_puts_what_it_cannot_show_at_the_bottom() -> None:
    assert value_scale(0.0, 10.0, log=True).share(0.0) == 0.0


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([0.0, 0.5, 1.0], ["0.0", "0.5", "1.0"]),
        ([0.0, 1.0, 2.0], ["0", "1", "2"]),
        ([0.25, 0.5], ["0.25", "0.50"]),
        ([0.1, 1.0, 10.0], ["0.1", "1.0", "10.0"]),
        ([1e6, 2e6], ["1e6", "2e6"]),
        ([1e-5, 2e-5], ["1e-5", "2e-5"]),
        ([], []),
    ],
)
def test_labels_of_one_axis_have_the_same_decimals(values: list[float], labels: list[str]) -> None:
    assert tick_labels(values) == labels


def test_steps_are_whole_and_short() -> None:
    assert [label for _, label in step_ticks(0, 100_000, 60)] == ["0", "20k", "40k", "60k", "80k", "100k"]
    assert all(value == round(value) for value, _ in step_ticks(0, 3, 60))
