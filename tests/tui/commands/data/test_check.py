"""`burnish data check`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.formats.rows import written
from tests.tui.commands.data.cases import refused, said, told

ROW = {"instruction": "How fast is it?", "output": "150 MHz."}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    broken = {"instruction": "What is it?", "output": "\x1b[31mIt is opened by the\ncontroller of the valve."}
    return written(tmp_path / "rows.jsonl", ROW, broken, ROW, "{")


def test_report(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    text = said(capsys, "check", file)
    assert text.startswith("3 rows of 4 (75%) have something to look at.\n")
    assert "row 3: is the same as row 1  [duplicate]" in text
    assert "row 4: is cut off" in text
    assert "\x1b" not in text
    assert said(capsys, "check", file, "--markdown").startswith("# Quality of rows.jsonl\n")


def test_json(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    result = told(capsys, "check", file, "--only", "duplicate, debris")
    assert [each["name"] for each in result["checks"]] == ["duplicate", "debris"]
    assert [(flag["row"], flag["check"]) for flag in result["flags"]] == [(2, "debris"), (3, "duplicate")]
    assert result["flags"][1]["delete"] is True


def test_checks_left_out(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    result = told(capsys, "check", file, "--skip", "debris,characters,empty")
    assert {flag["check"] for flag in result["flags"]} == {"duplicate"}
    assert "debris" not in [each["name"] for each in result["checks"]]


def test_mistakes(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert "“sense”" in refused(capsys, "check", file, "--only", "sense")
    assert "1 or more" in refused(capsys, "check", file, "--max-tokens", "0")
    assert "no file" in refused(capsys, "check", file.with_name("none.jsonl"))


def test_names_that_mean_the_same_in_the_workspace(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "Which chip drives the valve?"
    file = written(
        tmp_path / "rows.jsonl",
        {"instruction": question, "output": "The Zephyrine."},
        {"instruction": question, "output": "The Boreal."},
    )
    synonyms = tmp_path / ".burnish" / "synonyms.toml"
    synonyms.parent.mkdir()
    synonyms.write_text('same = [["Zephyrine", "Boreal"]]', encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert [flag["check"] for flag in told(capsys, "check", file, "--only", "conflict")["flags"]] == ["conflict"]
    assert told(capsys, "check", file, "--only", "conflict", "-C", tmp_path)["flags"] == []
    synonyms.write_text("same = 1", encoding="utf-8")
    assert "synonym file" in refused(capsys, "check", file, "-C", tmp_path)
