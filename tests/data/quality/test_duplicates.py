"""Rows and questions that are in the file twice."""

from __future__ import annotations

from pathlib import Path

from data.quality.groups import Groups, hashed
from tests.data.quality.checking import flags, qa, talk


def test_the_same_row_can_be_deleted(tmp_path: Path) -> None:
    row = qa("How much?", "Four.", input="")
    reordered = {"output": "Four.", "input": "", "instruction": "How much?"}
    found = flags(tmp_path, [row, qa("Who?", "She."), row, reordered], "duplicate")
    assert [(flag.row, flag.other, flag.delete) for flag in found] == [(2, 0, True), (3, 0, True)]
    assert found[0].reason == "is the same as row 1"


def test_the_same_question_is_kept(tmp_path: Path) -> None:
    rows = [qa("How much?", "Four."), qa("how  much", "Four."), qa("How much?", "Five.")]
    found = flags(tmp_path, rows, "duplicate")
    assert [(flag.row, flag.delete) for flag in found] == [(1, False), (2, False)]
    assert found[0].reason.endswith("with the same answer")
    assert found[1].reason.endswith("with another answer")


def test_the_same_words_with_something_else_before_them(tmp_path: Path) -> None:
    rows = [
        talk(("system", "Answer in verse."), ("user", "Who?"), ("assistant", "She.")),
        talk(("system", "Answer in prose."), ("user", "Who?"), ("assistant", "He.")),
        talk(("user", "Hello"), ("assistant", "Hello"), ("user", "Who?"), ("assistant", "You.")),
    ]
    assert flags(tmp_path, rows, "duplicate") == []


def test_groups_are_found_whatever_their_number() -> None:
    groups = Groups()
    for row in range(3000):
        groups.add(hashed(f"key {row % 1000}"), row)
    found = [group for _, some in groups.groups() for group in some]
    assert sorted(found) == [[row, row + 1000, row + 2000] for row in range(1000)]
