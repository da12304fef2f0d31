"""One answer against the reference."""

from __future__ import annotations

import pytest

from data.facts import Standing, Verdict, judge

SRAM = "How much SRAM does the RP2350 have?"
SENTENCE = "The RP2350 has 520 KB of on-chip SRAM."


@pytest.mark.parametrize(
    ("answer", "reference", "question", "verdict"),
    [
        ("520 kB.", SENTENCE, SRAM, Verdict.RIGHT),
        ("It has 520 KB of SRAM in ten banks.", "520 KB", SRAM, Verdict.RIGHT),
        ("It has 264 KB.", SENTENCE, SRAM, Verdict.WRONG),
        ("", SENTENCE, SRAM, Verdict.UNCLEAR),
        ("I don't know.", SENTENCE, SRAM, Verdict.UNCLEAR),
        ("It is a microcontroller.", SENTENCE, SRAM, Verdict.UNCLEAR),
        ("The RP2040 has 520 KB.", SENTENCE, SRAM, Verdict.WRONG),
        ("Four cores.", "quad-core", "How many cores does it have?", Verdict.RIGHT),
        ("The BCM2712.", "It uses the Broadcom BCM2711.", "Which SoC does the Pi 4 use?", Verdict.WRONG),
        ("BCM2711", "It uses the Broadcom BCM2711.", "Which SoC does the Pi 4 use?", Verdict.RIGHT),
        ("No, it does not.", "No.", "Does it have Wi-Fi?", Verdict.RIGHT),
        ("It has Wi-Fi.", "No.", "Does it have Wi-Fi?", Verdict.WRONG),
        ("1 GB and 2 GB.", "1 GB, 2 GB, 4 GB and 8 GB", "Which memory options are there?", Verdict.WRONG),
        ("Everest.", "Mount Everest, between Nepal and China", "What is the highest mountain?", Verdict.RIGHT),
        ("It puts changes aside.", "It shelves changes for later.", "What does git stash do?", Verdict.RIGHT),
    ],
)
def test_verdict(answer: str, reference: str, question: str, verdict: Verdict) -> None:
    judgement = judge(answer, reference, question=question)
    assert judgement.verdict is verdict
    assert bool(judgement.reason) == (verdict is not Verdict.RIGHT)


def test_facts_stand_against_the_reference() -> None:
    judgement = judge("It has 264 KB and runs at 150 MHz.", SENTENCE, question=SRAM)
    assert [(m.fact.text, m.standing, m.outcome) for m in judgement.facts] == [
        ("264 KB", Standing.DISAGREES, None),
        ("150 MHz", Standing.NOT_COVERED, None),
    ]
    assert judgement.reason == "264 KB ≠ 520 KB"
