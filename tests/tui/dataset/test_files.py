"""Between the pane and the disk: opening, saving, a crash, and somebody else who writes into the file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data.store import RowStore
from tests.tui.dataset.stage import Stage, chips, pair, press, settle, staged, type_text, write_rows
from tui.dataset.choice import Choice
from tui.messages import DatasetOpened, Flashed


def crash_after_editing(file: Path, output: str) -> None:
    """Leave what a session leaves that was killed between an edit and a save."""
    store = RowStore.open(file, journals=file.parent / ".burnish" / "journals")
    store.set_field(0, "output", output)
    store.close(keep_edits=True)


def journals(folder: Path) -> list[Path]:
    """The journals there are."""
    return list((folder / ".burnish" / "journals").iterdir())


async def test_the_edits_of_a_crashed_session_are_offered_and_kept(tmp_path: Path):
    file = chips(tmp_path)
    crash_after_editing(file, "From before.")
    async with staged(file) as (stage, pilot):
        assert "1 edit of" in stage.text
        assert "never saved" in stage.text
        assert "From before." not in stage.text
        await press(pilot, "k")
        assert "From before." in stage.text
        assert stage.pane.unsaved == 1
        assert stage.pane.desk.table.has_focus
        await press(pilot, "w")
    assert "From before." in file.read_text()


async def test_the_edits_of_a_crashed_session_can_be_discarded(tmp_path: Path):
    file = chips(tmp_path)
    before = file.read_bytes()
    crash_after_editing(file, "From before.")
    async with staged(file) as (stage, pilot):
        await press(pilot, "d")
        assert "From before." not in stage.text
        assert stage.pane.unsaved == 0
        assert not stage.query_one(Choice).asking
    assert journals(tmp_path) == []
    assert file.read_bytes() == before


async def test_the_edits_of_a_crashed_session_can_wait(tmp_path: Path):
    file = chips(tmp_path)
    crash_after_editing(file, "From before.")
    async with staged(file) as (stage, pilot):
        await press(pilot, "escape")
        assert stage.pane.desk.table.has_focus
    assert len(journals(tmp_path)) == 1
    async with staged(file) as (stage, _):
        assert "never saved" in stage.text


async def test_edits_that_do_not_fit_any_more_can_only_be_discarded(tmp_path: Path):
    file = chips(tmp_path)
    crash_after_editing(file, "From before.")
    write_rows(file, pair("Another?", "file"))
    async with staged(file) as (stage, pilot):
        assert "cannot be made again" in stage.text
        await press(pilot, "k")
        assert stage.query_one(Choice).asking
        await press(pilot, "d")
        assert not stage.query_one(Choice).asking
    assert journals(tmp_path) == []


async def test_leaving_keeps_unsaved_edits_in_the_journal(tmp_path: Path):
    file = chips(tmp_path)
    async with staged(file) as (_, pilot):
        await press(pilot, "e", "x", "ctrl+s")
    async with staged(file) as (stage, pilot):
        await press(pilot, "k")
        assert "Question 1?x" in stage.text


async def test_nothing_is_left_behind_by_a_session_that_saved(tmp_path: Path):
    file = chips(tmp_path)
    async with staged(file) as (_, pilot):
        await press(pilot, "e", "x", "ctrl+s", "w")
    assert journals(tmp_path) == []
    async with staged(file) as (stage, _):
        assert not stage.query_one(Choice).asking


async def conflict(stage: Stage, pilot, file: Path) -> None:
    """Edit a row, let somebody else write into the file, try to save."""
    await press(pilot, "e", "x", "ctrl+s")
    write_rows(file, pair("Theirs?", "theirs"))
    await press(pilot, "w")
    assert "was changed by somebody else" in stage.text
    assert stage.pane.unsaved == 1
    assert "Theirs?" in file.read_text()


async def test_a_file_that_somebody_changed_can_be_reloaded(tmp_path: Path):
    file = chips(tmp_path)
    async with staged(file) as (stage, pilot):
        await conflict(stage, pilot, file)
        await press(pilot, "r")
        assert "Theirs?" in stage.text
        assert "1 row" in stage.lines[0]
        assert stage.pane.unsaved == 0
    assert journals(tmp_path) == []


async def test_a_file_that_somebody_changed_can_be_overwritten(tmp_path: Path):
    file = chips(tmp_path)
    before = file.read_text()
    async with staged(file) as (stage, pilot):
        await conflict(stage, pilot, file)
        await press(pilot, "o")
        assert stage.pane.unsaved == 0
    assert file.read_text() == before.replace("Question 1?", "Question 1?x")


async def test_deciding_about_somebody_elses_change_can_wait(tmp_path: Path):
    file = chips(tmp_path)
    async with staged(file) as (stage, pilot):
        await conflict(stage, pilot, file)
        await press(pilot, "escape")
        assert stage.pane.unsaved == 1
        assert stage.pane.desk.table.has_focus
        await press(pilot, "w")
        assert stage.query_one(Choice).asking


async def test_a_file_that_cannot_be_written_is_told_and_nothing_is_lost(tmp_path: Path, monkeypatch):
    file = chips(tmp_path)
    before = file.read_bytes()
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "x", "ctrl+s")

        def full(*_: object) -> None:
            raise OSError(28, os.strerror(28))

        monkeypatch.setattr(os, "fsync", full)
        await press(pilot, "w")
        monkeypatch.undo()
        assert stage.posted(Flashed)[-1].severity == "error"
        assert "disk is full" in stage.said[-1]
        assert stage.pane.unsaved == 1
        assert file.read_bytes() == before
        await press(pilot, "w")
        assert stage.pane.unsaved == 0


async def test_another_file_is_picked_from_the_list(tmp_path: Path):
    file = chips(tmp_path)
    (tmp_path / "sub").mkdir()
    write_rows(tmp_path / "sub" / "other.jsonl", pair("Other?", "yes"))
    (tmp_path / "notes.md").write_text("no dataset")
    async with staged(file) as (stage, pilot):
        await press(pilot, "o")
        assert "chips.jsonl" in stage.text
        assert "sub/other.jsonl" in stage.text
        assert "notes.md" not in stage.text
        await type_text(pilot, "oth")
        await press(pilot, "enter")
        assert stage.pane.path == tmp_path / "sub" / "other.jsonl"
        assert "Other?" in stage.text
        assert stage.pane.desk.table.has_focus


async def test_a_path_can_be_typed(tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    other = write_rows(outside / "far.jsonl", pair("Far?", "yes"))
    inside = tmp_path / "inside"
    inside.mkdir()
    async with staged(chips(inside)) as (stage, pilot):
        await press(pilot, "o")
        await type_text(pilot, "../out")
        await press(pilot, "enter")
        assert "far.jsonl" in stage.text
        await press(pilot, "down", "enter")
        assert stage.pane.path is not None
        assert stage.pane.path.resolve() == other.resolve()


@pytest.mark.parametrize("typed", ["nothing.jsonl", "/nowhere/at/all.jsonl"])
async def test_a_path_that_is_not_there_is_told(tmp_path: Path, typed: str):
    file = chips(tmp_path)
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "x", "ctrl+s", "o")
        await type_text(pilot, typed)
        await press(pilot, "enter")
        assert stage.said[-1].startswith("There is no file")
        assert stage.pane.path == file
        await press(pilot, "escape")
        assert stage.pane.desk.table.has_focus
        assert stage.pane.unsaved == 1


@pytest.mark.parametrize(("key", "saved", "opened"), [("s", True, True), ("d", False, True), ("escape", False, False)])
async def test_unsaved_edits_are_asked_about_before_another_file(tmp_path: Path, key: str, saved: bool, opened: bool):
    file = chips(tmp_path)
    other = write_rows(tmp_path / "other.jsonl", pair("Other?", "yes"))
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "x", "ctrl+s")
        stage.pane.open_file(other)
        await settle(pilot)
        assert "1 unsaved edit" in stage.text
        await press(pilot, key)
        assert ("Question 1?x" in file.read_text()) is saved
        assert (stage.pane.path == other) is opened
        assert stage.pane.unsaved == (0 if opened else 1)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"\x89PNG\r\n\x1a\n" + bytes(50), "is no JSON, JSONL, CSV"), (b"\xff\xfe{\x00", "UTF-16")],
)
async def test_a_file_that_is_no_dataset_is_told(tmp_path: Path, content: bytes, says: str):
    file = tmp_path / "picture.jsonx"
    file.write_bytes(content)
    async with staged(file, workspace=tmp_path) as (stage, pilot):
        assert says in stage.said[-1]
        assert stage.posted(DatasetOpened) == []
        assert stage.pane.path is None
        await press(pilot, "o")
        assert "open a file" in stage.text


async def test_without_a_file_there_is_a_way_to_one(tmp_path: Path):
    chips(tmp_path)
    async with staged(None, workspace=tmp_path) as (stage, pilot):
        assert "no file is open · o opens one" in stage.text
        await press(pilot, "o", "down", "enter")
        assert "Question 1?" in stage.text


async def test_somebody_elses_change_is_noticed_before_saving(tmp_path: Path):
    file = chips(tmp_path, 3)
    async with staged(file) as (stage, pilot):
        write_rows(file, pair("Theirs?", "yes"))
        stage.pane.look_at_disk()
        await settle(pilot)
        assert "≠ changed on disk" in stage.lines[0]
        assert "w asks what to do" in stage.said[-1]
        await press(pilot, "w", "r")
        assert "Theirs?" in stage.text
        assert "changed on disk" not in stage.lines[0]
        stage.pane.look_at_disk()
        await settle(pilot)
        assert "changed on disk" not in stage.lines[0]
