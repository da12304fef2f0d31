"""What is drawn: literal text, aligned columns, bad rows, every size, any number of rows."""

from __future__ import annotations

import json
from pathlib import Path
from time import thread_time

import pytest
from rich.cells import cell_len

from tests.tui.dataset.stage import Stage, chips, pair, press, staged, write_rows
from tests.waiting import until
from tui.dataset.pane import DatasetPane
from tui.dataset.table import RowTable

SIZES = [(200, 50), (120, 40), (80, 24), (60, 15), (40, 10), (20, 5), (8, 3)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_can_be_worked_in(tmp_path: Path, size: tuple[int, int]):
    async with staged(chips(tmp_path), size=size) as (stage, pilot):
        assert all(cell_len(line) <= size[0] for line in stage.lines)
        await press(pilot, "j", "j", "e", "tab", "escape", "slash", "escape", "o", "escape", "d")
        assert stage.pane.unsaved == 1


async def test_the_row_at_the_cursor_is_shown_in_full(tmp_path: Path):
    answer = "A long answer. " * 12
    file = write_rows(tmp_path / "long.jsonl", pair("a?", answer), pair("b?", "short", score=3))
    async with staged(file) as (stage, pilot):
        assert stage.text.replace("\n", " ").count("A long answer.") > 12
        await press(pilot, "j")
        assert "score        3" in stage.text


async def test_a_row_too_long_to_be_shown_says_so(tmp_path: Path):
    file = write_rows(tmp_path / "long.jsonl", pair("a?", "line\n" * 100))
    async with staged(file) as (stage, _):
        assert "… more, e shows it all" in stage.text


async def test_a_small_pane_shows_three_lines_of_the_row(tmp_path: Path):
    async with staged(chips(tmp_path), size=(80, 24)) as (stage, _):
        below = "\n".join(stage.lines[-5:])
        assert "row 1" in below
        assert "Question 1?" in below
        assert "Answer 1." in below


async def test_markup_and_terminal_codes_are_text(tmp_path: Path):
    nasty = "[bold red]x[/] [@click=app.quit]y[/] \x1b[2J\x1b]0;title\x07 \u202ebackwards"
    async with staged(write_rows(tmp_path / "nasty.jsonl", pair(nasty, nasty))) as (stage, pilot):
        for _ in ("table and row", "editor"):
            assert "[bold red]x[/] [@click=app.quit]y[/] ␛[2J␛]0;title␇ �backwards" in stage.text
            assert "\x1b" not in stage.text
            await press(pilot, "e")


async def test_wide_characters_keep_the_columns_aligned(tmp_path: Path):
    family = "👨\u200d👩\u200d👧\u200d👦 family ❤\ufe0f 👍🏽 "
    texts = ["漢字" * 40, family * 9, "ascii " * 30, "e\u0301" * 200, "क्षि " * 40, "한국어 텍스트 " * 20]
    file = write_rows(tmp_path / "wide.jsonl", *(pair(text, "ANSWER") for text in texts))
    async with staged(file, size=(100, 20)) as (stage, _):
        lines = [line for line in stage.lines if "ANSWER" in line][: len(texts)]
        assert len({cell_len(line[: line.index("ANSWER")]) for line in lines}) == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not json", "is not JSON"),
        ('{"instruction": "a?", "output": "b', "is cut off"),
        ("[1, 2]", "is a list"),
        ('{"instruction": "a?"}', "has no output"),
        ('{"instruction": "", "output": "b"}', "has no instruction"),
    ],
)
async def test_a_bad_row_is_shown_with_its_reason(tmp_path: Path, line: str, reason: str):
    good = [pair(f"q{n}?", "b") for n in range(3)]
    async with staged(write_rows(tmp_path / "bad.jsonl", *good, raw=(line,))) as (stage, pilot):
        await until(pilot, lambda: "! 1 bad" in stage.lines[0], "the count of bad rows")
        await press(pilot, "G")
        [row] = [each for each in stage.lines if each.startswith("▸")]
        assert " ! " in row
        assert reason in stage.text


async def test_bytes_that_are_no_text_are_shown_and_kept(tmp_path: Path):
    file = tmp_path / "bytes.jsonl"
    content = b'{"instruction": "a?", "output": "b"}\n{"instruction": "\xff\xfe", "output": "c"}\n'
    file.write_bytes(content)
    async with staged(file) as (stage, pilot):
        assert "1 bad" in stage.lines[0]
        await press(pilot, "G", "e", "ctrl+s", "g", "e", "x", "ctrl+s", "w")
    assert file.read_bytes() == content.replace(b"a?", b"a?x")


