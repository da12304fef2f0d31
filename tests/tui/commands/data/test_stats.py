"""`burnish data stats`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.formats.rows import written
from tests.tiny import CHATML, write_tokenizer
from tests.tui.commands.data.cases import refused, said, told

ROWS = [{"instruction": "How fast?", "output": "150 MHz."}, {"instruction": "how fast", "output": "1"}, {"output": "x"}]


def test_what_a_file_amounts_to(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = written(tmp_path / "rows.jsonl", *ROWS)
    text = said(capsys, "stats", file).splitlines()
    assert text[:6] == [
        "rows.jsonl  Alpaca",
        "  rows        3",
        "  questions   1 different",
        "  unusable    1 row (the first: row 3 has no instruction)",
        "  turns       2 in 2 rows",
        "  characters  26: median 9, 95 % up to 17, longest 17 (row 1)",
    ]
    assert any("█" in line for line in text[6:])
    result = told(capsys, "stats", file)
    assert (result["rows"], result["format"], result["turns"], result["lengths"]["longest"]) == (
        3,
        "Alpaca",
        {"2": 2},
        17,
    )


def test_tokens(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = written(tmp_path / "rows.jsonl", *ROWS)
    write_tokenizer(tmp_path / "model", CHATML)
    lengths = told(capsys, "stats", file, "--model", tmp_path / "model")["lengths"]
    assert lengths["unit"] == "tokens"
    assert lengths["rows"] == 2
    assert "no model" in refused(capsys, "stats", file, "--model", "no-such-model")
