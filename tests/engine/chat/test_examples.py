"""Examples in a prompt: the nearest rows, and never the answer that is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import InputError
from engine.chat.arms import Arm
from engine.chat.examples import ExampleRows, arm_messages, example_rows
from tests.tiny import write_rows

ROWS = [
    ("How fast is the RP2040?", "133 MHz."),
    ("How fast is the RP2350?", "150 MHz."),
    ("How much flash has the Pico 2?", "4 MB."),
    ("What colour is the board?", "Green."),
]


@pytest.fixture
def rows(tmp_path: Path) -> ExampleRows:
    write_rows(tmp_path / "rows.jsonl", ROWS)
    return ExampleRows.read(tmp_path / "rows.jsonl")


def test_the_nearest_rows_come_last_and_the_asked_one_not_at_all(rows: ExampleRows) -> None:
    assert [pair.answer for pair in rows.nearest(1, "how fast is the RP2350")] == ["133 MHz."]
    assert [pair.answer for pair in rows.nearest(9, "how fast is the RP2350")][-1] == "133 MHz."
    assert [pair.answer for pair in rows.nearest(1, "Flash of a Pico 2W?")] == ["4 MB."]
    assert rows.nearest(3, "xyz") == []


def test_the_first_rows_leave_out_the_one_that_is_asked(rows: ExampleRows) -> None:
    assert [pair.answer for pair in rows.first(2, "How fast is the RP2040?")] == ["150 MHz.", "4 MB."]
    assert len(rows.first(10, "Why?")) == len(ROWS)


def test_examples_stand_between_the_system_prompt_and_the_conversation(rows: ExampleRows) -> None:
    asked = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "How fast is the RP2350?"}]
    arm = Arm("few-shot", "base", examples=1)
    sent = arm_messages(arm, asked, rows)
    assert [each["content"] for each in sent] == ["Be brief.", *ROWS[0], "How fast is the RP2350?"]
    assert [each["role"] for each in sent] == ["system", "user", "assistant", "user"]
    assert arm_messages(Arm("base", "base"), asked, rows) == asked


def test_where_the_rows_come_from(tmp_path: Path, rows: ExampleRows) -> None:
    assert example_rows(tmp_path, Arm("a", "base")) is None
    found = example_rows(tmp_path, Arm("a", "base", examples=1, dataset="rows.jsonl"))
    assert found is not None
    assert len(found.first(9, "")) == len(ROWS)
    for dataset, words in (("../rows.jsonl", "outside the workspace"), ("no.jsonl", "not there"), ("", "needs a file")):
        with pytest.raises(InputError, match=words):
            example_rows(tmp_path, Arm("a", "base", examples=1, dataset=dataset))
