"""From a comparison to what is marked and listed."""

from __future__ import annotations

from itertools import pairwise

from data.facts import compare
from tui.compare.marks import AGREES, DIFFERS, DISAGREES, LOOKS, ONLY_HERE, fact_rows, look_of, marks

QUESTION = "How fast is the RP2350?"


def test_every_state_has_a_sign_and_a_colour_of_its_own() -> None:
    assert len({look.sign for look in LOOKS}) == len(LOOKS)
    assert len({look.style for look in LOOKS}) == len(LOOKS)
    assert [look.rank for look in LOOKS] == [*range(len(LOOKS))]


def test_the_dataset_counts_before_the_other_side() -> None:
    comparison = compare("It runs at 1.15 GHz.", "It runs at 150 MHz.", question=QUESTION, reference="150 MHz")
    [row] = fact_rows(comparison)
    assert row.first is not None
    assert row.other is not None
    assert (look_of(row.first), look_of(row.other)) == (DISAGREES, AGREES)
    assert row.reason == "1.15 GHz ≠ 150 MHz (dataset)"


def test_two_wrong_answers_are_not_called_what_the_dataset_says() -> None:
    comparison = compare("It runs at 1.15 GHz.", "It runs at 1.2 GHz.", question=QUESTION, reference="150 MHz")
    [row] = fact_rows(comparison)
    assert row.reason == "1.15 GHz ≠ 1.2 GHz, and not what the dataset says"


def test_what_matters_most_comes_first() -> None:
    comparison = compare(
        "Made in 2021, it runs at 1.15 GHz with 264 KB of SRAM.",
        "It runs at 150 MHz with 520 KB of SRAM.",
        question=QUESTION,
        reference="150 MHz",
    )
    looks = [LOOKS[row.rank] for row in fact_rows(comparison)]
    assert looks[:2] == [DISAGREES, DIFFERS]
    assert ONLY_HERE in looks
    assert looks == sorted(looks, key=LOOKS.index)


def test_what_one_side_says_again_and_again_is_one_row() -> None:
    comparison = compare(
        "It has 4 MB. It has 4 MB. It has 4 MB, and 2 UARTs.", "It has a green light.", question=QUESTION
    )
    said = {row.first.fact.text: row for row in fact_rows(comparison) if row.first is not None}
    assert said["4 MB"].reason == "on one side only, 3 times"
    assert said["4 MB"].place[0] == 7
    assert len([row for row in fact_rows(comparison) if row.first and row.first.fact.text == "4 MB"]) == 1
    assert len([mark for mark in marks(comparison.a, 100) if mark.look is ONLY_HERE]) >= 3


def test_marks_ascend_without_overlap_and_inside_the_text() -> None:
    base = "It has 4 cores, runs at 1.15 GHz and has 264 KB."
    comparison = compare(base, "It has 2 cores, runs at 150 MHz and has 520 KB.", question=QUESTION, reference=None)
    found = marks(comparison.a, len(base) - 4)
    assert [base[mark.start : mark.end] for mark in found][:2] == ["4", "1.15 GHz"]
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert found[-1].end <= len(base) - 4
    assert fact_rows(None) == ()
