"""Rates and remaining times come from what the run has done."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.training.job import HyperparameterSection
from engine.training.pace import Pace
from engine.training.plan import Rhythm, count_steps, steps_an_epoch


def test_nothing_is_said_before_the_first_step() -> None:
    pace = Pace()
    assert pace.tokens_per_second == 0
    assert pace.remaining(10, []) is None


def test_the_rate_is_real_tokens_over_training_time() -> None:
    pace = Pace()
    pace.add_step(2.0, 100)
    pace.add_pause("evaluate", 60.0)
    pace.add_step(1.0, 200)
    assert pace.tokens_per_second == 100


def test_only_recent_steps_count() -> None:
    pace = Pace()
    for _ in range(100):
        pace.add_step(50.0, 1)
    for _ in range(20):
        pace.add_step(1.0, 300)
    assert pace.tokens_per_second == 300
    assert pace.remaining(7, []) == 7


def test_evaluations_and_saving_are_part_of_what_remains() -> None:
    pace = Pace()
    pace.add_step(9.0, 1)  # the first step warms up and does not count once there are others
    for _ in range(4):
        pace.add_step(2.0, 1)
    pace.add_pause("evaluate", 3.0)
    pace.add_pause("evaluate", 5.0)
    assert pace.remaining(10, [("evaluate", 2), ("save", 1)]) == pytest.approx(10 * 2 + 2 * 4)


@given(every=st.integers(0, 20), last=st.integers(1, 60))
def test_what_is_left_of_a_rhythm_is_what_will_be_due(every: int, last: int) -> None:
    rhythm = Rhythm(every, last)
    for step in range(last + 1):
        assert rhythm.left(step) == sum(rhythm.due(later) for later in range(step + 1, last + 1))
    assert rhythm.due(last)


def test_steps_are_counted_as_the_trainer_counts_them() -> None:
    training = HyperparameterSection(epochs=2.5, batch_size=8, gradient_accumulation=2)
    assert steps_an_epoch(33, training) == 3  # 5 batches
    assert count_steps(33, training) == 8  # 7.5 rounded up
    assert steps_an_epoch(1, training) == 1
