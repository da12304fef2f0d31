"""The checks on real files, where they are there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.data.quality.checking import check_file

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
DATASHEETS = SAMPLES / "raspberry_pi_qa.jsonl"

pytestmark = pytest.mark.skipif(not DATASHEETS.exists(), reason="the sample files are not there")


def test_rows_cut_out_of_datasheets() -> None:
    rows = [json.loads(line) for line in DATASHEETS.read_text(encoding="utf-8").splitlines()]
    checker = check_file(DATASHEETS)
    flagged = {
        name: {row for row, some in checker.flags.items() if any(f.check == name for f in some)}
        for name in checker.seconds
    }
    tables = {place for place, row in enumerate(rows) if "Offset: 0x" in row["output"]}
    assert len(tables) > 30
    assert tables <= flagged["debris"]
    (contradiction,) = [f for some in checker.flags.values() for f in some if f.check == "contradiction"]
    assert "284 KB" in contradiction.reason
    assert "264 kB" in contradiction.reason
    assert any("say yes" in finding.text for finding in checker.findings)
    assert not flagged["duplicate"] | flagged["conflict"] | flagged["characters"] | flagged["secret"] | flagged["email"]


@pytest.mark.parametrize("name", ["alpaca_en_demo.json", "alpaca_zh_demo.json", "identity.json", "v1_sft_demo.jsonl"])
def test_no_contradiction_is_made_up(name: str) -> None:
    checker = check_file(SAMPLES / "llamafactory" / name, ["contradiction", "conflict", "debris", "roles", "secret"])
    assert checker.flags == {}


def test_an_empty_turn_is_found() -> None:
    assert check_file(SAMPLES / "axolotl" / "conversation.missingturns.json", ["empty"]).counts["empty"] == 1
