"""The screen of evaluations, by its keys alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from data.errors import InputError
from data.formats.detect import look
from data.store import RowStore
from engine.chat.arms import Arm
from engine.evaluation.judging import Answered
from engine.training.job import DatasetSection, TrainingJob
from engine.training.runs import create_run
from tests.engine.evaluation.rows import CHIPS, CLOCK, advanced
from tests.tui.compare.batch.stage import BatchEngine, BatchStage, settled, staged
from tests.tui.compare.stage import posted
from tui.compare.batch.row_table import BatchTable
from tui.compare.batch.screen import BatchScreen
from tui.messages import Flashed

SIZES = [(80, 24), (120, 40), (200, 50)]
OLDER = advanced(
    ("Is it on?", "Yes.", ("Yes.", "No.")), batch_id="switches-001", sentence="Stopped by you; it can be resumed."
)


@pytest.mark.parametrize("size", SIZES)
async def test_everything_of_a_batch_can_be_read_without_colour(tmp_path: Path, size: tuple[int, int]) -> None:
    async with staged(tmp_path, CHIPS, size=size) as (pilot, stage):
        await pilot.pause()
        text = stage.text()
        assert "pairs-001  pairs.jsonl" in text
        assert "■ 10 of 12 answers" in text
        assert "! 1 failed" in text
        assert ("base 60.0 % (23–88), 3/5" if size[0] == 80 else "base: 3 of 5 right, 60.0 %") in text
        assert "✗ Up to 150" in text, "the tuned answer of the first row, with its verdict"
        assert "✓ It runs" in text
        assert "! Tuned is b" in text
        assert "What is the" in text
        if size == (80, 24):
            await pilot.press("space")
            await pilot.pause()
            text = stage.text()
        for part in ("row 11", "reference", "base", "right", "wrong: 150 MHz"):
            assert part in text, part
        assert "The RP2040 runs at up to ✓133 MHz." in text or "It runs at ✓133 MHz." in text
        assert "Up to ✗150 MHz." in text
        if size[0] >= 120:
            assert "≠ 133 MHz → 150" in text
            assert "Not enough evidence: 1 became right and 1 stopped being right" in text
        assert max(map(len, text.splitlines())) <= size[0]


async def test_filters_keep_rows_and_say_so(tmp_path: Path) -> None:
    async with staged(tmp_path, CHIPS) as (pilot, stage):
        assert stage.rows == [11, 12, 13, 14, 15, 16]
        assert "all   6 rows   differ 3  wrong 2  regressions 1  improved 1" in stage.text()
        for key, rows, words in (
            ("d", [11, 12, 14], "tuned differs from base"),
            ("w", [11, 14], "tuned wrong"),
            ("r", [11], "base right → tuned wrong"),
            ("i", [12], "base wrong → tuned right"),
            ("a", [11, 12, 13, 14, 15, 16], "all"),
        ):
            await pilot.press(key)
            await pilot.pause()
            assert stage.rows == rows, key
            assert words in stage.text()
        await pilot.press("r")
        await pilot.pause()
        assert "133 MHz → 150 MHz" in stage.text()
        assert "1 of 6 rows" in stage.text()


@pytest.mark.parametrize("size", SIZES)
async def test_regressions_are_shown_as_fact_changes(tmp_path: Path, size: tuple[int, int]) -> None:
    async with staged(tmp_path, CHIPS, size=size) as (pilot, stage):
        await pilot.press("r")
        await pilot.pause()
        assert "≠ 133 MHz →" in stage.text()


async def test_words_are_searched_in_everything(tmp_path: Path) -> None:
    async with staged(tmp_path, CHIPS) as (pilot, stage):
        await pilot.press("slash", *"ghz")
        await pilot.pause()
        assert stage.rows == [12, 14]
        await pilot.press("enter", "d", "j")
        await pilot.pause()
        assert stage.rows == [12, 14]
        assert "with ghz" in stage.text()
        await pilot.press("slash", *" stm")
        await pilot.pause()
        assert stage.rows == [14]
        await pilot.press("escape")
        await pilot.pause()
        assert stage.rows == [11, 12, 14]
        assert isinstance(stage.screen, BatchScreen)
        await pilot.press("slash", *"nothing here")
        await pilot.pause()
        assert "no row is kept; a shows all" in stage.text()


async def test_every_column_sorts(tmp_path: Path) -> None:
    async with staged(tmp_path, CHIPS, size=(200, 50)) as (pilot, stage):
        await pilot.press("right")  # question
        assert stage.rows == [16, 13, 15, 11, 12, 14]
        await pilot.press("right")  # reference; a row without one comes last
        assert stage.rows == [13, 15, 11, 12, 14, 16]
        await pilot.press("right")  # base: wrong first
        assert stage.rows == [12, 14, 11, 13, 15, 16]
        await pilot.press("right")  # tuned
        assert stage.rows == [11, 14, 12, 13, 15, 16]
        await pilot.press("R")
        assert stage.rows == [12, 13, 11, 14, 15, 16]
        await pilot.press("right", "R")  # changes
        assert stage.rows == [14, 12, 11, 13, 15, 16]
        await pilot.press("right")
        assert stage.rows == [11, 12, 13, 14, 15, 16]
        await pilot.press("R")
        assert stage.rows == [16, 15, 14, 13, 12, 11]


async def test_the_chosen_row_is_shown_in_full_and_stays_chosen(tmp_path: Path) -> None:
    async with staged(tmp_path, CHIPS) as (pilot, stage):
        await pilot.press("j", "j", "j")
        await pilot.pause()
        assert "row 14" in stage.text()
        await pilot.press("i")
        await pilot.pause()
        assert "row 12" in stage.text()
        await pilot.press("w", "j", "a")
        await pilot.pause()
        row = stage.evaluations.query_one(BatchTable).row
        assert row is not None
        assert row.question.row == 14


async def test_a_row_is_asked_in_the_chat(tmp_path: Path) -> None:
    async with staged(tmp_path, CHIPS) as (pilot, stage):
        await pilot.press("j", "enter")
        await settled(pilot)
        assert not isinstance(stage.screen, BatchScreen)
        assert stage.engine.told == [("ask", CLOCK.format("RP2350"), "The RP2350 runs at up to 150 MHz.", 12)]


async def test_a_running_batch_fills_up_under_the_cursor(tmp_path: Path) -> None:
    running = replace(CHIPS, running=True, per_second=2.5)
    async with staged(tmp_path, running) as (pilot, stage):
        assert "▶" in stage.text()
        assert "2.5 a second, 1 s left" in stage.text()
        await pilot.press("j", "j", "j", "j", "j")
        late = replace(
            running.rows[5],
            answers=(running.rows[5].answers[0], Answered(6, "tuned", "Green, of course.")),
        )
        stage.pane.receive(replace(running, rows=(*running.rows[:5], late), answered=11))
        await pilot.pause()
        assert "Green, of course." in stage.text()
        assert "row 16" in stage.text()
        other = replace(running, batch=replace(running.batch, id="other-001"))
        stage.pane.receive(other)
        await pilot.pause()
        assert "other-001" not in stage.text(), "another batch goes on unseen"
        await pilot.press("s")
        assert stage.engine.told == [("stop evaluation",)]
        stage.pane.receive(replace(running, running=False, sentence="Stopped: the tuned server is gone; it can be …"))
        await pilot.pause()
        assert "! Stopped: the tuned server is gone" in stage.text()
        await pilot.press("c")
        await settled(pilot)
        assert stage.engine.told[-1] == ("resume", "pairs-001")


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("", "Evaluation pairs-001 is done. B shows it."),
        ("Stopped: tuned is gone.", "Stopped: tuned is gone. B shows it."),
    ],
)
async def test_the_end_of_a_batch_is_told_in_the_chat(tmp_path: Path, sentence: str, said: str) -> None:
    stage = BatchStage(tmp_path, BatchEngine(CHIPS))
    messages: list[object] = []
    async with stage.run_test(message_hook=messages.append) as pilot:
        stage.pane.receive(replace(CHIPS, running=True))
        await pilot.pause()
        assert posted(messages, Flashed) == []
        stage.pane.receive(replace(CHIPS, sentence=sentence))
        await pilot.pause()
        assert [each.text for each in posted(messages, Flashed)] == [said]


async def test_earlier_batches_are_listed_and_opened(tmp_path: Path) -> None:
    async with staged(tmp_path, CHIPS, OLDER) as (pilot, stage):
        await pilot.press("o")
        await settled(pilot)
        text = stage.text()
        assert "pairs-001" in text
        assert "switches-001" in text
        assert "tuned 0.0 %" in text
        await pilot.press("j", "enter")
        await settled(pilot)
        assert "switches-001" in stage.text()
        assert "Is it on?" in stage.text()
        await pilot.press("o")
        await settled(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert "Is it on?" in stage.text()
        await pilot.press("escape")
        await settled(pilot)
        assert not isinstance(stage.screen, BatchScreen)
        assert stage.engine.told == []


async def test_a_new_batch_is_started_from_the_form(tmp_path: Path) -> None:
    (tmp_path / "pairs.jsonl").write_text('{"prompt": "a?", "completion": "b"}\n')
    async with staged(tmp_path) as (pilot, stage):
        text = stage.text()
        assert "evaluate many rows" in text
        assert "pairs.jsonl" in text
        assert "base=base; tuned=tuned" in text
        stage.engine.batches.append(CHIPS)
        await pilot.press("down", "ctrl+u", *"24", "down", "end", *"; third=http://127.0.0.1:9,nearest=3", "ctrl+s")
        await settled(pilot)
        (plan,) = stage.engine.plans
        assert (plan.source, plan.rows) == ("pairs.jsonl", 24)
        assert plan.arms[2] == Arm("third", "http://127.0.0.1:9", examples=3, nearest=True)
        assert "pairs-001" in stage.text()


async def test_a_run_is_asked_with_its_own_model(tmp_path: Path) -> None:
    job = TrainingJob(name="x", dataset=DatasetSection(path="pairs.jsonl"))
    runs = [create_run(tmp_path, job).name for _ in range(2)]
    async with staged(tmp_path) as (pilot, stage):
        stage.engine.batches.append(CHIPS)
        await pilot.press("ctrl+u", *runs[0], "ctrl+s")
        await settled(pilot)
    (plan,) = stage.engine.plans
    assert (plan.source, plan.arms) == (runs[0], (Arm("base", "base"), Arm("tuned", runs[0])))


async def test_what_cannot_be_started_is_said_in_the_form(tmp_path: Path) -> None:
    async with staged(tmp_path, CHIPS) as (pilot, stage):
        await pilot.press("n")
        await settled(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "Type the id of a run, or the name of a file." in stage.text()
        stage.engine.trouble = InputError("There is no run here.")
        await pilot.press(*"x.jsonl", "ctrl+s")
        await settled(pilot)
        assert "There is no run here." in stage.text()
        await pilot.press("escape")
        await pilot.pause()
        assert "What is the maximum clock speed" in stage.text()


@pytest.mark.parametrize(("key", "ending"), [("h", "html"), ("c", "csv"), ("m", "md"), ("j", "jsonl")])
async def test_a_batch_is_exported(tmp_path: Path, key: str, ending: str) -> None:
    (tmp_path / f"pairs-001.{ending}").write_text("")
    async with staged(tmp_path, CHIPS) as (pilot, stage):
        await pilot.press("x", key)
        await settled(pilot)
        assert stage.engine.told == [("export", "pairs-001", f"pairs-001-2.{ending}")]
        assert f"Written to pairs-001-2.{ending}." in stage.text()
        await pilot.press("x", "escape", "d")
        await pilot.pause()
        assert stage.rows == [11, 12, 14]
        assert len(stage.engine.told) == 1


async def test_a_long_row_is_read_to_its_end(tmp_path: Path) -> None:
    long = "\n".join(f"line {number}" for number in range(80))
    batch = advanced(("Tell me all.", "All.", (long, "Nothing.")))
    async with staged(tmp_path, batch, size=(80, 24)) as (pilot, stage):
        assert "line 79" not in stage.text()
        await pilot.press("space", *["ctrl+d"] * 20)
        await pilot.pause()
        assert "Nothing." in stage.text()
        await pilot.press(*["ctrl+u"] * 20)
        await pilot.pause()
        assert "Tell me all." in stage.text()


async def test_hostile_text_is_shown_literally(tmp_path: Path) -> None:
    evil = "[red]x[/] \x1b[2J <b>\u202e\ttab"
    async with staged(tmp_path, advanced((evil, evil, (evil, "!" + evil)), arms=(Arm("a", "b"), Arm("c", "d")))) as (
        _,
        stage,
    ):
        text = stage.text()
        assert "[red]x[/]" in text
        assert "\x1b" not in text
        assert "\u202e" not in text


async def test_four_arms_fit_on_a_small_screen(tmp_path: Path) -> None:
    arms = tuple(Arm(name, name) for name in ("base", "tuned", "few", "near"))
    batch = advanced((CLOCK.format("RP2350"), "150 MHz", ("1 GHz", "150 MHz", "133 MHz", "150 MHz")), arms=arms)
    async with staged(tmp_path, batch, size=(80, 24)) as (pilot, stage):
        for name in ("base", "tuned", "few", "near"):
            assert name in stage.text()
        assert "few wrong" not in stage.text()
        await pilot.press("tab", "w")
        await pilot.pause()
        assert "few wrong" in stage.text()
        assert len(stage.rows) == 1
        await pilot.press("tab")
        await pilot.pause()
        assert stage.rows == []


async def test_ten_thousand_rows_draw_only_what_is_in_sight(tmp_path: Path) -> None:
    one = CHIPS.rows[0]
    rows = tuple(replace(one, question=replace(one.question, number=n, row=n)) for n in range(1, 10_001))
    batch = replace(CHIPS, rows=rows, batch=replace(CHIPS.batch, rows=len(rows)))
    async with staged(tmp_path, batch) as (pilot, stage):
        table = stage.evaluations.query_one(BatchTable)
        assert len(table.lines) <= 40
        await pilot.press("end")
        await pilot.pause()
        assert "row 10,000" in stage.text()
        await pilot.press("pageup", "home")
        await pilot.pause()
        assert "row 1 " in stage.text() or "row 1\n" in stage.text()


async def test_the_rows_shown_become_preference_pairs(tmp_path: Path) -> None:
    async with staged(tmp_path, CHIPS) as (pilot, stage):
        for key, said in (
            ("r", "1 preference pair added to preferences.jsonl."),
            ("a", "added to preferences.jsonl; 1 known already."),
        ):
            await pilot.press(key, "P")
            await settled(pilot)
            assert said in " ".join(stage.text().split())
    store = RowStore.open(tmp_path / "preferences.jsonl")
    assert look(store).name == "preference"
    answers = {row.question.text: [each.text for each in row.answers if each] for row in CHIPS.rows}
    for index in range(len(store)):
        values = store.row(index).values
        assert values is not None
        base, tuned = answers[values["prompt"]]
        verdict = next(row.verdict(0) for row in CHIPS.rows if row.question.text == values["prompt"])
        assert (values["chosen"], values["rejected"]) == ((base, tuned) if verdict == "right" else (tuned, base))
