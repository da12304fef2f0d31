"""A conversation is edited as turns; only what was changed changes in the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.dataset.stage import Stage, pair, press, staged, type_text, write_rows
from tui.dataset.field import FieldArea

MESSAGES = (
    '{"id": 7,  "messages": [{"role": "system", "content": "Be kind."}, '
    '{"content":"caf\\u00e9?",  "role":"user", "name": "Ann"}, {"role": "assistant", "content": "Yes.", "weight": 0}]}'
)


def conversation(stage: Stage) -> list[str]:
    """The texts in the editor, from top to bottom."""
    return [area.value for area in stage.query(FieldArea)]


def messages_file(folder: Path) -> Path:
    """A file of one conversation, untidily written."""
    return write_rows(folder / "talk.jsonl", raw=(MESSAGES,))


async def saved(pilot: Pilot[None], file: Path) -> str:
    """Keep and save; the first row of the file."""
    await press(pilot, "ctrl+s", "w")
    return file.read_text().splitlines()[0]


async def test_a_turn_is_changed_and_nothing_else(tmp_path: Path) -> None:
    file = messages_file(tmp_path)
    async with staged(file) as (stage, pilot):
        await press(pilot, "e")
        assert "messages · 3 turns" in stage.text
        assert " assistant  Yes." in stage.text
        assert 'name: "Ann"' in stage.text
        assert "weight: 0" in stage.text
        await press(pilot, "tab", "tab", "!")
        assert "● edited" in stage.text
        assert await saved(pilot, file) == MESSAGES.replace('u00e9?"', 'u00e9?!"')


async def test_an_untouched_conversation_is_not_changed(tmp_path: Path) -> None:
    file = messages_file(tmp_path)
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "tab", "tab", "x", "backspace", "ctrl+s")
        assert stage.pane.unsaved == 0


async def test_turns_are_added_above_and_below(tmp_path: Path) -> None:
    file = messages_file(tmp_path)
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "tab", "tab", "tab", "ctrl+n")
        assert "4 turns" in stage.text
        await type_text(pilot, "And?")
        await press(pilot, "ctrl+n")
        await type_text(pilot, "So.")
        await press(pilot, "shift+tab", "shift+tab", "shift+tab", "ctrl+o")
        await type_text(pilot, "Hm")
        row = json.loads(await saved(pilot, file))
    before = json.loads(MESSAGES)["messages"]
    assert row["messages"] == [
        before[0],
        {"role": "user", "content": "Hm"},
        *before[1:],
        {"role": "user", "content": "And?"},
        {"role": "assistant", "content": "So."},
    ]


async def test_a_turn_takes_its_other_keys_with_it(tmp_path: Path) -> None:
    file = messages_file(tmp_path)
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "tab", "tab", "ctrl+down")
        assert conversation(stage) == ["7", "Be kind.", "Yes.", "café?"]
        assert isinstance(stage.focused, FieldArea)
        assert stage.focused.value == "café?"
        await press(pilot, "ctrl+down", "x", "ctrl+up", "ctrl+up")
        assert conversation(stage) == ["7", "café?x", "Be kind.", "Yes."]
        row = json.loads(await saved(pilot, file))
    before = json.loads(MESSAGES)["messages"]
    assert row["messages"] == [{**before[1], "content": "café?x"}, before[0], before[2]]


async def test_moving_there_and_back_is_no_change(tmp_path: Path) -> None:
    async with staged(messages_file(tmp_path)) as (stage, pilot):
        await press(pilot, "e", "tab", "tab", "ctrl+down", "ctrl+up", "ctrl+s")
        assert stage.pane.unsaved == 0


async def test_a_turn_that_says_something_is_removed_when_asked_twice(tmp_path: Path) -> None:
    file = messages_file(tmp_path)
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "tab", "f8")
        assert "press f8 again to remove this turn" in stage.text
        await press(pilot, "f8")
        assert conversation(stage) == ["7", "café?", "Yes."]
        await press(pilot, "ctrl+n", "f8")
        assert "2 turns" in stage.text
        row = json.loads(await saved(pilot, file))
    assert row == {"id": 7, "messages": json.loads(MESSAGES)["messages"][1:]}


async def test_the_last_turn_stays(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "one.jsonl", {"messages": [{"role": "user", "content": "a"}]})
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "f8", "f8")
        assert "the last turn stays" in stage.text
        assert conversation(stage) == ["a"]


@pytest.mark.parametrize(
    ("turns", "roles"),
    [
        ([{"role": "user", "content": "a"}], ["assistant", "system", "tool", "user"]),
        ([{"from": "human", "value": "a"}, {"from": "observation", "value": "b"}], ["gpt", "system", "observation"]),
        ([{"role": "prompter", "text": "a"}], ["assistant", "prompter"]),
    ],
)
async def test_the_role_goes_round(tmp_path: Path, turns: list[dict[str, Any]], roles: list[str]) -> None:
    file = write_rows(tmp_path / "talk.jsonl", {"conversations": turns})
    key = next(iter(turns[0]))
    async with staged(file) as (stage, pilot):
        await press(pilot, "e")
        for role in roles:
            await press(pilot, "ctrl+r")
            assert role in stage.text
        await saved(pilot, file)
    assert json.loads(file.read_text())["conversations"][0][key] == roles[-1]


async def test_what_is_no_text_is_shown_and_left_alone(tmp_path: Path) -> None:
    picture = {"type": "image_url", "image_url": {"url": "file://a.png"}}
    turns = [
        {"role": "user", "content": [{"type": "text", "text": "What is it?"}, picture]},
        {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": "look", "arguments": "{}"}}]},
    ]
    file = write_rows(tmp_path / "parts.jsonl", {"messages": turns})
    async with staged(file) as (stage, pilot):
        await press(pilot, "e")
        assert "a.png" in stage.text
        assert 'tool_calls: [{"function": {"name": "look"' in stage.text
        await press(pilot, "!", "tab", "x", "tab", "y")
        await saved(pilot, file)
    turns[0]["content"] = [{"type": "text", "text": "What is it?!"}, picture]
    assert json.loads(file.read_text()) == {"messages": turns}


async def test_reasoning_is_text(tmp_path: Path) -> None:
    part = {"type": "reasoning", "value": "Hm"}
    turns = [
        {"role": "user", "content": [part]},
        {"role": "assistant", "content": "Yes", "reasoning_content": "So"},
    ]
    file = write_rows(tmp_path / "thoughts.jsonl", {"messages": turns})
    async with staged(file) as (_, pilot):
        await press(pilot, "e", "1", "tab", "2", "tab", "3")
        await saved(pilot, file)
    assert json.loads(file.read_text())["messages"] == [
        {"role": "user", "content": [{**part, "value": "Hm1"}]},
        {"role": "assistant", "content": "Yes2", "reasoning_content": "So3"},
    ]


async def test_a_history_is_edited_in_pairs(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "history.jsonl", pair("c?", "d", history=[["a?", "b"]]))
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "tab", "tab", "tab", "tab", "x", "ctrl+n")
        assert "2 earlier questions" in stage.text
        await type_text(pilot, "q")
        await press(pilot, "tab", "r")
        await saved(pilot, file)
    assert json.loads(file.read_text())["history"] == [["a?", "bx"], ["q", "r"]]


async def test_answers_of_a_preference_are_turns(tmp_path: Path) -> None:
    row = {
        "prompt": [{"role": "user", "content": "a"}],
        "chosen": [{"role": "assistant", "content": "b"}],
        "rejected": {"from": "gpt", "value": "c"},
    }
    file = write_rows(tmp_path / "preference.jsonl", row)
    async with staged(file) as (stage, pilot):
        await press(pilot, "e", "tab", "1", "tab", "2", "ctrl+n")
        assert conversation(stage) == ["a", "b1", "c2"]
        await saved(pilot, file)
    assert json.loads(file.read_text()) == {
        **row,
        "chosen": [{"role": "assistant", "content": "b1"}],
        "rejected": {"from": "gpt", "value": "c2"},
    }


async def test_a_conversation_is_told_turn_by_turn_under_the_table(tmp_path: Path) -> None:
    async with staged(messages_file(tmp_path)) as (stage, _):
        lines = [" ".join(line.split()) for line in stage.lines]
        at = lines.index("id 7")
        assert lines[at + 1 : at + 4] == ["system Be kind.", "user café?", "assistant Yes."]
