"""A comparison with its sides changed is the comparison of the changed sides."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.facts.compare import compare, swapped

PAIRS = Path(__file__).parent / "pairs" / "development.jsonl"


@pytest.mark.parametrize("part", range(4))
def test_sides_can_be_changed(part: int) -> None:
    rows = [json.loads(line) for line in PAIRS.read_text().splitlines()][part::16]
    for row in rows:
        asked = {"question": row["question"], "reference": row["reference"]}
        there = compare(row["answer_b"], row["answer_a"], **asked)
        turned = swapped(compare(row["answer_a"], row["answer_b"], **asked))
        assert (turned.agrees, turned.label) == (there.agrees, there.label), row["id"]
        assert turned.a == there.a, row["id"]
        assert turned.b == there.b, row["id"]
        assert swapped(swapped(there)) == there
