"""`burnish data convert`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.formats.mapping import FieldMapping
from data.formats.mapping_file import save_mapping
from tests.data.formats.rows import written
from tests.tui.commands.data.cases import refused, said, told

ROW = {"instruction": "How fast?", "input": "", "output": "1", "id": 7}
LONG = ROW | {"history": [["q", "a"]]}


def test_nothing_is_lost(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = written(tmp_path / "rows.jsonl", ROW, LONG)
    text = said(capsys, "convert", file, tmp_path / "new.json", "--to", "messages")
    assert text.splitlines() == ["new.json: 2 rows written as OpenAI messages, JSON.", "  carried along: id (2 rows)"]
    assert [row["id"] for row in json.loads((tmp_path / "new.json").read_text())] == [7, 7]


def test_what_would_be_lost_is_named_and_nothing_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file, new = written(tmp_path / "rows.jsonl", ROW, LONG), tmp_path / "new.jsonl"
    words = ("convert", file, new, "--to", "dolly")
    sentence = "1 row has earlier turns, which Dolly has no place for (first: row 2)"
    assert sentence in refused(capsys, *words)
    assert not new.exists()
    assert f"lost: {sentence}" in said(capsys, *words, "--lossy")
    result = told(capsys, *words, "--lossy", "--overwrite")
    assert result["losses"] == [
        {"what": "earlier turns, which Dolly has no place for", "rows": 1, "first": 2, "left_out": False}
    ]
    assert (result["from"], result["to"], result["rows"], result["carried"]) == ("Alpaca", "Dolly", 2, {"id": 2})


def test_a_mapping_that_the_workspace_remembers(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = written(tmp_path / "rows.jsonl", {"a b": "Q", "c": "A"}, {"a b": "R", "c": "B"})
    assert "fields of no known format" in refused(capsys, "convert", file, tmp_path / "new.jsonl", "--to", "alpaca")
    save_mapping(tmp_path, file, FieldMapping(question="a b", answer="c"))
    said(capsys, "convert", file, tmp_path / "new.jsonl", "--to", "alpaca")
    assert json.loads((tmp_path / "new.jsonl").read_text().splitlines()[0])["instruction"] == "Q"


def test_rows_of_no_format_can_become_another_kind_of_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [{"id": 1, "tags": []}, {"id": 2, "tags": ["x"]}]
    file = written(tmp_path / "rows.jsonl", *rows)
    assert said(capsys, "convert", file, tmp_path / "new.json") == "new.json: 2 rows written as JSON.\n"
    assert json.loads((tmp_path / "new.json").read_text()) == rows
    assert told(capsys, "convert", file, tmp_path / "new.json.gz")["to"] is None
    assert "which stand as JSON texts in CSV" in refused(capsys, "convert", file, tmp_path / "new.csv")


def test_files_that_may_not_be_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = written(tmp_path / "rows.jsonl", ROW)
    other = written(tmp_path / "other.jsonl", ROW)
    before = other.read_bytes()
    assert "is there already" in refused(capsys, "convert", file, other)
    assert "is the file that is read" in refused(capsys, "convert", file, file, "--overwrite")
    assert "is a folder" in refused(capsys, "convert", file, tmp_path)
    assert "names no kind of file" in refused(capsys, "convert", file, tmp_path / "new")
    assert "There is no format" in refused(capsys, "convert", file, tmp_path / "x.json", "--to", "alpacca")
    assert "folder does not exist" in refused(capsys, "convert", file, tmp_path / "no" / "x.json", code=1)
    assert other.read_bytes() == before
