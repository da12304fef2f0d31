"""Filter, next match, go to row, and moving about."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.dataset.stage import Stage, chips, pair, press, settle, staged, type_text, write_rows
from tui.dataset.table import RowTable


def shown(stage: Stage) -> list[int]:
    """The numbers of the rows in the table, as far as they are on the screen."""
    table = stage.query_one(RowTable)
    return [index + 1 for position in range(len(table)) if (index := table.index_at(position)) is not None]


@pytest.fixture
def boards(tmp_path: Path) -> Path:
    """Five rows about boards."""
    return write_rows(
        tmp_path / "boards.jsonl",
        pair("How fast is the Pico?", "133 MHz"),
        pair("How fast is the Pico 2?", "150 MHz"),
        pair("What is on the Zero?", "A BCM2835.", source="Pico book"),
        pair("Größe?", "85 mm × 56 mm"),
        pair("What does a path look like?", 'C:\\temp or "/tmp/x"'),
    )


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("pico", [1, 2, 3]),
        ("PICO 2", [2]),
        ("instruction:pico", [1, 2]),
        ("source: pico", [3]),
        ("150 MHz", [2]),
        ("größe", [4]),
        ('or "/tmp', [5]),
        ("c:\\temp", [5]),
        ("/tmp", [5]),
        ("colour:red", []),
        ("[bold]", []),
    ],
)
async def test_a_filter_shows_the_rows_with_the_text(boards: Path, typed: str, rows: list[int]):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "slash")
        await type_text(pilot, typed)
        assert shown(stage) == rows
        assert f"{len(rows)} of 5" in stage.lines[0]


async def test_escapes_in_the_file_do_not_hide_a_text(tmp_path: Path):
    file = write_rows(tmp_path / "x.jsonl", raw=(r'{"instruction": "caf\u00e9 \u003cb\u003e", "output": "a\/b"}',))
    async with staged(file) as (stage, pilot):
        for typed in ("café", "<B>", "a/b"):
            await press(pilot, "slash")
            await type_text(pilot, typed)
            assert shown(stage) == [1], typed
            await press(pilot, "escape")


async def test_the_filter_follows_the_typing_and_escape_takes_it_away(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "j", "slash")
        await type_text(pilot, "fast")
        assert shown(stage) == [1, 2]
        await type_text(pilot, "x")
        assert shown(stage) == []
        await press(pilot, "backspace")
        assert shown(stage) == [1, 2]
        assert stage.query_one(RowTable).index == 1
        await press(pilot, "escape")
        assert shown(stage) == [1, 2, 3, 4, 5]
        assert stage.query_one(RowTable).index == 1


async def test_a_filter_that_is_kept_is_shown_until_escape(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "slash")
        await type_text(pilot, "pico")
        await press(pilot, "enter", "j", "j")
        assert stage.query_one(RowTable).has_focus
        assert "filter  pico · 3 of 5" in stage.lines[0]
        assert stage.query_one(RowTable).index == 2
        await press(pilot, "escape")
        assert "filter" not in stage.lines[0]
        assert stage.query_one(RowTable).index == 2


async def test_next_match_goes_round(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "n", "slash")
        await type_text(pilot, "pico")
        await press(pilot, "enter", "escape")
        table = stage.query_one(RowTable)
        places = []
        for key in "nnnNN":
            await press(pilot, key)
            places.append(table.index)
        assert places == [1, 2, 0, 2, 1]


async def test_next_match_looks_again_after_rows_have_moved(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "slash")
        await type_text(pilot, "zero")
        await press(pilot, "enter", "escape", "g", "d", "n")
        assert stage.query_one(RowTable).index == 1


async def test_edits_under_a_filter(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "slash")
        await type_text(pilot, "pico")
        await press(pilot, "enter", "j", "d")
        assert shown(stage) == [1, 2]
        assert stage.query_one(RowTable).index == 1
        await press(pilot, "u")
        assert shown(stage) == [1, 2, 3]
        await press(pilot, "a")
        await type_text(pilot, "New?")
        await press(pilot, "ctrl+s")
        assert shown(stage) == [1, 2, 3, 4, 5, 6]
        assert stage.query_one(RowTable).index == 2


async def test_go_to_a_row(tmp_path: Path):
    async with staged(chips(tmp_path, 200)) as (stage, pilot):
        await press(pilot, "colon", "1", "5", "0", "enter")
        assert stage.query_one(RowTable).index == 149
        assert "Question 150?" in stage.text
        await press(pilot, "colon", "9", "9", "9", "enter")
        assert stage.said[-1] == "999 is no row number; rows are 1 to 200"
        assert stage.query_one(RowTable).index == 149


async def test_going_to_a_hidden_row_takes_the_filter_away(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "slash")
        await type_text(pilot, "pico")
        await press(pilot, "enter", "colon", "4", "enter")
        assert stage.query_one(RowTable).index == 3
        assert shown(stage) == [1, 2, 3, 4, 5]


async def test_every_way_to_move(tmp_path: Path):
    async with staged(chips(tmp_path, 100), size=(80, 24)) as (stage, pilot):
        table = stage.query_one(RowTable)
        page = table.size.height - 2
        ways = {"j": 1, "down": 2, "k": 1, "up": 0, "G": 99, "home": 0, "end": 99, "g": 0}
        ways |= {"pagedown": page, "ctrl+f": 2 * page, "pageup": page, "ctrl+b": 0}
        for key, place in ways.items():
            await press(pilot, key)
            assert table.position == place, key
            assert f"Question {place + 1}?" in stage.text
        await press(pilot, "k")
        assert table.position == 0


async def test_the_mouse_puts_the_cursor_and_opens(tmp_path: Path):
    async with staged(chips(tmp_path)) as (stage, pilot):
        await pilot.click(RowTable, offset=(20, 5))
        assert stage.query_one(RowTable).index == 4
        await pilot.click(RowTable, offset=(20, 0))
        assert stage.query_one(RowTable).index == 4
        await pilot.click(RowTable, offset=(20, 3), times=2)
        await settle(pilot)
        assert "edit row 3" in stage.text


async def test_verbs_are_for_the_table_only(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "g")  # the footer is composed anew a moment after the keys are known
        assert [word for word in ("Filter", "Edit", "Add", "Delete", "Ask both") if word in stage.footer]
        await press(pilot, "slash")
        assert "Edit" not in stage.footer
        await press(pilot, "d")
        assert "5 rows" in stage.lines[0]
