"""Whatever the points are, a column of the screen knows their extremes, their mean and their number."""

from __future__ import annotations

import math
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.decimation import Series, Smoothing

VALUES = st.floats(-1e6, 1e6, allow_nan=False)
MANY = st.lists(VALUES, min_size=1, max_size=300)
SMALL_BLOCKS = patch("tui.widgets.decimation.BLOCK", 4)
"""So that few points make several levels."""


def series_of(values: list[float]) -> Series:
    return Series((float(index), value) for index, value in enumerate(values))


@given(MANY, st.integers(0, 300), st.integers(0, 300))
def test_a_column_has_the_extremes_and_the_mean_of_its_points(values: list[float], one: int, other: int) -> None:
    first, last = sorted((one % (len(values) + 1), other % (len(values) + 1)))
    with SMALL_BLOCKS:
        column = series_of(values).column(first, last)
    inside = values[first:last]
    if not inside:
        assert column is None
        return
    assert column is not None
    assert (column.low, column.high, column.count) == (min(inside), max(inside), len(inside))
    assert math.isclose(column.mean, math.fsum(inside) / len(inside), rel_tol=1e-9, abs_tol=1e-6)


@given(MANY, st.integers(1, 120), st.floats(-10, 310), st.floats(0, 320))
def test_no_extreme_in_view_is_lost_however_narrow_the_screen(
    values: list[float], width: int, start: float, span: float
) -> None:
    with SMALL_BLOCKS:
        columns = series_of(values).columns(start, start + span, width)
    inside = [value for x, value in enumerate(values) if start <= x <= start + span]
    found = [column for column in columns if column is not None]
    assert len(columns) == width
    assert sum(column.count for column in found) == len(inside)
    if inside:
        assert min(column.low for column in found) == min(inside)
        assert max(column.high for column in found) == max(inside)


@given(MANY, st.lists(st.integers(1, 40), max_size=20))
def test_points_that_come_bit_by_bit_make_the_same_series(values: list[float], bits: list[int]) -> None:
    points = [(float(index), value) for index, value in enumerate(values)]
    with SMALL_BLOCKS:
        grown = Series()
        at = 0
        for bit in [*bits, len(points)]:
            grown.extend(points[at : at + bit])
            at += bit
        assert_same(grown, Series(points))


@given(MANY, st.integers(0, 300), MANY)
def test_a_run_that_went_back_replaces_the_steps_it_does_again(
    values: list[float], back_to: int, again: list[float]
) -> None:
    back_to %= len(values)
    with SMALL_BLOCKS:
        series = series_of(values)
        series.extend((float(back_to + index), value) for index, value in enumerate(again))
        assert_same(series, series_of([*values[:back_to], *again]))


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=50))
def test_what_is_no_finite_number_is_left_out_and_counted(values: list[float]) -> None:
    series = series_of(values)
    assert series.dropped == sum(not math.isfinite(value) for value in values)
    assert len(series) + series.dropped == len(values)
    assert all(math.isfinite(value) for value in series.ys)
    assert series.xs == sorted(set(series.xs))


@given(MANY, st.floats(-50, 350))
def test_the_nearest_point_is_the_nearest(values: list[float], x: float) -> None:
    series = series_of(values)
    index = series.nearest(x)
    assert index is not None
    assert abs(series.xs[index] - x) == min(abs(each - x) for each in series.xs)


@given(st.lists(VALUES, min_size=1), st.floats(1, 100))
def test_an_average_lies_among_what_it_is_made_of(values: list[float], steps: float) -> None:
    smoothing = Smoothing(steps)
    for index, value in enumerate(values):
        average = smoothing.add(value)
        seen = values[: index + 1]
        assert min(seen) - 1e-6 <= average <= max(seen) + 1e-6


def test_an_average_passes_over_what_is_no_number() -> None:
    smoothing = Smoothing(5)
    assert math.isnan(smoothing.add(math.nan))
    first = smoothing.add(2.0)
    assert math.isclose(first, 2.0)
    assert smoothing.add(math.inf) == first


def test_no_points_make_no_columns() -> None:
    assert Series().columns(0, 10, 3) == [None, None, None]
    assert Series().nearest(3) is None
    assert series_of([1.0]).columns(0, 10, 0) == []


def assert_same(one: Series, other: Series) -> None:
    assert (one.xs, one.ys) == (other.xs, other.ys)
    for first in range(0, len(one), 7):
        for last in range(first + 1, len(one) + 1, 11):
            ours, theirs = one.column(first, last), other.column(first, last)
            assert ours is not None
            assert theirs is not None
            assert (ours.low, ours.high, ours.count) == (theirs.low, theirs.high, theirs.count)
