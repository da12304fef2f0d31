"""Patterns that are tried only where they can match find what they would find anywhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from data.facts.patterns import Gated, needed
from data.facts.vocabulary import lines

QUESTIONS = [
    json.loads(line)["question"]
    for part in ("development", "hard", "implied", "reported", "unseen")
    for line in (Path(__file__).parent / "pairs" / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("source", [line.partition("\t")[2] for line in lines("asked.txt")])
def test_a_gated_pattern_finds_what_the_pattern_finds(source: str) -> None:
    gated, plain = Gated(source), re.compile(source, re.IGNORECASE)
    differing = [q for q in QUESTIONS if gated.found(q, q.lower()) != bool(plain.search(q))]
    assert not differing


@pytest.mark.parametrize(
    ("source", "letters"),
    [
        (r"\bclock\b|\bfrequenc", ("clock", "frequenc")),
        (r"\bhow (?:hot|cold)", ("hot", "cold")),
        (r"colou?rs?\b", ("colo",)),
        (r"(?:a|b)? rate(?! limit)", (" rate",)),
        (r"\bwhat (?:is|was)\b", ("is", "was")),
        (r"[abc]+\d", ("",)),
        (r"Gen(?:eration)?\(\d\)", ("gen",)),
        (r"x{2}|y*", ("",)),
    ],
)
def test_the_letters_that_a_pattern_cannot_match_without(source: str, letters: tuple[str, ...]) -> None:
    assert needed(source) == letters
