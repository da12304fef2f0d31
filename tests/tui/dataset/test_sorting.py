"""Rows in another order than that of the file."""

from __future__ import annotations

from pathlib import Path

from tests.tui.dataset.stage import Stage, pair, press, staged, type_text, write_rows
from tui.dataset.table import RowTable


def numbers(stage: Stage) -> list[int]:
    """The rows as they are shown, by their numbers."""
    table = stage.query_one(RowTable)
    return [index + 1 for place in range(len(table)) if (index := table.index_at(place)) is not None]


def boards(folder: Path) -> Path:
    """Four rows, none in order of anything."""
    rows = [pair("b?", "a long answer"), pair("d?", "x"), pair("a?", "an answer"), pair("c?", "x")]
    return write_rows(folder / "boards.jsonl", *rows)


async def test_a_column_is_sorted_and_turned_round(tmp_path: Path):
    async with staged(boards(tmp_path)) as (stage, pilot):
        await press(pilot, "s", "q")
        assert numbers(stage) == [3, 1, 4, 2]
        assert "by question ↑" in stage.lines[0]
        await press(pilot, "s", "q")
        assert numbers(stage) == [2, 4, 1, 3]
        await press(pilot, "s", "c")
        assert numbers(stage) == [1, 3, 2, 4]
        await press(pilot, "escape")
        assert numbers(stage) == [1, 2, 3, 4]


async def test_the_cursor_stays_on_its_row(tmp_path: Path):
    async with staged(boards(tmp_path)) as (stage, pilot):
        await press(pilot, "j", "s", "q")
        table = stage.query_one(RowTable)
        assert table.index == 1
        assert table.position == 3
        await press(pilot, "colon", "1", "enter")
        assert table.index == 0
        assert table.position == 1


async def test_what_a_filter_leaves_is_sorted_too(tmp_path: Path):
    async with staged(boards(tmp_path)) as (stage, pilot):
        await press(pilot, "s", "q", "slash")
        await type_text(pilot, "answer")
        await press(pilot, "enter")
        assert numbers(stage) == [3, 1]
        assert "answer · 2 of 4 · by question ↑" in stage.lines[0]


async def test_an_order_holds_when_rows_come_and_go(tmp_path: Path):
    async with staged(boards(tmp_path)) as (stage, pilot):
        await press(pilot, "s", "q", "g", "d")
        assert numbers(stage) == [1, 3, 2]
        await press(pilot, "u")
        assert numbers(stage) == [3, 1, 4, 2]


async def test_only_what_is_known_is_offered(tmp_path: Path):
    async with staged(boards(tmp_path)) as (stage, pilot):
        await press(pilot, "s")
        asked = next(line for line in stage.lines if "sort by" in line)
        assert "question" in asked
        assert "loss" not in asked
        assert "flags" not in asked


async def test_every_column_can_be_sorted_by(tmp_path: Path):
    rows = [{"prompt": "a?", "chosen": "x", "rejected": "2"}, {"prompt": "b?", "chosen": "w", "rejected": "1"}]
    async with staged(write_rows(tmp_path / "choices.jsonl", *rows)) as (stage, pilot):
        await press(pilot, "s")
        asked = next(line for line in stage.lines if "sort by" in line)
        assert asked.split("sort by")[1].split()[:6] == ["q", "question", "h", "chosen", "r", "rejected"]
        await press(pilot, "r")
        assert numbers(stage) == [2, 1]
