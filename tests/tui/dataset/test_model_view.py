"""The row at the cursor as the model sees it: followed, scrolled, listed, and explained where it cannot be shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from engine.models.tokenizer import Tokenizing
from tests.tiny import CHATML, write_tokenizer
from tests.tui.dataset.stage import Stage, chips, pair, press, settle, staged, write_rows
from tui.dataset.model_view import ModelView


async def with_tokens(stage: Stage, pilot: Pilot[None], folder: Path, max_length: int = 512) -> None:
    """Give the pane a tokenizer."""
    write_tokenizer(folder / "tiny", CHATML)
    stage.pane.trained_with(Tokenizing(str(folder / "tiny"), max_length))
    await settle(pilot)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (50, 12)])
async def test_the_view_follows_the_cursor(tmp_path: Path, size: tuple[int, int]) -> None:
    async with staged(chips(tmp_path), size=size) as (stage, pilot):
        await with_tokens(stage, pilot, tmp_path)
        assert "<|im_start|>" not in stage.text
        await press(pilot, "p")
        assert "what the model sees of row 1 " in stage.text
        assert "1│?" in stage.text
        assert stage.pane.desk.table.has_focus
        await press(pilot, "j")
        assert "what the model sees of row 2 " in stage.text
        await press(pilot, "tab")
        assert stage.pane.desk.panel.view.has_focus
        await press(pilot, "escape")
        assert stage.pane.desk.table.has_focus
        assert "what the model sees" not in stage.text


async def test_the_counts_are_those_of_training(tmp_path: Path) -> None:
    async with staged(chips(tmp_path)) as (stage, pilot):
        await with_tokens(stage, pilot, tmp_path)
        await press(pilot, "p")
        row = stage.pane.desk.tokens.render(pair("Question 1?", "Answer 1."), 1)
        assert f"{row.whole} tokens · {row.learnt} carry loss" in stage.text
        assert "cut off" not in stage.text
        stage.pane.trained_with(Tokenizing(str(tmp_path / "tiny"), row.whole - 2))
        await settle(pilot)
        assert f"{row.learnt - 2} carry loss ! 2 cut off by the maximum of {row.whole - 2}" in stage.text
        assert "✂ cut off" in stage.text


async def test_an_edit_shows_at_once(tmp_path: Path) -> None:
    async with staged(chips(tmp_path)) as (stage, pilot):
        await with_tokens(stage, pilot, tmp_path)
        await press(pilot, "p", "e", "Z", "ctrl+s")
        assert "?│Z" in stage.text
        await press(pilot, "u")
        assert "?│Z" not in stage.text


async def test_text_and_list_and_all_the_room(tmp_path: Path) -> None:
    async with staged(chips(tmp_path)) as (stage, pilot):
        await with_tokens(stage, pilot, tmp_path)
        await press(pilot, "p", "tab")
        view = stage.query_one(ModelView)
        assert view.has_focus
        half = view.size.height
        await press(pilot, "t")
        lines = [line.split() for line in stage.lines]
        ids = stage.pane.desk.tokens.render(pair("Question 1?", "Answer 1."), 1).token_ids
        assert ["2", str(ids[1]), "user"] in lines
        await press(pilot, "z")
        assert view.size.height > half
        await press(pilot, "right")
        assert stage.pane.desk.table.index == 1
        assert "of row 2 " in stage.text
        await press(pilot, "left_square_bracket", "escape")
        assert stage.pane.desk.table.has_focus
        assert stage.pane.desk.table.index == 0
        assert "what the model sees" in stage.text
        await press(pilot, "tab", "escape")
        assert "what the model sees" not in stage.text


async def test_a_long_row_is_scrolled(tmp_path: Path) -> None:
    long = "\n".join(f"line {number}" for number in range(4000))
    file = write_rows(tmp_path / "long.jsonl", pair("Tell all", long), pair("a?", "b"))
    async with staged(file, size=(80, 24)) as (stage, pilot):
        await with_tokens(stage, pilot, tmp_path, 10**6)
        await press(pilot, "p", "tab")
        assert "│0│⏎" in stage.text
        await press(pilot, "G")
        assert "3│9│9│9" in stage.text
        await press(pilot, "k", "pageup", "g", "j")
        assert stage.query_one(ModelView).scroll_offset.y == 1
        await press(pilot, "right")
        assert "of row 2 " in stage.text
        assert stage.query_one(ModelView).scroll_offset.y == 0


async def test_a_long_row_is_counted_in_the_table(tmp_path: Path) -> None:
    rows = pair("a?", "b"), pair("Tell all", "word " * 9000)
    async with staged(write_rows(tmp_path / "long.jsonl", *rows)) as (stage, pilot):
        await with_tokens(stage, pilot, tmp_path)
        for line, values in zip(stage.lines[2:], rows, strict=False):
            assert f" {stage.pane.desk.tokens.count(values, 1):,}" in line


async def test_what_cannot_be_shown_says_why(tmp_path: Path) -> None:
    tools = {
        "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}],
        "tools": [{"name": "x"}],
    }
    history = pair("now?", "2", history=[["before?", "1"]])
    file = write_rows(tmp_path / "odd.jsonl", pair("a?", "b"), tools, history, raw=("not json",))
    async with staged(file) as (stage, pilot):
        await press(pilot, "p")
        assert "the tokenizer is still being read" in stage.text
        stage.pane.trained_with(Tokenizing("./none"))
        await settle(pilot)
        assert "There is no model directory" in stage.text
        await with_tokens(stage, pilot, tmp_path)
        await press(pilot, "j")
        assert "Row 2 has tools, which are not rendered yet." in stage.text
        await press(pilot, "j")
        assert "! training refuses the row: it has a history of earlier turns" in stage.text
        await press(pilot, "j")
        assert "Row 4 is not JSON" in stage.text


async def test_text_from_a_file_is_shown_literally(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "evil.jsonl", pair("[red]a[/]\x1b[31m", "b\u202ec"))
    async with staged(file) as (stage, pilot):
        await with_tokens(stage, pilot, tmp_path)
        await press(pilot, "p")
        assert "␛" in stage.text
        assert "\x1b" not in stage.text
        assert "\u202e" not in stage.text
