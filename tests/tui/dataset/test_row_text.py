"""Values that are no text, and the whole text of a row: edited as JSON, checked as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.rows.text import read_row
from engine.models.tokenizer import Tokenizing
from tests.tiny import CHATML, write_tokenizer
from tests.tui.dataset.stage import chips, pair, press, settle, staged, type_text, write_rows
from tui.dataset.draft import Draft, edit_of, readable
from tui.dataset.editor import RowEditor
from tui.dataset.field import FieldArea
from tui.dataset.places import place_in_text, place_in_values
from tui.dataset.raw_editor import find_fault

UNTIDY = '{ "instruction" : "a?", "input":"", "output": "caf\\u00e9", "score": 7.50, "tags": [1,  2] }'


async def test_values_are_edited_as_json(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "values.jsonl", raw=(UNTIDY,))
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "tab", "tab", "tab")
        area = stage.focused
        assert isinstance(area, FieldArea)
        assert (area.name, area.value) == ("score", "7.5")
        await press(pilot, "ctrl+u", "8", "tab")
        await type_text(pilot, " ")
        await press(pilot, "ctrl+s", "w")
    assert file.read_text() == UNTIDY.replace("7.50", "8") + "\n"


async def test_a_value_that_is_no_json_is_refused_with_the_reason(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "values.jsonl", raw=(UNTIDY,))
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "tab", "tab", "tab", "x")
        assert "score is not JSON: a comma or a closing bracket is missing; a text needs quotes." in stage.text
        await press(pilot, "ctrl+s")
        assert stage.query_one(RowEditor).draft is not None
        assert stage.pane.unsaved == 1  # what is being typed
        assert not stage.pane.desk.keep_open_edit()
        await press(pilot, "backspace")
        assert "score is not JSON" not in stage.text
        await press(pilot, "comma", "1")
        assert "score holds more than one value" not in stage.text  # 7.5,1 is no JSON at all
        await press(pilot, "escape", "escape")
    assert file.read_text() == UNTIDY + "\n"


async def test_the_text_is_checked_as_it_is_typed(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "text.jsonl", raw=(UNTIDY,))
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "ctrl+t")
        [area] = stage.query(FieldArea)
        assert area.value == readable(json.loads(UNTIDY))
        assert "To the fault" not in stage.footer
        area.go_to(area.value.index('"score"'))
        await press(pilot, "x")
        assert "line 5, column 3: the row is not JSON: a field name in double quotes is missing" in stage.text
        await press(pilot, "ctrl+t")
        assert len(stage.query(FieldArea)) == 1
        area.go_to(0)
        await press(pilot, "ctrl+g")
        assert area.cursor_location == (4, 2)
        await press(pilot, "delete")
        assert "line 5" not in stage.text
        await press(pilot, "ctrl+s")
        assert stage.pane.unsaved == 0


@pytest.mark.parametrize("key", ["ctrl+t", "f4"])
async def test_text_that_was_not_typed_over_changes_nothing(tmp_path: Path, key: str) -> None:
    async with staged(write_rows(tmp_path / "text.jsonl", raw=(UNTIDY,))) as (stage, pilot):
        await press(pilot, "e", key, "ctrl+s")
        assert stage.pane.unsaved == 0
        assert stage.pane.desk.table.has_focus
        await press(pilot, "e", key, key, "ctrl+s")
        assert stage.pane.unsaved == 0


async def test_an_edit_of_the_text_keeps_the_style_of_the_row(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "text.jsonl", raw=(UNTIDY,))
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "x", "ctrl+t")
        [area] = stage.query(FieldArea)
        assert '"a?x"' in area.value
        area.go_to(area.value.index("\n    2"))
        await press(pilot, "9", "comma", "ctrl+t")
        names = [each.name for each in stage.query(FieldArea)]
        assert names == ["instruction", "input", "output", "score", "tags"]
        await press(pilot, "ctrl+s", "w")
    assert file.read_text() == UNTIDY.replace("a?", "a?x").replace("1,  2", "1,  9,  2") + "\n"


async def test_an_edit_of_a_field_is_kept_from_the_text(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "text.jsonl", raw=(UNTIDY,))
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "x", "ctrl+t", "escape")
        assert "press escape again" in stage.text
        await press(pilot, "ctrl+s", "w")
    assert file.read_text() == UNTIDY.replace("a?", "a?x") + "\n"


async def test_a_row_that_is_no_json_is_opened_as_text(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "bad.jsonl", raw=('{"instruction": "a?", "output": "b"',))
    async with staged(file) as (stage, pilot):
        await press(pilot, "e")
        assert "line 1, column 36: the row is cut off" in stage.text
        await press(pilot, "right_curly_bracket")
        assert "cut off" not in stage.lines[0]
        await press(pilot, "ctrl+t")
        assert [area.name for area in stage.query(FieldArea)] == ["instruction", "input", "output"]
        await press(pilot, "!", "ctrl+s", "w")
    assert json.loads(file.read_text())["instruction"] == "a?!"


async def test_the_cursor_is_where_it_was(tmp_path: Path) -> None:
    async with staged(chips(tmp_path)) as (stage, pilot):
        await press(pilot, "e", "tab", "tab", "left", "left", "escape", "j", "e")
        area = stage.focused
        assert isinstance(area, FieldArea)
        assert area.name == "instruction"
        await press(pilot, "escape", "k", "e")
        area = stage.focused
        assert isinstance(area, FieldArea)
        assert (area.name, area.cursor_offset) == ("output", len("Answer 1."[:-2]))
        await press(pilot, "ctrl+t")
        [text] = stage.query(FieldArea)
        assert text.value[text.cursor_offset :].startswith('1."')
        await press(pilot, "left", "escape", "e")
        [text] = stage.query(FieldArea)
        assert text.value[text.cursor_offset :].startswith(' 1."')
        await press(pilot, "ctrl+t")
        area = stage.focused
        assert isinstance(area, FieldArea)
        assert (area.name, area.cursor_offset) == ("output", len("Answer"))


async def test_tokens_are_counted_as_one_types(tmp_path: Path) -> None:
    write_tokenizer(tmp_path / "tiny", CHATML)
    async with staged(chips(tmp_path)) as (stage, pilot):
        stage.pane.trained_with(Tokenizing(str(tmp_path / "tiny")))
        await settle(pilot)
        await press(pilot, "e")
        tokens = stage.pane.desk.tokens

        def said(question: str) -> str:
            row = tokens.render(pair(question, "Answer 1."), 1)
            return f"· {row.whole} tokens · {row.learnt} carry loss" + (f" · {row.cut} cut off" if row.cut else "")

        assert said("Question 1?") in stage.text
        await type_text(pilot, " Why, then?")
        assert f"● edited {said('Question 1? Why, then?')}" in stage.text
        tokens.max_tokens = tokens.render(pair("Question 1?", "Answer 1."), 1).whole
        await type_text(pilot, " So?")
        assert " cut off" in stage.text
        assert said("Question 1? Why, then? So?") in stage.text


async def test_the_selected_text_is_copied(tmp_path: Path) -> None:
    async with staged(chips(tmp_path)) as (stage, pilot):
        await press(pilot, "e", "shift+left", "shift+left", "alt+c")
        assert stage.clipboard == "1?"
        assert stage.said[-1].startswith("the selected text sent to the terminal's clipboard")
        await press(pilot, "right", "f5")
        assert stage.clipboard == "Question 1?"


async def test_typing_is_taken_back(tmp_path: Path) -> None:
    async with staged(chips(tmp_path)) as (stage, pilot):
        await press(pilot, "e", "x", "ctrl+z")
        assert stage.query(FieldArea).first(FieldArea).value == "Question 1?"
        await press(pilot, "ctrl+y")
        assert stage.query(FieldArea).first(FieldArea).value == "Question 1?x"


def test_the_place_of_a_fault_is_told() -> None:
    fault = find_fault('{"a": 1,\n "b" 2}', read_row)
    assert fault is not None
    assert (fault.sentence, fault.offset) == ("line 2, column 6: the row is not JSON: a colon is missing", 14)
    fault = find_fault('{"a": 1, "a": 2}', read_row)
    assert fault is not None
    assert (fault.sentence, fault.offset) == ('the row has the field "a" twice', None)
    assert find_fault("{}", read_row) is None


def test_fields_that_are_gone_or_in_another_order() -> None:
    def edited(now: dict[str, object]) -> str | None:
        return edit_of(Draft("", read_row(UNTIDY), 0, UNTIDY), now).text

    values = read_row(UNTIDY)
    without = {name: value for name, value in values.items() if name != "score"}
    assert edited(without) == UNTIDY.replace(' "score": 7.50,', "")
    assert read_row(edited(dict(reversed(values.items()))) or "") == values
    assert list(read_row(edited(dict(reversed(values.items()))) or "")) == list(reversed(values))
    assert edited(values) is None


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(row=st.dictionaries(st.text(max_size=4), values, min_size=1, max_size=4), data=st.data())
def test_a_place_is_found_again(row: dict[str, object], data: st.DataObject) -> None:
    texts = [(name, value) for name, value in row.items() if isinstance(value, str)]
    if not texts:
        return
    name, text = data.draw(st.sampled_from(texts))
    offset = data.draw(st.integers(0, len(text)))
    at = place_in_text(row, (name,), offset)
    path, back = place_in_values(readable(row), at, read_row)
    assert path == (name,)
    assert back == offset


async def test_a_record_of_a_table_is_edited_as_fields_and_as_text(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text('instruction,output\n"a, b?",yes\nc?,no\n')
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "tab", "!", "ctrl+t")
        assert "keep the edit first" in stage.text
        await press(pilot, "ctrl+s", "j", "e", "ctrl+t")
        [area] = stage.query(FieldArea)
        assert area.value == "c?,no"
        await press(pilot, "!", "ctrl+s", "w")
    assert file.read_text() == 'instruction,output\n"a, b?",yes!\nc?,no!\n'


async def test_a_row_of_very_much_text_is_not_opened(tmp_path: Path) -> None:
    async with staged(write_rows(tmp_path / "much.jsonl", pair("a?", "b" * 500_000))) as (stage, pilot):
        await press(pilot, "e")
        sentence = "row 1 has more than 400,000 characters, too many to be edited here; burnish data edit can change it"
        assert stage.said[-1] == sentence
        assert stage.pane.desk.table.has_focus


async def test_a_row_of_very_many_turns_opens_as_text(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": str(number)} for number in range(120)]
    file = write_rows(tmp_path / "many.jsonl", {"messages": turns})
    async with staged(file) as (stage, pilot):
        await press(pilot, "e")
        [area] = stage.query(FieldArea)
        assert area.value == readable({"messages": turns})
        await press(pilot, "ctrl+s")
        assert stage.pane.unsaved == 0
