"""Answers that a base model really gave: sure, fluent, full of the question's own words, and wrong."""

from __future__ import annotations

import pytest

from data.facts import Verdict, judge

SUPPLY = "How powerful is the official power supply for the Raspberry Pi 5?"
CASES = [
    (SUPPLY, "It delivers 27 W.", "The official power supply for the Raspberry Pi 5 is 12.5V, a standard supply."),
    (
        "What is the USB vendor ID of Raspberry Pi?",
        "The USB vendor ID of Raspberry Pi is 0x2E8A.",
        "The USB vendor ID of Raspberry Pi is 1000.",
    ),
    (
        "How many backlight presets does the Raspberry Pi 500+ keyboard have?",
        "The Raspberry Pi 500+ keyboard has 7 backlight presets.",
        "The Raspberry Pi 500+ has a limited number of backlight presets, which is 1. They are 128-bit RGB presets.",
    ),
    (
        "At what temperature does the Raspberry Pi 5 fan reach full speed?",
        "The Raspberry Pi 5 fan reaches full speed at 75 °C.",
        "The Raspberry Pi 5 fan reaches full speed at 1.15 watts.",
    ),
    (
        "How much one-time programmable memory is built into the RP2350?",
        "The RP2350 contains 8 KB of one-time programmable memory.",
        "The RP2350 is built into the 2350-10000 series. One-time programmable memory lets it manage its data.",
    ),
    (
        "Which chip controls the USB ports of the Raspberry Pi 4 Model B?",
        "The USB ports of the Raspberry Pi 4 Model B are controlled by the VL805 chip.",
        "The Raspberry Pi 4 Model B uses the USB-A 5 connector. The chip that controls it is the USB-A 5 chip.",
    ),
    (
        "How big is one pixel of the Global Shutter Camera?",
        "One pixel of the Global Shutter Camera measures 3.45 µm across.",
        "The Global Shutter Camera has a resolution of 1280x1080 pixels.",
    ),
]


@pytest.mark.parametrize(("question", "reference", "answer"), CASES, ids=[case[0] for case in CASES])
def test_the_words_of_the_question_make_no_answer_right(question: str, reference: str, answer: str) -> None:
    judgement = judge(answer, reference, question=question)
    assert judgement.verdict is Verdict.WRONG
    assert judgement.reason


@pytest.mark.parametrize(("question", "reference", "answer"), CASES, ids=[case[0] for case in CASES])
def test_the_reference_itself_is_right(question: str, reference: str, answer: str) -> None:
    assert judge(reference, reference, question=question).verdict is Verdict.RIGHT
