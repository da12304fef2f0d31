"""Preference pairs of two answers, and how answers are told apart."""

from __future__ import annotations

import pytest

from data.errors import InputError
from data.formats import preference
from data.formats.conversation import Turn
from data.preferences import Candidate, TwoAnswers, by_reference, preferred

ASKED = (Turn("user", "How fast?"),)
TWO = TwoAnswers(ASKED, Candidate("base", "smol", "1.15 GHz"), Candidate("tuned", "lora-1", "150 MHz"))


def test_the_better_answer_is_chosen() -> None:
    assert preference.write(preferred(TWO, "B")) == {"prompt": "How fast?", "chosen": "150 MHz", "rejected": "1.15 GHz"}
    assert preference.write(preferred(TWO.swapped, "A")) == preference.write(preferred(TWO, "B"))


def test_a_system_prompt_or_earlier_turns_make_it_conversational() -> None:
    earlier = (Turn("user", "Hello"), Turn("assistant", "Hi"), *ASKED)
    row = preference.write(preferred(TwoAnswers(earlier, TWO.a, TWO.b, "Be brief."), "A"))
    assert row == {
        "prompt": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hello"},
            {"role": "assistant", "content": "Hi"},
            {"role": "user", "content": "How fast?"},
        ],
        "chosen": [{"role": "assistant", "content": "1.15 GHz"}],
        "rejected": [{"role": "assistant", "content": "150 MHz"}],
    }


@pytest.mark.parametrize(
    ("a", "b", "choice", "words"),
    [
        ("x", "y", "tie", "one answer that is better"),
        ("x", "y", "both bad", "one answer that is better"),
        ("x", " ", "A", "one of these is empty"),
        ("x", "x\n", "B", "the same"),
    ],
)
def test_what_makes_no_pair_is_refused(a: str, b: str, choice: str, words: str) -> None:
    answers = TwoAnswers(ASKED, Candidate("base", "m", a), Candidate("tuned", "n", b))
    with pytest.raises(InputError, match=words):
        preferred(answers, choice)  # type: ignore[arg-type]


def test_a_key_is_of_the_answers_and_not_of_their_order() -> None:
    assert TWO.key == TWO.swapped.key
    others = (
        TwoAnswers((Turn("user", "How much?"),), TWO.a, TWO.b),
        TwoAnswers(ASKED, TWO.a, TWO.b, "Be brief."),
        TwoAnswers(ASKED, TWO.a, Candidate("tuned", "lora-2", "150 MHz")),
        TwoAnswers(ASKED, TWO.a, Candidate("tuned", "lora-1", "150 MHz.")),
    )
    assert len({TWO.key, *(each.key for each in others)}) == 5
    assert TwoAnswers(ASKED, TWO.a, TWO.b, reference="150 MHz").key == TWO.key


def test_the_reference_chooses() -> None:
    assert [by_reference(each) for each in ("A", "B", "both", "neither", None)] == ["A", "B", "tie", "both bad", None]
