"""The panels of the compare pane: settings, sides, history, the dataset's questions."""

from __future__ import annotations

import json
from pathlib import Path

from textual.pilot import Pilot

from engine.chat.arms import Arm, default_arms, read_arms, write_arms
from engine.chat.history import keep
from engine.chat.settings import read_settings
from tests import waiting
from tests.tui.compare.stage import QUESTION, Stage, answers, servers, shown
from tui.compare.choice_list import ChoiceList


async def until(pilot: Pilot[int], words: str) -> str:
    """The screen once it has these words."""
    stage = pilot.app
    assert isinstance(stage, Stage)
    await waiting.until(pilot, lambda: words in stage.text(), repr(words))
    return stage.text()


async def test_settings_are_checked_while_they_are_typed_and_kept(tmp_path: Path) -> None:
    async with Stage(tmp_path).run_test(size=(100, 30)) as pilot:
        stage = await shown(pilot, servers())
        await pilot.press("o")
        await until(pilot, "likeliest token")
        assert "Press i" not in stage.text()
        await pilot.press("backspace", *"9")
        await until(pilot, "Temperature 9 cannot be used")
        await pilot.press("ctrl+s")
        assert not (tmp_path / ".burnish").exists()
        await pilot.press("backspace", *"0.5", "down", "down", "down", "down", "backspace", *"3", "ctrl+s")
        await pilot.pause()
        assert (read_settings(tmp_path).sampling.temperature, read_settings(tmp_path).sampling.n) == (0.5, 3)
        assert "temperature 0.5 · seed 1 · 3 samples" in stage.text()
        await pilot.press("i", *"How?", "enter")
        assert stage.engine.questions[-1].sampling == read_settings(tmp_path).sampling
        assert stage.focused is stage.pane


async def test_keys_of_the_pane_do_nothing_while_a_panel_is_open(tmp_path: Path) -> None:
    async with Stage(tmp_path).run_test(size=(100, 30)) as pilot:
        stage = await shown(pilot, servers(), answers())
        await pilot.press("a")
        await until(pilot, "sides of a comparison")
        await pilot.press("s", "r", "x", "R")
        assert stage.engine.told == []
        await pilot.press("escape")
        assert QUESTION in stage.text()


async def test_sides_are_added_ordered_and_taken_away(tmp_path: Path) -> None:
    async with Stage(tmp_path).run_test(size=(100, 30)) as pilot:
        stage = await shown(pilot, servers())
        await pilot.press("a", "a")
        await until(pilot, "a new side")
        await pilot.press(*"few-shot", "down", *"base", "down", "backspace", *"4", "down", "right", "ctrl+s")
        await until(pilot, "few-shot")
        few = Arm("few-shot", "base", examples=4, nearest=True)
        assert read_arms(tmp_path) == (*default_arms(), few)
        base, tuned = default_arms()
        await pilot.press("down", "down", "K")
        assert read_arms(tmp_path) == (base, few, tuned)
        await pilot.press("down", "d", "d", "K")
        assert read_arms(tmp_path) == (base,)
        await pilot.press("escape", "i", *"How?", "enter")
        assert stage.engine.questions[-1].arms == read_arms(tmp_path)


async def test_two_sides_of_one_name_are_refused_and_an_escaped_form_changes_nothing(tmp_path: Path) -> None:
    async with Stage(tmp_path).run_test(size=(100, 30)) as pilot:
        await shown(pilot, servers())
        await pilot.press("a", "a", *"base", "down", *"tuned", "ctrl+s")
        await until(pilot, "Two arms are called base")
        await pilot.press("escape")
        await until(pilot, "sides of a comparison")
        assert read_arms(tmp_path) == default_arms()


async def test_arms_of_the_workspace_are_there_at_the_start(tmp_path: Path) -> None:
    write_arms(tmp_path, [Arm("box", "http://127.0.0.1:9#qwen")])
    async with Stage(tmp_path).run_test(size=(100, 30)) as pilot:
        stage = await shown(pilot)
        assert "box  http://127.0.0.1:9#qwen" in stage.text()
        await pilot.press("i", *"How?", "enter")
        assert [arm.name for arm in stage.engine.questions[-1].arms] == ["box"]


async def test_a_file_of_arms_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / ".burnish").mkdir()
    (tmp_path / ".burnish" / "arms.toml").write_text("[[arm]]\nname = 3")
    messages: list[object] = []
    async with Stage(tmp_path).run_test(size=(100, 30), message_hook=messages.append) as pilot:
        stage = await shown(pilot)
        assert any("name cannot be 3" in getattr(message, "text", "") for message in messages)
        assert "tuned" in stage.text()


async def test_the_history_is_searched_and_reopened_with_its_marks(tmp_path: Path) -> None:
    keep(tmp_path, answers())
    async with Stage(tmp_path).run_test(size=(120, 40)) as pilot:
        stage = await shown(pilot, servers())
        await pilot.press("slash")
        await until(pilot, "the history · 1 of 1")
        await pilot.press(*"nonsense")
        await until(pilot, "the history · 0 of 1")
        await pilot.press("enter")
        stage.query_one(ChoiceList)._words.value = "150 mhz"
        await until(pilot, "the history · 1 of 1")
        await pilot.press("enter")
        text = await until(pilot, "✓150 MHz")
        assert "✗1.15 GHz" in text
        assert "row 41" in text
        assert stage.engine.told == []


async def test_a_question_of_the_dataset_is_picked_with_its_answer(tmp_path: Path) -> None:
    rows = [{"instruction": f"Question {number}?", "output": f"Answer {number}."} for number in range(1, 30)]
    dataset = tmp_path / "pairs.jsonl"
    dataset.write_text("".join(json.dumps(row) + "\n" for row in rows))
    held_out = {"instruction": "Unseen [red]?", "output": "Held."}
    (tmp_path / "pairs_test.jsonl").write_text(json.dumps(held_out) + "\n")
    async with Stage(tmp_path).run_test(size=(100, 30)) as pilot:
        stage = await shown(pilot, servers())
        stage.pane.dataset_opened(dataset)
        await pilot.press("p")
        await until(pilot, "questions of the dataset · 30 of 30")
        await pilot.press(*"question 2", "down", "down")
        await until(pilot, "12 of 30")
        await pilot.press("enter")
        assert stage.engine.told == [("ask", "Question 20?", "Answer 20.", 20)]
        await pilot.press("p", *"held-out")
        await until(pilot, "held-out  Unseen [red]?")
        await pilot.press("enter")
        assert stage.engine.told[-1] == ("ask", "Unseen [red]?", "Held.", None)
