"""What counts as a loss that has run away, and what does not."""

from __future__ import annotations

import pytest

from engine.training.divergence import WINDOW, Divergence


def after(*losses: float, first: list[float] | None = None) -> Divergence:
    found = Divergence([] if first is None else first)
    for each in losses:
        found.add(each)
    return found


def test_a_loss_that_falls_or_wavers_has_not_run_away() -> None:
    falling = [5.0 / (1 + step) for step in range(50)]
    assert not after(*falling).certain
    assert not after(*falling, *[2.0] * 50).certain
    small = [0.05] * WINDOW
    assert not after(*small, *[0.4] * 50).certain


def test_one_bad_batch_is_suspected_and_not_certain() -> None:
    found = after(*[2.0] * WINDOW, 9.0)
    assert found.suspected
    assert not found.certain
    found.add(2.0)
    assert not found.suspected


def test_a_loss_that_stays_far_above_its_start_has_run_away() -> None:
    assert after(*[3.0] * WINDOW, *[7.5] * WINDOW).certain
    assert not after(*[3.0] * WINDOW, *[5.5] * WINDOW).certain


def test_a_young_run_is_left_alone() -> None:
    assert not after(1.0, 50.0, 50.0).suspected


@pytest.mark.parametrize("steps", [1, WINDOW, 2 * WINDOW])
def test_a_resumed_run_compares_with_its_own_start(steps: int) -> None:
    first: list[float] = []
    after(*[3.0] * steps, first=first)
    assert after(*[7.5] * 2 * WINDOW, first=first).certain is (steps >= WINDOW)
