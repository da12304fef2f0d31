"""The report: as a table, as Markdown, as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.quality.checker import Checker
from data.quality.report import as_lines, as_markdown, as_values
from tests.data.quality.checking import check, qa

KEY = "hf_" + "qWzR7tYpLk2MnBvCxS9dFgHjT4u8eO1aKi"


@pytest.fixture
def checker(tmp_path: Path) -> Checker:
    rows = [qa(f"Does pump {n} have a valve?", f"Yes, pump {n} has one.") for n in range(10)]
    rows += [rows[0], qa("| what |\n<b>?", ""), qa("Which key?\x00", f"Use {KEY} or ask jane.roe@lab-nine.org.")]
    return check(tmp_path, rows)


def test_table(checker: Checker) -> None:
    lines = as_lines(checker)
    assert lines[0] == "3 rows of 13 (23%) have something to look at."
    assert any(line.split()[:3] == ["=", "duplicate", "1"] for line in lines)
    assert any(line.split()[:3] == ["⚖", "lopsided", "file"] for line in lines)
    assert any("11 of 11 answers to yes-or-no questions (100%) say yes." in line for line in lines)
    assert "  row 11: is the same as row 1  [duplicate]" in lines
    assert "  row 12: has no output  [empty]" in lines


def test_markdown(checker: Checker) -> None:
    text = as_markdown(checker, "a_b|c.jsonl")
    assert text.startswith("# Quality of a\\_b\\|c.jsonl\n")
    assert "| 11 | `duplicate` | is the same as row 1 |" in text
    assert "20 µs and 24 bytes of memory a row" in text
    assert text.endswith("|\n")


def test_values(checker: Checker) -> None:
    values = json.loads(json.dumps(as_values(checker)))
    assert (values["rows"], values["flagged_rows"]) == (13, 3)
    counts = {each["name"]: each["flags"] for each in values["checks"]}
    assert (counts["duplicate"], counts["empty"], counts["secret"], counts["email"]) == (1, 1, 1, 1)
    assert all(each["seconds"] >= 0 for each in values["checks"])
    assert {"row": 11, "check": "duplicate", "other_row": 1, "delete": True}.items() <= values["flags"][0].items()


def test_secrets_are_in_no_report(checker: Checker) -> None:
    for text in ("\n".join(as_lines(checker)), as_markdown(checker, "x"), json.dumps(as_values(checker))):
        assert KEY[6:] not in text
        assert "jane" not in text
        assert "lab-nine" not in text


def test_a_reason_that_quotes_the_row_hides_its_secrets(tmp_path: Path) -> None:
    answer = f"First open the valve with the key. Then say that it is yours by writing {KEY} and the"
    found = check(tmp_path, [qa("How?", answer)], "cut-off", "debris")
    assert found.counts["cut-off"] == 1
    assert KEY[8:] not in "\n".join(as_lines(found))


def test_nothing_to_say(tmp_path: Path) -> None:
    lines = as_lines(check(tmp_path, [qa("How many?", "Four.")]))
    assert lines[0] == "0 rows of 1 (0%) have something to look at."
    assert not any(line.startswith("  row") for line in lines)
