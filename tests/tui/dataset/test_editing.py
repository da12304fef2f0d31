"""Rows are edited, added and deleted; what was not touched stays as it is, and everything can be taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.errors import InputError
from data.formats.conversation import Turn
from engine.chat.corrections import corrected
from tests.tui.dataset.stage import chips, pair, press, settle, staged, type_text, write_rows
from tui.dataset.editor import RowEditor
from tui.dataset.field import FieldArea
from tui.messages import DatasetOpened, DatasetSaved, QuestionChosen

SIZES = [(120, 40), (80, 24), (40, 10)]

UNTIDY = (
    b'{"instruction": "One?",   "input":"", "output": "1"}\n'
    b'{"output":"2","instruction":"Two?","input":""}\r\n'
    b"\n"
    b'{ "instruction" : "Three?", "input": "", "output": "caf\\u00e9 3", "tags": [1,  2] }\n'
    b"not json at all\n"
    b'{"instruction": "Five?", "input": "", "output": "5"}'
)


@pytest.mark.parametrize("size", SIZES)
async def test_an_edit_and_a_save_change_the_bytes_of_that_row_only(tmp_path: Path, size: tuple[int, int]):
    file = tmp_path / "untidy.jsonl"
    file.write_bytes(UNTIDY)
    async with staged(file, size=size) as (stage, pilot):
        await press(pilot, "j", "j", "e", "tab", "tab")
        await type_text(pilot, "!")
        await press(pilot, "ctrl+s")
        assert stage.said[-1] == "row 3 changed · u undoes"
        assert stage.pane.unsaved == 1
        assert file.read_bytes() == UNTIDY
        await press(pilot, "w")
        assert stage.pane.unsaved == 0
        assert [(each.path, each.rows) for each in stage.posted(DatasetSaved)] == [(file, 5)]
    assert file.read_bytes() == UNTIDY.replace(b"caf\\u00e9 3", b"caf\\u00e9 3!")


async def test_opening_a_file_tells_how_many_rows_it_has(tmp_path: Path):
    file = chips(tmp_path)
    async with staged(file) as (stage, _):
        assert [(each.path, each.rows) for each in stage.posted(DatasetOpened)] == [(file, 30)]
        assert stage.pane.path == file


@pytest.mark.parametrize("key", ["ctrl+s", "ctrl+j", "ctrl+enter"])
async def test_these_keys_keep_an_edit(tmp_path: Path, key: str):
    async with staged(chips(tmp_path)) as (stage, pilot):
        await press(pilot, "enter")
        await type_text(pilot, " indeed")
        await press(pilot, key)
        assert stage.pane.unsaved == 1
        assert stage.pane.desk.table.has_focus
        assert "Question 1? indeed" in stage.text


async def test_enter_makes_a_line_break_in_a_field(tmp_path: Path):
    file = chips(tmp_path)
    async with staged(file) as (_, pilot):
        await press(pilot, "e", "tab", "tab", "enter")
        await type_text(pilot, "more")
        await press(pilot, "ctrl+s", "w")
    assert json.loads(file.read_text().splitlines()[0])["output"] == "Answer 1.\nmore"


async def test_undo_and_redo(tmp_path: Path):
    async with staged(chips(tmp_path)) as (stage, pilot):
        assert "Undo" not in stage.footer
        await press(pilot, "e", "x", "ctrl+s", "j")
        assert "Question 1?x" in stage.text
        assert "u Undo" in stage.footer
        await press(pilot, "u")
        assert "Question 1?x" not in stage.text
        assert stage.said[-1] == "took back: edit instruction of row 1 · ctrl+r does it again"
        assert stage.pane.desk.table.index == 0
        assert "Undo" not in stage.footer
        await press(pilot, "ctrl+r")
        assert "Question 1?x" in stage.text
        assert stage.pane.unsaved == 1


async def test_leaving_asks_only_when_something_was_typed(tmp_path: Path):
    async with staged(chips(tmp_path)) as (stage, pilot):
        await press(pilot, "e", "escape")
        assert stage.pane.desk.table.has_focus
        await press(pilot, "e", "x", "escape")
        assert "press escape again to discard" in stage.text
        assert stage.pane.unsaved == 1
        await press(pilot, "y", "escape", "escape")
        assert stage.pane.desk.table.has_focus
        assert stage.pane.unsaved == 0
        assert "Question 1?x" not in stage.text


async def test_keeping_an_untouched_row_changes_nothing(tmp_path: Path):
    async with staged(chips(tmp_path)) as (stage, pilot):
        await press(pilot, "e", "ctrl+s")
        assert stage.pane.desk.table.has_focus
        assert stage.pane.unsaved == 0


async def test_a_new_row_goes_below_the_cursor(tmp_path: Path):
    file = chips(tmp_path, 3)
    async with staged(file) as (stage, pilot):
        await press(pilot, "a")
        await type_text(pilot, "New?")
        await press(pilot, "tab", "tab")
        await type_text(pilot, "Yes.")
        await press(pilot, "ctrl+s")
        assert stage.pane.desk.table.index == 1
        await press(pilot, "w")
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert rows[1] == pair("New?", "Yes.")
    assert [row["output"] for row in rows] == ["Answer 1.", "Yes.", "Answer 2.", "Answer 3."]


async def test_a_new_row_that_is_left_leaves_nothing(tmp_path: Path):
    async with staged(chips(tmp_path, 3)) as (stage, pilot):
        await press(pilot, "a", "ctrl+s")
        assert "nothing typed yet" in stage.text
        await press(pilot, "escape")
        assert "3 rows" in stage.text
        assert stage.pane.unsaved == 0


async def test_the_first_row_of_an_empty_file(tmp_path: Path):
    file = tmp_path / "empty.jsonl"
    file.touch()
    async with staged(file) as (stage, pilot):
        assert "0 rows" in stage.text
        await press(pilot, "a")
        await type_text(pilot, "First?")
        await press(pilot, "ctrl+s", "w")
    assert json.loads(file.read_text()) == pair("First?", "")


async def test_duplicate_and_delete(tmp_path: Path):
    file = chips(tmp_path, 4)
    before = file.read_bytes().splitlines(keepends=True)
    async with staged(file) as (stage, pilot):
        await press(pilot, "j", "D")
        assert stage.pane.desk.table.index == 2
        await press(pilot, "g", "d", "w")
        assert stage.said[-2] == "row 1 deleted · u undoes"
    assert file.read_bytes().splitlines(keepends=True) == [before[1], before[1], before[2], before[3]]


async def test_marked_rows_are_deleted_as_one_change(tmp_path: Path):
    file = chips(tmp_path, 6)
    before = file.read_bytes()
    async with staged(file) as (stage, pilot):
        await press(pilot, "space", "j", "space", "space")
        assert "3 marked" in stage.text
        await press(pilot, "d")
        assert stage.said[-1] == "3 rows deleted · u undoes"
        assert "3 rows" in stage.text
        await press(pilot, "u")
        assert "6 rows" in stage.text
        assert stage.pane.unsaved == 0
    assert file.read_bytes() == before


async def test_a_row_that_is_no_json_is_edited_as_text_and_checked(tmp_path: Path):
    file = write_rows(tmp_path / "bad.jsonl", pair("a?", "b"), raw=('{"instruction": "c?", "output": "d"',))
    async with staged(file) as (stage, pilot):
        assert "1 bad" in stage.text
        await press(pilot, "G", "e")
        [area] = stage.query(FieldArea)
        assert area.value == '{"instruction": "c?", "output": "d"'
        await press(pilot, "x", "ctrl+s")
        assert "^s again keeps it so" in stage.text
        assert stage.query_one(RowEditor).draft is not None
        await press(pilot, "backspace", "right_curly_bracket", "ctrl+s")
        assert "! 1 bad" not in stage.lines[0]
        await press(pilot, "w")
    assert file.read_text().splitlines()[1] == '{"instruction": "c?", "output": "d"}'


async def test_a_bad_row_can_be_kept_bad(tmp_path: Path):
    file = write_rows(tmp_path / "bad.jsonl", pair("a?", "b"), raw=("nonsense",))
    async with staged(file) as (stage, pilot):
        await press(pilot, "G", "e", "x", "ctrl+s", "ctrl+s", "w")
        assert stage.pane.unsaved == 0
    assert file.read_text().splitlines()[1] == "nonsensex"


async def test_fields_that_are_no_text_are_kept_as_they_are(tmp_path: Path):
    row = pair("a?", "b", source="book", score=7, tags=["x"])
    file = write_rows(tmp_path / "more.jsonl", row)
    async with staged(file) as (stage, pilot):
        await press(pilot, "e")
        assert [area.name for area in stage.query(FieldArea)] == [*row]
        await press(pilot, "tab", "tab", "tab", "s", "ctrl+s", "w")
    assert json.loads(file.read_text()) == {**row, "source": "books"}


async def test_an_input_that_was_not_there_is_added_only_when_typed(tmp_path: Path):
    file = write_rows(
        tmp_path / "short.jsonl", {"instruction": "a?", "output": "b"}, {"instruction": "c?", "output": "d"}
    )
    async with staged(file) as (_, pilot):
        await press(pilot, "e", "x", "ctrl+s", "j", "e", "tab", "y", "ctrl+s", "w")
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert rows == [{"instruction": "a?x", "output": "b"}, {"instruction": "c?", "input": "y", "output": "d"}]


CORRECTED = corrected((Turn("user", "How fast?"),), "150 MHz", "1.15 GHz")


async def test_a_correction_is_added_in_the_format_of_the_file_and_saved(tmp_path: Path):
    file = chips(tmp_path, 2)
    async with staged(file) as (stage, pilot):
        assert stage.pane.take(CORRECTED) == "The corrected answer is row 3 of chips.jsonl."
        await settle(pilot)
        assert stage.pane.unsaved == 0
        assert json.loads(file.read_text().splitlines()[-1]) == pair("How fast?", "150 MHz")
        await press(pilot, "u", "w")
    assert len(file.read_text().splitlines()) == 2


async def test_a_correction_waits_with_other_edits_and_leaves_what_is_typed(tmp_path: Path):
    file = chips(tmp_path, 2)
    before = file.read_bytes()
    async with staged(file) as (stage, pilot):
        await press(pilot, "d", "e", "x")
        said = stage.pane.take(CORRECTED)
        assert said == (
            "The corrected answer is row 2 of chips.jsonl, not saved yet like 1 other edit: "
            "w in the dataset pane saves."
        )
        await settle(pilot)
        assert file.read_bytes() == before
        assert stage.query_one(RowEditor).draft is not None
        await press(pilot, "ctrl+s", "w")
    assert [json.loads(line) for line in file.read_text().splitlines()] == [
        pair("Question 2?x", "Answer 2."),
        pair("How fast?", "150 MHz"),
    ]


async def test_a_correction_that_has_no_place_changes_nothing(tmp_path: Path):
    file = write_rows(tmp_path / "pairs.jsonl", {"prompt": "a?", "chosen": "b", "rejected": "c"})
    async with staged(file) as (stage, pilot):
        with pytest.raises(InputError, match="no rejected answer"):
            stage.pane.take(corrected((Turn("user", "How fast?"),), "150 MHz", ""))
        assert stage.pane.unsaved == 0
        stage.pane.take(CORRECTED)
        await settle(pilot)
    assert json.loads(file.read_text().splitlines()[1])["rejected"] == "1.15 GHz"


async def test_what_burnish_wrote_itself_is_shown(tmp_path: Path):
    file = chips(tmp_path, 1)
    async with staged(file) as (stage, pilot):
        write_rows(file, pair("Question 1?", "Answer 1."), pair("New?", "yes"))
        stage.pane.file_written(file)
        await settle(pilot)
        assert "New?" in stage.text
        await press(pilot, "d")
        write_rows(file, pair("Newer?", "yes"))
        stage.pane.file_written(file)
        await settle(pilot)
        assert "Newer?" not in stage.text, "an unsaved edit would be lost"


async def test_the_question_of_a_row_is_asked(tmp_path: Path):
    file = write_rows(tmp_path / "x.jsonl", pair("a?", "b"), {"instruction": "c?", "input": "about d", "output": "e"})
    async with staged(file) as (stage, pilot):
        await press(pilot, "j", "t")
        [chosen] = stage.posted(QuestionChosen)
        assert (chosen.question, chosen.reference, chosen.row_number) == ("c?\n\nabout d", "e", 2)


async def test_the_answer_to_a_question_is_found(tmp_path: Path):
    async with staged(chips(tmp_path)) as (stage, pilot):
        assert stage.pane.row_for("  question 7? ") == ("Answer 7.", 7)
        assert stage.pane.row_for("Question 77?") is None
        await press(pilot, "d")
        assert stage.pane.row_for("Question 7?") == ("Answer 7.", 6)
        await press(pilot, "u", "e", "x", "ctrl+s")
        assert stage.pane.row_for("Question 7?") == ("Answer 7.", 7)
        assert stage.pane.row_for("Question 1?x") == ("Answer 1.", 1)
        assert stage.pane.row_for("Question 1?") is None


async def test_rows_go_to_the_clipboard_of_the_terminal(tmp_path: Path):
    file = chips(tmp_path)
    async with staged(file) as (stage, pilot):
        await press(pilot, "y")
        assert stage.clipboard == file.read_text().splitlines()[0]
        assert stage.said[-1].startswith("row 1 sent to the terminal's clipboard")


async def test_odd_characters_survive_an_edit(tmp_path: Path):
    odd = "bell \x07, tab\tform\x0cfeed, line\u2028separator, \x1b[31mred\x1b[0m, \u202eback, \x85next"
    file = write_rows(tmp_path / "odd.jsonl", pair("a?", odd))
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "tab", "tab", "x", "ctrl+s")
        assert "\x1b" not in stage.text
        await press(pilot, "w")
    assert json.loads(file.read_text())["output"] == odd + "x"
