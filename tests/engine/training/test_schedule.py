"""Learning rates rise to their peak and fall as their names say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.training.schedule import rate

SCHEDULES = ["cosine", "linear", "constant", "one-cycle"]


@given(schedule=st.sampled_from(SCHEDULES), steps=st.integers(1, 400), warmup=st.floats(0, 0.9))
def test_rates_are_shares_of_the_peak(schedule: str, steps: int, warmup: float) -> None:
    rates = [rate(schedule, step, steps, warmup) for step in range(steps)]
    assert all(0 < each <= 1 for each in rates)
    top = rates.index(max(rates))
    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_reaches_its_peak_after_the_warm_up(schedule: str) -> None:
    assert rate(schedule, 10, 100, 0.1) == 1
    assert rate(schedule, 9, 100, 0.1) < 1
    assert rate(schedule, 0, 100, 0.0) == 1


def test_the_ways_down_differ() -> None:
    middle = [rate(schedule, 55, 100, 0.1) for schedule in SCHEDULES]
    assert middle == pytest.approx([0.5, 0.5, 1.0, 0.5], abs=1e-3)
    quarter = [rate(schedule, 32, 100, 0.1) for schedule in SCHEDULES]
    assert quarter == pytest.approx([0.86, 0.756, 1.0, 0.86], abs=1e-2)
    assert rate("one-cycle", 0, 1000, 0.3) == pytest.approx(1 / 25, abs=1e-3)
