"""Tags, copies into another file, find and replace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tui.dataset.stage import pair, press, staged, type_text, write_rows


@pytest.fixture
def boards(tmp_path: Path) -> Path:
    """Four rows, one of them no JSON."""
    rows = [pair("How fast?", "264 KB, 264 KB"), pair("How much?", "520 KB"), pair("KB?", "none")]
    return write_rows(tmp_path / "boards.jsonl", *rows, raw=("{broken KB",))


def rows_of(path: Path) -> list[dict[str, object]]:
    """The rows of a file, without those that are no JSON."""
    return [json.loads(line) for line in path.read_text().splitlines() if not line.startswith("{broken")]


async def test_a_tag_is_kept_beside_the_file(boards: Path):
    before = boards.read_bytes()
    async with staged(boards) as (stage, pilot):
        await press(pilot, "space", "space", "T")
        await type_text(pilot, "later")
        await press(pilot, "enter")
        assert "later put on 2 rows" in stage.said[-1]
        assert "# later" in stage.lines[2]
        await press(pilot, "escape", "slash")
        await type_text(pilot, "tag:later")
        await press(pilot, "enter")
        assert "2 of 4" in stage.lines[0]
    assert boards.read_bytes() == before
    async with staged(boards) as (stage, pilot):
        assert "# later" in stage.lines[2]
        await press(pilot, "T")
        await type_text(pilot, "later")
        await press(pilot, "enter")
        assert "taken off 1 row" in stage.said[-1]


async def test_a_tag_follows_an_edit_and_its_undoing(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "T")
        await type_text(pilot, "later")
        await press(pilot, "enter", "e", "x", "ctrl+s")
        assert "# later" in stage.lines[2]
        await press(pilot, "u")
        assert "# later" in stage.lines[2]


async def test_what_is_no_tag_is_said(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "T")
        await type_text(pilot, "two words")
        await press(pilot, "enter")
        assert "is no tag" in stage.said[-1]


async def test_rows_are_added_to_another_file(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "space", "j", "space", "space", "Y", "enter")
        assert "2 rows added to boards-picked.jsonl; 1 row cannot be read" in stage.said[-1]
        await press(pilot, "escape", "g", "Y", "enter")
    picked = rows_of(boards.parent / "boards-picked.jsonl")
    assert [row["instruction"] for row in picked] == ["How fast?", "KB?", "How fast?"]


async def test_the_open_file_is_no_target(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "Y", *["backspace"] * 30)
        await type_text(pilot, "boards.jsonl")
        await press(pilot, "enter")
        assert "is the file that is open" in stage.said[-1]


async def test_replacing_shows_first_what_would_change(boards: Path):
    before = boards.read_bytes()
    async with staged(boards) as (stage, pilot):
        await press(pilot, "R")
        await type_text(pilot, "output:KB")
        await press(pilot, "tab")
        await type_text(pilot, "kB")
        assert "3 places in 2 of 4 rows" in stage.text
        assert "264 KB→kB, 264 KB" in stage.text
        assert boards.read_bytes() == before
        await press(pilot, "ctrl+s")
        assert "replaced 3 places in 2 rows" in stage.said[-1]
        assert "1 unsaved" in stage.lines[0]
        await press(pilot, "w")
    assert boards.read_bytes() == before.replace(b" KB,", b" kB,").replace(b'KB"', b'kB"')


async def test_rows_are_left_out_and_all_is_one_change(boards: Path):
    before = boards.read_bytes()
    async with staged(boards) as (stage, pilot):
        await press(pilot, "R")
        await type_text(pilot, "~(\\d+) KB")
        await press(pilot, "tab")
        await type_text(pilot, "\\1,000 bytes")
        await press(pilot, "ctrl+x")
        assert "1 left out" in stage.text
        await press(pilot, "ctrl+s")
        assert "520,000 bytes" in stage.text
        assert "264 KB" in stage.text
        await press(pilot, "u")
        assert stage.pane.unsaved == 0
    assert boards.read_bytes() == before


@pytest.mark.parametrize(
    ("find", "put", "says"),
    [("~(", "", "no regular expression"), ("~x", "\\3", "no regular expression"), ("tokens>3", "", "only words")],
)
async def test_what_cannot_be_replaced_is_said(boards: Path, find: str, put: str, says: str):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "R")
        await type_text(pilot, find)
        await press(pilot, "tab")
        await type_text(pilot, put)
        assert says in stage.text
        await press(pilot, "escape")
        assert "How fast?" in stage.text
