"""Rows that cannot both be right, and rows that say the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.bundled import BUNDLED, bundled_path
from data.quality.likeness import asked_words, same_meaning
from tests.data.quality.checking import check, check_file, flagged, flags, qa, talk

SRAM = [
    qa("How much SRAM does the RP2040 have?", "The RP2040 has 264 KB of on-chip SRAM."),
    qa("How does the memory of the two chips compare?", "The RP2040 has 264 KB of SRAM, the RP2350 has 520 KB."),
    qa("How do the RP2040 and the RP2350 differ?", "The RP2040 has 284 KB vs 520 KB for the RP2350."),
]


def test_a_contradiction_names_both_values_and_offers_the_usual_one(tmp_path: Path) -> None:
    (flag,) = flags(tmp_path, SRAM, "contradiction")
    assert (flag.row, flag.other) == (2, 0)
    assert flag.reason == "says 284 KB where row 1 and 1 other say 264 KB (rp2040)"
    assert flag.fix == {"output": "The RP2040 has 264 KB vs 520 KB for the RP2350."}


def test_nobody_knows_which_of_two_values_is_right(tmp_path: Path) -> None:
    (flag,) = flags(tmp_path, [SRAM[0], SRAM[2]], "contradiction")
    assert flag.fix is None


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_datasets_are_clean(name: str) -> None:
    checker = check_file(bundled_path(name))
    assert [flag.reason for row in checker.flags.values() for flag in row] == []
    assert checker.findings == []


def test_all_bundled_datasets_together_do_not_contradict_each_other(tmp_path: Path) -> None:
    rows = [
        {"instruction": row["instruction"], "output": row["output"]}
        for name in BUNDLED
        for row in map(json.loads, bundled_path(name).read_text(encoding="utf-8").splitlines())
    ]
    checker = check(tmp_path, rows, "contradiction", "conflict")
    assert checker.flags == {}


def test_a_wrong_number_among_the_bundled_rows_is_found(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in bundled_path(BUNDLED[0]).read_text(encoding="utf-8").splitlines()]
    rows.append(qa("What on-chip memory does the RP2350 offer?", "The RP2350 has 580 KB of on-chip SRAM.", input=""))
    (flag,) = flags(tmp_path, rows, "contradiction")
    assert flag.row == len(rows) - 1
    assert "580 KB" in flag.reason


def test_conflicting_answers_to_one_question(tmp_path: Path) -> None:
    rows = [
        qa("Does the pump have a valve?", "Yes, it does."),
        qa("How long is the hose of the pump?", "It is 3 m long."),
        qa("does the pump have a valve", "No."),
        qa("How long is the hose of the pump, please?", "The hose has a length of 4 m."),
        qa("How long is the hose of the pump?", "It measures 300 cm."),
    ]
    found = flags(tmp_path, rows, "conflict")
    assert [(flag.row, flag.other) for flag in found] == [(2, 0), (3, 1)]
    assert "4 m" in found[1].reason
    assert "3 m" in found[1].reason


def test_answers_in_other_words_do_not_conflict(tmp_path: Path) -> None:
    rows = [
        qa("Write a poem on pumps.", "Pumps go up."),
        qa("Write a poem on pumps.", "Water flows down."),
        qa("How are you today?", "Fine, thank you."),
        qa("How are you today?", "Great, and you?"),
        qa("Who invented the pump?", "Ctesibius, a Greek of Alexandria, is said to have built the first one."),
        qa("Who invented the pump?", "It was invented in Egypt."),
    ]
    assert flagged(tmp_path, rows, "conflict") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How much SRAM does the RP2040 have?", "how much SRAM has the RP2040"),
        ("What is the capital of France?", "Tell me the capital of France, please."),
        ("What is photosynthesis in plants?", "Explain photosynthesis in a plant."),
    ],
)
def test_questions_with_the_same_meaning(tmp_path: Path, one: str, other: str) -> None:
    rows = [qa(one, "This."), qa("Who built the first pump?", "Nobody."), qa(other, "That.")]
    assert [(flag.row, flag.other) for flag in flags(tmp_path, rows, "near-duplicate")] == [(2, 0)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How much SRAM does the RP2040 have?", "How much SRAM does the RP2350 have?"),
        ("Convert 5 km to miles.", "Convert 5 miles to km."),
        ("Evaluate 5 - 3.", "Evaluate 5 + 3."),
        ("When was C++ released?", "When was C released?"),
        ("Who built the pump?", "When was the pump built?"),
        ("Is the pump of the tank open?", "Is the pump of the tank not open?"),
        ("Does Alice know Bob?", "Does Bob know Alice?"),
        ("What makes you sad?", "Does it make you sad?"),
        ("What is my address?", "What is your address?"),
    ],
)
def test_questions_with_other_meanings(one: str, other: str) -> None:
    assert not same_meaning(asked_words(one), asked_words(other))


def test_rows_that_differ_in_some_words(tmp_path: Path) -> None:
    text = (
        "The pump takes water from the well and lifts it into the tank on the roof, from which it runs down to the"
        " kitchen and the bath whenever somebody opens one of the taps there, and to the garden in summer. In winter"
        " all pipes above the ground have to be emptied before the first night of frost, because water that"
        " freezes breaks them, and nobody notices until spring."
    )
    rows = [
        qa("What does the pump do all day?", text),
        qa("What does the pump do all year?", text.replace("somebody", "anybody")),
        qa("And the third?", text.replace("kitchen", "Kremlin")),
        talk(("user", "Hello"), ("assistant", "Hello")),
    ]
    assert [(flag.row, flag.other) for flag in flags(tmp_path, rows, "near-duplicate")] == [(1, 0)]


def test_near_duplicates_leave_exact_ones_to_their_own_check(tmp_path: Path) -> None:
    rows = [qa("How much SRAM does the chip have?", "Much."), qa("how much SRAM does the chip have", "Little.")]
    assert flagged(tmp_path, rows, "near-duplicate") == []
    assert flagged(tmp_path, rows, "duplicate") == [1]
