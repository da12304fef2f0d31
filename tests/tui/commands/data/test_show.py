"""`burnish data show`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.formats.rows import written
from tests.tui.commands.data.cases import refused, said, told

ROW = {"instruction": "How fast?\nTell me.", "input": "", "output": "150 MHz.", "n": [1, None]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "rows.jsonl", ROW, {"instruction": "What?", "output": ""}, "{", ROW)


def test_a_file(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    text = said(capsys, "show", file)
    assert "rows.jsonl  JSONL · 4 rows · Alpaca" in text
    assert "3 of 4 rows have instruction and output" in text
    assert "row 2 has no output" in text
    assert "   1  How fast?⏎Tell me." in text
    result = told(capsys, "show", file)
    assert (result["rows"], result["format"], result["kind"]) == (4, "Alpaca", "JSONL")
    assert [misfit["row"] for misfit in result["misfits"]] == [2, 3]
    assert result["first"][0]["values"] == ROW


def test_a_row(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert said(capsys, "show", file, "--row", 1).splitlines() == [
        "instruction  How fast?",
        "             Tell me.",
        "input",
        "output       150 MHz.",
        "n            [1, null]",
    ]
    assert told(capsys, "show", file, "--row", 1)["values"] == ROW
    assert said(capsys, "show", file, "--row", 3).splitlines()[-1] == "{"
    assert told(capsys, "show", file, "--row", 3)["values"] is None


def test_a_row_that_is_not_there(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    for number in (0, 5, -1):
        assert "it has 4 rows, counted from 1" in refused(capsys, "show", file, "--row", number)
    assert "invalid int" in refused(capsys, "show", file, "--row", "x")


def test_text_that_a_terminal_would_obey(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    row = {"instruction": "\x1b[31m \x9b31m [red]", "output": "\udcff\u202e"}
    file = written(tmp_path / "rows.jsonl", row)
    for words in (("show", file), ("show", file, "--row", 1), ("show", file, "--json")):
        text = said(capsys, *words)
        assert not set("\x1b\x9b\u202e\udcff") & set(text)
    assert told(capsys, "show", file, "--row", 1)["values"] == row
