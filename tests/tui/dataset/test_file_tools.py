"""What is done with a whole file: its fields, its statistics, another format, somebody else's change."""

from __future__ import annotations

import json
from pathlib import Path

from tests.tui.dataset.stage import pair, press, staged, type_text, write_rows


async def test_fields_of_other_names_are_mapped_and_remembered(tmp_path: Path):
    rows = [
        {"x1": "How fast is the board?", "x2": "It runs at 150 MHz.", "n": 1},
        {"x1": "How large is the board?", "x2": "It is as large as a hand.", "n": 2},
    ]
    file = write_rows(tmp_path / "own.jsonl", *rows)
    async with staged(file) as (stage, pilot):
        assert "fields of its own" in stage.lines[0]
        assert "m says which field is the question" in stage.said[-1]
        await press(pilot, "m")
        assert "● x1" in next(line for line in stage.lines if line.startswith(" question"))
        assert "● x2" in next(line for line in stage.lines if line.startswith(" answer"))
        assert "2 of the first 2 rows can be read so" in stage.text
        await press(pilot, "ctrl+s")
        assert "mapped fields" in stage.lines[0]
        assert stage.lines[1].split() == ["#", "question", "answer"]
    async with staged(file) as (stage, pilot):
        assert "mapped fields" in stage.lines[0]


async def test_a_mapping_that_cannot_be_is_said(tmp_path: Path):
    file = write_rows(tmp_path / "own.jsonl", {"x1": "How fast is it?", "x2": "It runs at 150 MHz."})
    async with staged(file) as (stage, pilot):
        await press(pilot, "m", "left")
        assert "names an answer and no question" in stage.text
        await press(pilot, "ctrl+s")
        assert "names an answer and no question" in stage.text
        await press(pilot, "escape")
        assert "fields of its own" in stage.lines[0]


async def test_statistics(tmp_path: Path):
    file = write_rows(tmp_path / "chips.jsonl", pair("a?", "b"), pair("a?", "b c"), pair("", "d"))
    async with staged(file) as (stage, pilot):
        await press(pilot, "S")
        assert "rows            3" in stage.text
        assert "questions       1 different ones" in stage.text
        assert "unusable        1 row, the first is row 3" in stage.text
        await press(pilot, "escape")
        assert "chips.jsonl   Alpaca" in stage.lines[0]
        assert stage.pane.desk.table.has_focus


async def test_rows_are_written_in_another_format(tmp_path: Path):
    file = write_rows(tmp_path / "chips.jsonl", pair("a?", "b", note="kept"))
    async with staged(file) as (stage, pilot):
        await press(pilot, "E", "right", "right", "right")
        assert "● messages" in stage.text
        assert "carried along: note (1 row)" in stage.text
        assert "nothing is lost" in stage.text
        await press(pilot, "ctrl+s")
        assert "1 row written to chips-export.jsonl" in stage.said[-1]
    turns = [{"role": "user", "content": "a?"}, {"role": "assistant", "content": "b"}]
    assert json.loads((tmp_path / "chips-export.jsonl").read_text()) == {"messages": turns, "note": "kept"}


async def test_a_loss_is_named_before_anything_is_written(tmp_path: Path):
    file = write_rows(tmp_path / "choices.jsonl", {"prompt": "a?", "chosen": "b", "rejected": "c"})
    async with staged(file) as (stage, pilot):
        await press(pilot, "E", "right")
        assert "1 row has a rejected answer, which Alpaca has no place for" in stage.text
        await press(pilot, "ctrl+s")
        assert "something would be lost" in stage.said[-1]
        assert not (tmp_path / "choices-export.jsonl").exists()
        await press(pilot, "down", "down", "right", "ctrl+s")
    assert json.loads((tmp_path / "choices-export.jsonl").read_text())["output"] == "b"


async def test_a_name_that_is_in_use_is_refused(tmp_path: Path):
    file = write_rows(tmp_path / "chips.jsonl", pair("a?", "b"))
    async with staged(file) as (stage, pilot):
        await press(pilot, "E", "down", *["backspace"] * 30)
        await type_text(pilot, "chips.jsonl")
        assert "is the file that is open" in stage.text


async def test_the_difference_to_somebody_elses_change(tmp_path: Path):
    file = write_rows(tmp_path / "chips.jsonl", pair("a?", "one two three"), pair("b?", "c"))
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "x", "ctrl+s")
        write_rows(file, pair("a?", "one 2 three"), pair("b?", "c"))
        await press(pilot, "w", "v")
        assert "1 difference" in stage.text
        assert any("+ yours" in line and "one two three" in line for line in stage.lines)
        assert any("- disk" in line and "one 2 three" in line for line in stage.lines)
        await press(pilot, "escape", "w", "o")
    assert "one two three" in file.read_text()


async def test_a_split_keeps_rows_on_one_fact_together(tmp_path: Path):
    rows = [pair(f"How many pins does board {n} have?", f"Board {n} has {n} pins.") for n in range(1, 9)]
    rows += [pair("Board 1 has how many pins?", "It has 1 pin."), pair("Where is it made?", "In a factory in Wales.")]
    file = write_rows(tmp_path / "boards.jsonl", *rows)
    before = file.read_text().splitlines()
    async with staged(file) as (stage, pilot):
        await press(pilot, "L", *["backspace"] * 4)
        await type_text(pilot, "30%")
        assert "7 rows to train on, 3 held out" in stage.text
        assert "kept together" in stage.text
        await press(pilot, "ctrl+s")
        assert "7 rows written to boards_train.jsonl, 3 rows held out in boards_held_out.jsonl" in stage.said[-1]
        train = (tmp_path / "boards_train.jsonl").read_text().splitlines()
        held_out = (tmp_path / "boards_held_out.jsonl").read_text().splitlines()
        assert sorted(train + held_out) == sorted(before)
        assert (before[0] in train) is (before[8] in train)
        await press(pilot, "O", "ctrl+s")
        assert "3 of 3 rows of boards_held_out.jsonl (100%) are in boards.jsonl too" in stage.text
        assert any(line.split()[0] == "1" and "same question" in line for line in stage.lines if line.split())


async def test_a_split_that_cannot_be_is_said(tmp_path: Path):
    file = write_rows(tmp_path / "boards.jsonl", pair("a?", "b"), pair("c?", "d"))
    (tmp_path / "boards_train.jsonl").write_text("")
    async with staged(file) as (stage, pilot):
        await press(pilot, "L")
        assert "boards_train.jsonl is there already" in stage.text
