"""Intervals and the paired test, against counting out every case and against solving the defining equation."""

from __future__ import annotations

from itertools import product
from math import isclose, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.significance import FEWEST_CHANGED, LEVEL, Paired, mcnemar, wilson

Z = 1.959963984540054


@pytest.mark.parametrize("changed", range(11))
def test_the_paired_test_is_the_share_of_coin_throws_that_are_as_uneven(changed: int) -> None:
    throws = [sum(each) for each in product((0, 1), repeat=changed)]
    for lost in range(changed + 1):
        uneven = abs(lost - changed / 2)
        share = sum(abs(heads - changed / 2) >= uneven for heads in throws) / len(throws)
        assert mcnemar(lost, changed - lost) == pytest.approx(share)


@pytest.mark.parametrize(
    ("lost", "gained", "p"), [(0, 5, 0.0625), (0, 6, 0.03125), (1, 8, 0.0390625), (3, 12, 0.03516), (10, 22, 0.0501)]
)
def test_known_values(lost: int, gained: int, p: float) -> None:
    assert mcnemar(lost, gained) == pytest.approx(p, abs=1e-4)
    assert mcnemar(gained, lost) == mcnemar(lost, gained)


def test_a_thousand_changed_answers_are_no_matter() -> None:
    assert 0 < mcnemar(400, 600) < 1e-9
    assert mcnemar(500, 500) == 1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_ends_of_an_interval_are_where_the_score_test_turns(counts: tuple[int, int]) -> None:
    hits, total = counts
    low, high = wilson(hits, total)
    assert 0 <= low <= high <= 1
    if total == 0:
        assert (low, high) == (0, 1)
        return
    share = hits / total
    assert low <= share <= high
    for end in (low, high):
        if 0 < end < 1:
            assert isclose(abs(share - end), Z * sqrt(end * (1 - end) / total), rel_tol=1e-6, abs_tol=1e-9)
    assert wilson(total - hits, total) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize("counts", [(-1, 3), (4, 3), (1, 0)])
def test_what_is_no_share_is_refused(counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(*counts)
    with pytest.raises(ValueError, match="negative"):
        mcnemar(-1, 2)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60))
def test_the_sentence_says_what_the_numbers_do(lost: int, gained: int) -> None:
    paired = Paired(lost, gained)
    said = paired.sentence("base", "tuned")
    assert f"{gained} became right and {lost} stopped being right" in said
    assert ("Not enough evidence" in said) == (not paired.significant) == (paired.p >= LEVEL)
    assert ("tuned is better than base" in said) == (paired.significant and gained > lost)
    assert ("base is better than tuned" in said) == (paired.significant and lost > gained)
    if lost + gained < FEWEST_CHANGED:
        assert "fewer than 6 changed answers" in said
