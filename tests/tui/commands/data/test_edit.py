"""`burnish data edit`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tui.commands.data.cases import refused, said, told

LINES = ['{"instruction": "How fast?", "output": "1"}', '{"instruction": "What?", "output": "\\u00e9"}', "{"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(LINES) + "\n")
    return path


def lines(file: Path) -> list[str]:
    return file.read_text().splitlines()


def test_fields_are_set_and_every_other_byte_stays(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    text = said(capsys, "edit", file, "--row", 1, "--set", "output=150 MHz = fast", "--set", 'tags:=["a", 1.5]')
    assert text == "output, tags of row 1 set; rows.jsonl has 3 rows.\n"
    changed = '{"instruction": "How fast?", "output": "150 MHz = fast", "tags": ["a", 1.5]}'
    assert lines(file) == [changed, *LINES[1:]]
    result = told(capsys, "edit", file, "--row", 1, "--set", "output=")
    assert (result["rows"], result["row"], result["values"]["output"]) == (3, 1, "")


def test_rows_are_deleted_and_added(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    added = {"instruction": "Why?", "output": "So."}
    result = told(capsys, "edit", file, "--row", 2, "--delete", "--append", json.dumps(added), "--append", "{}")
    assert result["deleted"] == {"instruction": "What?", "output": "é"}
    assert result["appended"] == [3, 4]
    assert lines(file)[:2] == [LINES[0], LINES[2]]
    assert json.loads(lines(file)[2]) == added
    assert said(capsys, "edit", file, "--append", "{}") == "1 row added (5); rows.jsonl has 5 rows.\n"


def test_a_table(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text('question,answer\n"a, b",c\n')
    said(capsys, "edit", file, "--row", 1, "--set", "answer=d", "--append", '{"question": "q", "answer": "a"}')
    assert file.read_text() == 'question,answer\n"a, b",d\nq,a\n'
    before = file.read_text()
    refused(capsys, "edit", file, "--row", 1, "--set", "other=d")
    assert file.read_text() == before


@pytest.mark.parametrize(
    ("words", "sentence", "code"),
    [
        ([], "nothing to do", 2),
        (["--set", "output=1"], "Which row?", 2),
        (["--delete"], "Which row?", 2),
        (["--row", 1], "nothing to do", 2),
        (["--row", 1, "--append", "{}"], "Give --set or --delete", 2),
        (["--row", 1, "--delete", "--set", "output=1"], "not both", 2),
        (["--row", 4, "--delete"], "it has 3 rows", 2),
        (["--row", 1, "--set", "output"], "sets nothing", 2),
        (["--row", 1, "--set", "=x"], "sets nothing", 2),
        (["--row", 1, "--set", "output:=x"], "The value of output is no JSON", 2),
        (["--row", 1, "--set", "output:=NaN"], "NaN is none of its numbers", 2),
        (["--append", "[1]"], "no JSON object", 2),
        (["--row", 3, "--set", "output=1"], "edit it as text", 1),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    capsys: pytest.CaptureFixture[str], file: Path, words: list[object], sentence: str, code: int
) -> None:
    assert sentence in refused(capsys, "edit", file, *words, code=code)
    assert lines(file) == LINES


def test_a_read_only_file(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    file.chmod(0o444)
    assert "read-only" in refused(capsys, "edit", file, "--row", 1, "--delete", code=1)
    assert lines(file) == LINES
