"""Preference pairs of a batch: only where the dataset decides between two arms."""

from __future__ import annotations

from data.formats import preference
from engine.chat.arms import Arm
from engine.evaluation.pairs import pairs_of
from tests.engine.evaluation.rows import advanced

CLOCK, RIGHT, WRONG = "How fast is the clock?", "It runs at 133 MHz.", "It runs at 150 MHz."


def test_the_right_answer_is_chosen_whoever_gave_it() -> None:
    batch = advanced((CLOCK, RIGHT, (WRONG, RIGHT)), (f"{CLOCK} Now?", RIGHT, (RIGHT, WRONG)))
    assert [preference.write(pair) for pair in pairs_of(batch.rows, 1)] == [
        {"prompt": CLOCK, "chosen": RIGHT, "rejected": WRONG},
        {"prompt": f"{CLOCK} Now?", "chosen": RIGHT, "rejected": WRONG},
    ]


def test_no_pair_follows_where_both_are_right_or_wrong_or_one_is_missing() -> None:
    batch = advanced(
        (CLOCK, RIGHT, (RIGHT, RIGHT)),
        (CLOCK, RIGHT, (WRONG, WRONG)),
        (CLOCK, None, (RIGHT, WRONG)),
        (CLOCK, RIGHT, (RIGHT, None)),
        (CLOCK, RIGHT, (RIGHT, "!It is gone.")),
    )
    assert pairs_of(batch.rows, 1) == []


def test_the_same_pair_twice_is_one_and_any_arm_can_be_the_second() -> None:
    arms = (Arm("base", "base"), Arm("tuned", "tuned"), Arm("other", "other"))
    said = (CLOCK, RIGHT, (WRONG, WRONG, RIGHT))
    batch = advanced(said, said, arms=arms)
    assert pairs_of(batch.rows, 1) == []
    assert len(pairs_of(batch.rows, 2)) == 1