async def test_a_conversation_shows_its_first_question_and_its_last_answer(tmp_path: Path):
    turns = [{"role": "user", "content": "hello there"}, {"role": "assistant", "content": "hi"}]
    async with staged(write_rows(tmp_path / "chat.jsonl", {"messages": turns})) as (stage, _):
        assert "OpenAI messages" in stage.lines[0]
        assert "hello there" in stage.text
        assert "hi" in stage.lines[2]
        assert "bad" not in stage.lines[0]


async def test_what_shows_the_format_is_told_where_there_is_room(tmp_path: Path):
    file = write_rows(tmp_path / "chips.jsonl", pair("a?", "b"), {"prompt": "c?", "completion": "d"}, pair("e?", "f"))
    async with staged(file, size=(120, 30)) as (stage, pilot):
        assert stage.lines[0].endswith("2 of 3 rows have instruction and output")
        await press(pilot, "slash", "a", "enter")
        assert "instruction and output" not in stage.lines[0]
    async with staged(file, size=(60, 24)) as (stage, _):
        assert stage.lines[0].split()[:3] == ["chips.jsonl", "Alpaca", "·"]


async def test_columns_fit_the_format(tmp_path: Path):
    preference = {"prompt": "which one?", "chosen": "this", "rejected": "that"}
    async with staged(write_rows(tmp_path / "choices.jsonl", preference)) as (stage, _):
        assert stage.lines[1].split() == ["#", "question", "chosen", "rejected"]
        assert stage.lines[2].split() == ["▸", "1", "which", "one?", "this", "that"]
    async with staged(write_rows(tmp_path / "notes.jsonl", {"text": "plain words"})) as (stage, _):
        assert stage.lines[1].split() == ["#", "text"]
        assert "plain words" in stage.lines[2]
    async with staged(write_rows(tmp_path / "own.jsonl", {"colour": "red", "size": 3})) as (stage, _):
        assert "fields of its own" in stage.lines[0]
        assert stage.lines[1].split() == ["#", "colour", "size"]
        assert stage.lines[2].split() == ["▸", "1", "red", "3"]


async def test_a_row_of_another_format_is_a_bad_row(tmp_path: Path):
    rows = [pair("a?", "b"), pair("c?", "d"), {"prompt": "e?", "completion": "f"}]
    async with staged(write_rows(tmp_path / "mixed.jsonl", *rows)) as (stage, pilot):
        assert "1 bad" in stage.lines[0]
        await press(pilot, "G")
        assert "is prompt and completion, where the file is Alpaca" in stage.text


async def test_a_json_array_is_shown_too(tmp_path: Path):
    file = tmp_path / "array.json"
    file.write_text(json.dumps([pair("a?", "b"), pair("c?", "d")], indent=2))
    async with staged(file) as (stage, _):
        assert "Alpaca · JSON array · 2 rows" in stage.lines[0]


async def test_a_hundred_thousand_rows_are_not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "many.jsonl"
    line = '{{"instruction": "Question {0}?", "input": "", "output": "Answer {0} {1}"}}\n'
    file.write_text("".join(line.format(n, "x" * 60) for n in range(1, 100_001)))
    stage = Stage(tmp_path)
    async with stage.run_test(size=(120, 40)) as pilot:
        drawn: list[int] = []
        render_line = RowTable.render_line

        def counted(table: RowTable, y: int):
            drawn.append(y)
            return render_line(table, y)

        monkeypatch.setattr(RowTable, "render_line", counted)
        started = thread_time()  # of the loop that draws; what other processes take is not counted
        stage.query_one(DatasetPane).open_file(file)
        await until(pilot, lambda: "Question 1?" in stage.text, "the first row")
        assert thread_time() - started < 2
        table = stage.query_one(RowTable)
        await until(pilot, lambda: len(table) == 100_000, "all rows")
        stage.query_one(DatasetPane).focus_first()
        await press(pilot, "G")
        assert "Question 100000?" in stage.text
        assert len(drawn) < 40 * 60
        await press(pilot, "slash", *"99999")
        assert table.index == 99_998


async def test_moving_the_cursor_draws_two_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async with staged(chips(tmp_path)) as (_, pilot):
        drawn: list[int] = []
        render_line = RowTable.render_line

        def counted(table: RowTable, y: int):
            drawn.append(y)
            return render_line(table, y)

        # What is found out after the rows are known (their tokens) is on the screen before anything is counted.
        await press(pilot, "j", "k")
        monkeypatch.setattr(RowTable, "render_line", counted)
        await press(pilot, "j")
        assert sorted(set(drawn)) == [1, 2]
