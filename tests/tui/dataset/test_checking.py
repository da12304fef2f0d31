"""The quality checks on the screen: flags, going from one to the next, mending, the list, the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store import RowStore
from tests.tui.dataset.stage import Stage, pair, press, staged, write_rows
from tui.dataset.check_choice import turned_off
from tui.dataset.check_list import CheckList
from tui.dataset.checkup import Checkup, signs
from tui.dataset.columns import Format
from tui.dataset.table import RowTable


@pytest.fixture
def boards(tmp_path: Path) -> Path:
    """Five rows: the third has an invisible character, the fifth is the first again."""
    rows = [
        pair("How fast is the board?", "It runs at 150 MHz."),
        pair("How much memory is there?", "There are 520 KB of memory."),
        pair("What is its name?", "It is called Pico\u200b here."),
        pair("Where are the pins?", "The pins are at the edge of the board."),
        pair("How fast is the board?", "It runs at 150 MHz."),
    ]
    return write_rows(tmp_path / "boards.jsonl", *rows)


def row_of(stage: Stage) -> int | None:
    """The row at the cursor, from 1."""
    index = stage.query_one(RowTable).index
    return None if index is None else index + 1


async def test_one_key_checks_and_says_what_it_found(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "c")
        assert "2 flagged" in stage.lines[0]
        assert "2 rows flagged" in stage.said[-1]
        assert "flags" in stage.lines[1]
        await press(pilot, "f")
        assert row_of(stage) == 3
        assert "characters" in stage.lines[4]
        await press(pilot, "f")
        assert row_of(stage) == 5
        assert "= duplicate" in stage.lines[6]
        await press(pilot, "F")
        assert row_of(stage) == 3


async def test_the_other_row_of_a_flag(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "c", "G", "percent_sign")
        assert row_of(stage) == 1


async def test_mending_is_an_edit_like_any_other(boards: Path):
    before = boards.read_bytes()
    async with staged(boards) as (stage, pilot):
        await press(pilot, "c", "f", "x")
        assert "1 flagged, 1 edit ago" in stage.lines[0]
        await press(pilot, "w")
        assert boards.read_bytes() == before.replace("\u200b".encode(), b"")
        await press(pilot, "G", "x")
        assert "4 rows" in stage.lines[0]
        assert "0 flagged" in stage.lines[0]
        await press(pilot, "u", "u", "w")
    assert boards.read_bytes() == before


async def test_flags_stay_on_their_rows(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "c", "j", "d", "g", "f")
        assert row_of(stage) == 2
        await press(pilot, "u", "g", "f")
        assert row_of(stage) == 3


async def test_the_list_shows_the_rows_of_a_check(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "c", "C")
        listed = next(line for line in stage.lines if " duplicate " in line)
        assert listed.split()[:3] == ["=", "duplicate", "1"]
        await press(pilot, "j", "j", "enter")
        assert "filter  flag:duplicate · 1 of 5" in stage.lines[0]
        assert row_of(stage) == 5


async def test_a_check_can_be_turned_off_for_good(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "C", "j", "j", "space", "c", "escape")
        assert "1 flagged" in stage.lines[0]
    assert turned_off(boards.parent) == {"duplicate"}
    async with staged(boards) as (stage, pilot):
        await press(pilot, "c", "C")
        assert "off" in next(line for line in stage.lines if " duplicate " in line)
        assert stage.query_one(CheckList).has_class("-open")


async def test_the_report_is_written_beside_the_file(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "C", "m")
        assert stage.said[-1].startswith("run the checks first")
        await press(pilot, "c", "m")
    report = (boards.parent / "boards.checks.md").read_text()
    assert "duplicate" in report
    assert "boards.jsonl" in report


async def test_a_double_is_none_once_the_other_row_has_changed(boards: Path):
    async with staged(boards) as (stage, pilot):
        await press(pilot, "c", "g", "e", "x", "ctrl+s")
        assert "1 flagged, 1 edit ago" in stage.lines[0]
        await press(pilot, "G", "x")
        assert "5 rows" in stage.lines[0]


def long_file(folder: Path) -> RowStore:
    """Rows enough for some pauses of the checks; the last one is the third again."""
    rows = [pair(f"How many pins has board {n}?", f"Board {n} has {n} pins.") for n in range(3000)]
    return RowStore.open(write_rows(folder / "long.jsonl", *rows, rows[2]))


async def test_edits_made_while_the_checks_run_move_what_they_find(tmp_path: Path):
    store, checkup = long_file(tmp_path), Checkup()
    store.index_all()

    def delete_the_second_row() -> None:
        if not checkup.edits:
            checkup.deleted(1)

    await checkup.run(store, Format(store), frozenset(("near-duplicate",)), (None, 0), delete_the_second_row, tmp_path)
    assert checkup.edits == 1
    [double] = [flag for flags in checkup.flags.values() for flag in flags if flag.check == "duplicate"]
    assert (double.row, double.other) == (2999, 1)
    assert 2999 in checkup.flags


async def test_a_run_about_a_file_that_is_shown_no_more_ends(tmp_path: Path):
    store, checkup = long_file(tmp_path), Checkup()
    store.index_all()
    await checkup.run(store, Format(store), frozenset(), (None, 0), checkup.give_up, tmp_path)
    assert checkup.running


async def test_names_that_mean_the_same_in_the_workspace_are_no_conflict(tmp_path: Path):
    question = "Which chip drives the valve?"
    rows = write_rows(tmp_path / "rows.jsonl", pair(question, "The Zephyrine."), pair(question, "The Boreal."))
    store = RowStore.open(rows)
    store.index_all()
    off = frozenset(signs()) - {"conflict"}
    synonyms = tmp_path / ".burnish" / "synonyms.toml"
    synonyms.parent.mkdir()
    synonyms.write_text('same = [["Zephyrine", "Boreal"]]', encoding="utf-8")
    found = []
    for workspace in (tmp_path, tmp_path / "elsewhere"):
        checkup = Checkup()
        await checkup.run(store, Format(store), off, (None, 0), lambda: None, workspace)
        found.append([flag.check for flags in checkup.flags.values() for flag in flags])
    assert found == [[], ["conflict"]]


def test_flags_move_with_their_rows():
    checkup = Checkup()
    assert checkup.words == ""
    checkup.inserted(0)
    assert checkup.edits == 0
