"""Which questions both models are asked next."""

from __future__ import annotations

from pathlib import Path

from data.formats.mapping import FieldMapping
from data.formats.mapping_file import save_mapping
from tests.data.formats.rows import written
from tui.question_round import QuestionRound

GOOD = {"instruction": "How fast?", "output": "150 MHz."}
CHAT = {"messages": [{"role": "user", "content": "How big?"}, {"role": "assistant", "content": "Very."}]}


def test_rows_of_any_format_without_those_that_ask_nothing(tmp_path: Path) -> None:
    asking = QuestionRound()
    assert asking.next() is None
    asking.follow(written(tmp_path / "a.jsonl", "{", GOOD, {"instruction": "x"}, GOOD | {"instruction": "Why?"}))
    assert [asking.next() for _ in range(3)] == [
        ("How fast?", "150 MHz.", 2),
        ("Why?", "150 MHz.", 4),
        ("How fast?", "150 MHz.", 2),
    ]
    asking.follow(written(tmp_path / "b.jsonl", CHAT))
    assert asking.next() == ("How big?", "Very.", 1)


def test_held_out_rows_come_first_and_have_no_row_of_the_dataset(tmp_path: Path) -> None:
    written(tmp_path / "a_test.jsonl", CHAT)
    asking = QuestionRound()
    asking.follow(written(tmp_path / "a.jsonl", GOOD))
    assert asking.next() == ("How big?", "Very.", None)


def test_a_mapping_that_the_workspace_remembers(tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", {"a b": "Why?", "c": "So."})
    asking = QuestionRound()
    asking.follow(file)
    assert asking.next() is None
    save_mapping(tmp_path, file, FieldMapping(question="a b", answer="c"))
    assert asking.next() == ("Why?", "So.", 1)
