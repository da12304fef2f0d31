"""Rows of one dataset that contradict each other, and rows that only look so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import data.bundled
from data.facts.contradictions import find_contradictions

Rows = list[tuple[int, str, str]]


def pairs(rows: Rows) -> list[tuple[int, int, str]]:
    """Rows and reason of each contradiction."""
    return [(c.row, c.other_row, c.reason) for c in find_contradictions(rows)]


def test_same_subject_and_attribute() -> None:
    rows: Rows = [
        (1, "How does the memory compare?", "The RP2040 has 264 KB of on-chip SRAM while the RP2350 has 520 KB."),
        (2, "How much SRAM has the RP2040?", "The RP2040 has 264 KB of SRAM."),
        (3, "What can the RP2040 do?", "The RP2040 has 284 KB of SRAM and two cores."),
    ]
    assert pairs(rows) == [(3, 1, "284 KB ≠ 264 KB")]


def test_near_miss_without_a_noun() -> None:
    rows: Rows = [
        (1, "How much SRAM does the RP2040 have?", "The RP2040 has 264 KB of SRAM."),
        (2, "How do the RP2040 and the RP2350 differ?", "The RP2040 has 284 KB vs 520 KB for the RP2350."),
    ]
    assert pairs(rows) == [(2, 1, "284 KB ≠ 264 KB")]


def test_same_question() -> None:
    rows: Rows = [
        (1, "Does the Pico have Wi-Fi?", "No."),
        (2, "Does the Pico have Wi-Fi?", "Yes, it does."),
        (3, "Which chip is on the Pico 2?", "The RP2350."),
        (4, "Which chip is on the Pico 2?", "It is the RP2040."),
    ]
    assert [p[:2] for p in pairs(rows)] == [(2, 1), (4, 3)]


def test_same_sentence_with_another_number() -> None:
    rows: Rows = [
        (1, "How big is the boot ROM?", "The boot ROM of the RP2040 holds 16 KB."),
        (2, "What is the capacity of the start-up memory?", "The boot ROM of the RP2040 holds 32 KB."),
    ]
    assert pairs(rows) == [(2, 1, "32 KB ≠ 16 KB")]


@pytest.mark.parametrize(
    "rows",
    [
        [
            (1, "How much SRAM?", "The RP2040 has 264 KB of SRAM."),
            (2, "How much SRAM?", "The RP2350 has 520 KB of SRAM."),
        ],
        [(1, "How much RAM?", "The Pi 500 has 8 GB of RAM."), (2, "How much RAM?", "The Pi 500+ has 16 GB of RAM.")],
        [(1, "Which year?", "The 3 Model B came in 2016."), (2, "Which year?", "The 3 Model B+ came in 2018.")],
        [(1, "RAM?", "The RP2040 has 264 KB of SRAM."), (2, "Flash?", "The RP2040 has 16 KB of ROM.")],
        [(1, "Idle?", "The Pi 5 draws 2.7 W when idle."), (2, "Peak?", "The Pi 5 draws 12 W at maximum.")],
        [(1, "How fast is it?", "The RP2350 runs at 150 MHz."), (2, "How fast is it?", "The RP2350 runs at 0.15 GHz.")],
        [
            (1, "Options?", "The CM4 comes with 1 GB, 2 GB, 4 GB or 8 GB of RAM."),
            (2, "RAM?", "The CM4 has 4 GB of RAM."),
        ],
        [
            (1, "How fast is the GPU of the BCM2837?", "The VideoCore IV of the BCM2837 runs at 400 MHz."),
            (2, "How fast are the cores of the BCM2837?", "The Arm cores of the BCM2837 run at 1.2 GHz."),
        ],
    ],
)
def test_no_contradiction(rows: Rows) -> None:
    assert not pairs(rows) or rows[0][1] == rows[1][1]


def bundled(name: str) -> Rows:
    """The rows of a bundled file, numbered from 1."""
    text = (Path(data.bundled.__file__).parent / name).read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    return [(i, row["instruction"], row["output"]) for i, row in enumerate(rows, 1)]


@pytest.mark.parametrize("name", ["raspberry_pi.jsonl", "raspberry_pi_paraphrased.jsonl", "general.jsonl"])
def test_bundled_data_do_not_contradict_themselves(name: str) -> None:
    assert pairs(bundled(name)) == []


def test_a_changed_number_among_many_rows_is_found() -> None:
    rows = bundled("raspberry_pi.jsonl")
    rows.append((len(rows) + 1, "How much on-chip memory has the RP2350?", "The RP2350 has 580 KB of on-chip SRAM."))
    found = find_contradictions(rows)
    assert [(c.row, c.text) for c in found] == [(len(rows), "580 KB")]
