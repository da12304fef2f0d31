"""Yes or no that an answer says with a comparison or another amount."""

from __future__ import annotations

import pytest

from data.facts import Verdict, judge


@pytest.mark.parametrize(
    ("answer", "question", "reference", "verdict"),
    [
        ("Lead is more dense.", "Is tin more dense than lead?", "No", Verdict.RIGHT),
        ("Tin is less dense.", "Is tin more dense than lead?", "No", Verdict.RIGHT),
        ("Tin is more dense.", "Is tin more dense than lead?", "No", Verdict.WRONG),
        ("It is not more dense.", "Is tin more dense than lead?", "No", Verdict.RIGHT),
        ("Lead weighs less.", "Is tin less heavy than lead?", "No", Verdict.RIGHT),
        ("They tolerate at most 3.6 V.", "Are the inputs 12 V tolerant?", "No", Verdict.RIGHT),
        ("They take up to 24 V.", "Can the inputs take 12 V?", "Yes", Verdict.RIGHT),
        ("The ridge is 830 m high.", "Is the ridge more than 900 m high?", "No", Verdict.RIGHT),
        ("The ridge is 930 m high.", "Is the ridge more than 900 m high?", "Yes", Verdict.RIGHT),
        ("It was signed in 1998.", "Was the treaty signed in 1997?", "No", Verdict.RIGHT),
        ("It was signed in May 1997.", "Was the treaty signed in 1997?", "Yes", Verdict.RIGHT),
        ("It was signed in 1998.", "Was the treaty signed in 1997?", "Yes", Verdict.WRONG),
    ],
)
def test_yes_or_no_without_the_word(answer: str, question: str, reference: str, verdict: Verdict) -> None:
    assert judge(answer, reference, question=question).verdict is verdict
