"""The tally of votes: what it counts, its interval, and when it says that there is not enough evidence."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from data.preferences import CHOICES
from data.significance import wilson
from data.tally import Tally, tallied

COUNTS = st.integers(0, 60)


@settings(max_examples=80)
@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_two_sides_mirror_each_other(a: int, b: int, ties: int, both_bad: int) -> None:
    here, there = Tally(a, b, ties, both_bad), Tally(b, a, ties, both_bad)
    assert here.votes == a + b + ties + both_bad
    assert here.p == there.p
    low, high = here.interval
    assert math.isclose(low, 1 - there.interval[1], abs_tol=1e-12)
    assert math.isclose(high, 1 - there.interval[0], abs_tol=1e-12)
    if here.decided:
        assert 0 <= low <= b / here.decided <= high <= 1


@settings(max_examples=80)
@given(COUNTS, COUNTS)
def test_ties_and_bad_pairs_are_no_evidence(a: int, b: int) -> None:
    assert Tally(a, b, 9, 9).p == Tally(a, b).p
    assert Tally(a, b, 9, 9).interval == Tally(a, b).interval == wilson(b, a + b)


@settings(max_examples=80)
@given(COUNTS, COUNTS)
def test_a_winner_is_named_only_where_chance_is_unlikely(a: int, b: int) -> None:
    tally = Tally(a, b)
    exact = sum(math.comb(a + b, each) for each in range(min(a, b) + 1)) * 2 / 2 ** (a + b)
    said = tally.sentence("left", "right")
    assert tally.significant == (exact < 0.05)
    assert ("is better" in said) == (exact < 0.05)
    if tally.significant:
        assert f"{'right' if b > a else 'left'} is better" in said
        low, high = tally.interval
        assert not low < 0.5 < high, "the interval and the test say the same where the test finds something"
    elif tally.votes:
        assert "not enough evidence" in said


@settings(max_examples=40)
@given(st.lists(st.sampled_from(CHOICES)))
def test_every_vote_is_counted_once(choices: list[str]) -> None:
    found = tallied(choices)  # type: ignore[arg-type]
    assert (found.a, found.b, found.ties, found.both_bad) == tuple(choices.count(each) for each in CHOICES)


def test_the_words() -> None:
    assert Tally().sentence("base", "tuned") == "No votes yet."
    assert Tally(0, 0, 2, 1).sentence("base", "tuned") == "3 votes: 2 ties, 1 both bad; none says which is better."
    assert Tally(0, 3).sentence("base", "tuned") == (
        "tuned preferred to base in 3 of 3 (44 to 100 %); "
        "not enough evidence: fewer than 6 votes for one side show nothing."
    )
    assert Tally(2, 7, 1).sentence("base", "tuned") == (
        "tuned preferred to base in 7 of 9 (45 to 94 %), 1 tie; not enough evidence (p = 0.18, exact sign test)."
    )
    assert Tally(1, 11).sentence("base", "tuned").endswith("; tuned is better (p = 0.0063, exact sign test).")
    assert Tally(40, 0).sentence("base", "tuned").endswith("; base is better (p < 0.0001, exact sign test).")
