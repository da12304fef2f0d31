"""Votes, open and blind, preference pairs and corrections: with keys only, down to the files that they leave."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from data.errors import InputError
from data.facts import compare
from data.formats.conversation import Conversation
from data.formats.detect import look
from data.store import RowStore
from engine.chat.arms import Arm
from engine.chat.votes import read_votes
from engine.reports import AnswerSet
from tests.tui.compare.stage import (
    BASE,
    QUESTION,
    REFERENCE,
    SIZES,
    TUNED,
    Stage,
    answers,
    posted,
    said,
    servers,
    shown,
)
from tests.waiting import workers_end
from tui.compare.blind import Veil
from tui.compare.exchange import Exchange
from tui.messages import FileWritten, Flashed

NAMES = ("base", "tuned", "smollm2", "lora-1")
PAIR = {"prompt": QUESTION, "chosen": TUNED, "rejected": BASE}


@asynccontextmanager
async def asked(
    workspace: Path, *keys: str, size: tuple[int, int] = (120, 40), messages: list[object] | None = None
) -> AsyncIterator[tuple[Stage, Pilot[int]]]:
    """A question with both answers, asked after some keys."""
    async with Stage(workspace).run_test(
        size=size, message_hook=([] if messages is None else messages).append
    ) as pilot:
        stage = await shown(pilot, servers())
        await pilot.press(*keys)
        await ask(stage, pilot)
        yield stage, pilot


async def ask(stage: Stage, pilot: Pilot[int], question: str = QUESTION) -> None:
    """Ask, and hear both answers."""
    stage.pane.ask(question, REFERENCE, 41)
    (sample,) = answers().samples
    heard = replace(answers(), question=stage.engine.questions[-1], samples=(sample,))
    await shown(pilot, heard)


async def settle(pilot: Pilot[int]) -> None:
    """Let what writes files come to its end."""
    await workers_end(pilot)


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def sides(stage: Stage) -> tuple[str, ...]:
    """The answers from left to right."""
    return tuple(body.text for body in stage.bodies)


# -- votes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_a_vote_is_kept_becomes_a_pair_and_is_counted(tmp_path: Path, size: tuple[int, int]) -> None:
    async with asked(tmp_path, size=size) as (stage, pilot):
        await pilot.press("v")
        assert "a base" in stage.text()
        assert "b tuned" in stage.text()
        await pilot.press("b")
        await settle(pilot)
        text = " ".join(stage.text().split())
        assert "votes open: tuned preferred to base in 1 of 1 (21 to 100 %); not enough evidence" in text
        assert stage.focused is stage.pane
    (vote,) = read_votes(tmp_path)
    assert (vote.choice, vote.blind, vote.answers.a.who, vote.answers.b.who) == (
        "B",
        False,
        ("base", "smollm2"),
        ("tuned", "lora-1"),
    )
    path = tmp_path / "preferences.jsonl"
    assert rows(path) == [PAIR]
    assert look(RowStore.open(path)).name == "preference"


@pytest.mark.parametrize(("key", "choice"), [("t", "tie"), ("x", "both bad")])
async def test_no_pair_follows_from_a_tie_or_two_bad_answers(tmp_path: Path, key: str, choice: str) -> None:
    async with asked(tmp_path) as (stage, pilot):
        await pilot.press("v", key)
        await settle(pilot)
        assert "none says which is better" in stage.text()
    assert [vote.choice for vote in read_votes(tmp_path)] == [choice]
    assert not (tmp_path / "preferences.jsonl").exists()


async def test_another_vote_on_the_same_answers_takes_the_place_of_the_first(tmp_path: Path) -> None:
    async with asked(tmp_path) as (stage, pilot):
        await pilot.press("v", "b")
        await settle(pilot)
        await pilot.press("v", "a")
        await settle(pilot)
        assert "tuned preferred to base in 0 of 1" in " ".join(stage.text().split())
    assert rows(tmp_path / "preferences.jsonl") == [{"prompt": QUESTION, "chosen": BASE, "rejected": TUNED}]


async def test_a_vote_can_be_left_and_is_not_offered_before_both_have_answered(tmp_path: Path) -> None:
    async with asked(tmp_path) as (stage, pilot):
        await pilot.press("v", "escape", "v", "v")
        assert stage.focused is stage.pane
        assert "which is better" not in stage.text()
        stage.pane.ask(QUESTION)
        await shown(pilot, replace(answers(done=False), question=stage.engine.questions[-1]))
        await pilot.press("v")
        assert "which is better" not in stage.text()
    assert read_votes(tmp_path) == []


async def test_what_was_told_of_the_votes_goes_with_the_next_question(tmp_path: Path) -> None:
    async with asked(tmp_path) as (stage, pilot):
        await pilot.press("v", "b")
        await settle(pilot)
        assert "votes  open" in stage.text()
        await ask(stage, pilot, "Another?")
        assert "votes  open" not in stage.text()


async def test_a_vote_that_cannot_be_kept_says_so(tmp_path: Path) -> None:
    (tmp_path / ".burnish").write_text("in the way")
    messages: list[object] = []
    async with asked(tmp_path, messages=messages) as (_, pilot):
        await pilot.press("v", "b")
        await settle(pilot)
        assert any("The vote was not kept" in each.text for each in posted(messages, Flashed))


async def test_with_three_sides_a_vote_is_of_the_first_and_the_one_in_focus(tmp_path: Path) -> None:
    arms = (Arm("base", "base"), Arm("tuned", "tuned"), Arm("other", "http://127.0.0.1:9"))
    async with Stage(tmp_path).run_test(size=(120, 40)) as pilot:
        stage = await shown(pilot, servers())
        stage.pane.arms = arms
        stage.pane.ask(QUESTION)
        await shown(pilot, said(stage.engine.questions[-1], BASE, TUNED, "It depends."))
        await pilot.press("right", "v", "b")
        await settle(pilot)
    (vote,) = read_votes(tmp_path)
    assert (vote.answers.a.text, vote.answers.b.text, vote.answers.b.who) == (
        BASE,
        "It depends.",
        ("other", "http://127.0.0.1:9"),
    )


async def test_sides_that_said_different_things_before_make_no_pair(tmp_path: Path) -> None:
    async with asked(tmp_path) as (stage, pilot):
        await pilot.press("f", *"Why?", "enter")
        await shown(pilot, said(stage.engine.questions[-1], "Because.", "It is so."))
        await pilot.press("v", "a")
        await settle(pilot)
        assert "the two sides said different things before" in " ".join(stage.text().split())
    (vote,) = read_votes(tmp_path)
    assert [turn.text for turn in vote.answers.turns] == [QUESTION, BASE, "Why?"]
    assert not (tmp_path / "preferences.jsonl").exists()


# -- blind --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_a_blind_screen_names_no_side_until_the_vote(tmp_path: Path, size: tuple[int, int]) -> None:
    async with asked(tmp_path, "b", size=size) as (stage, pilot):
        text = stage.text()
        assert not [name for name in NAMES if name in text], text
        for figure in ("tok/s", "first 0.1", "21 tokens", "18 tokens", "vLLM", "ready"):
            assert figure not in text
        assert re.search(r"^ ?A\b", text, re.MULTILINE)
        await pilot.press("v")
        assert not [name for name in NAMES if name in stage.text()]
        first = sides(stage)[0]
        await pilot.press("a")
        await settle(pilot)
        text = " ".join(stage.text().split())
        named = "base (smollm2), B tuned (lora-1)" if first == BASE else "tuned (lora-1), B base (smollm2)"
        assert f"A was {named}. blind: tuned preferred to base in {int(first == TUNED)} of 1" in text
        assert sides(stage) == (BASE, TUNED), "after the vote each is in its place again"
    (vote,) = read_votes(tmp_path)
    assert (vote.blind, vote.choice, vote.answers.a.text) == (True, "A", first)
    (row,) = rows(tmp_path / "preferences.jsonl")
    assert row["chosen"] == first


async def test_the_order_is_one_of_chance_and_stays(tmp_path: Path) -> None:
    async with asked(tmp_path, "b") as (stage, pilot):
        orders: list[tuple[str, ...]] = []
        for _ in range(24):
            await ask(stage, pilot)
            orders.append(sides(stage))
            await pilot.press("d", "d", "tab", "escape")
            await pilot.resize_terminal(119, 40)
            await pilot.resize_terminal(120, 40)
            assert sides(stage) == orders[-1]
        assert set(orders) == {(BASE, TUNED), (TUNED, BASE)}


async def test_blind_facts_are_those_of_the_sides_as_they_stand(tmp_path: Path) -> None:
    async with asked(tmp_path, "b") as (stage, pilot):
        seen: set[tuple[str, ...]] = set()
        while len(seen) < 2:
            await ask(stage, pilot)
            shown_now = sides(stage)
            seen.add(shown_now)
            turned = compare(*shown_now, question=QUESTION, reference=REFERENCE)
            assert stage.pane.seen[0].shown == AnswerSet(stage.pane.seen[0].answers, (turned,))
            right = "A" if shown_now[0] == TUNED else "B"
            assert f"{right} agrees with the dataset" in stage.text()
            assert ("150 MHz ≠ 1.15 GHz" if right == "A" else "1.15 GHz ≠ 150 MHz") in stage.text()


async def test_an_error_a_warning_and_the_clipboard_tell_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []

    async def copy(app: object, text: str) -> str:
        copied.append(text)
        return "sent to the terminal's clipboard"

    monkeypatch.setattr("tui.compare.reading.send_to_clipboard", copy)
    async with asked(tmp_path, "b") as (stage, pilot):
        stage.pane.ask(QUESTION)
        heard = answers(error="The tuned server stopped answering.", warning="The tuned side got another prompt.")
        await shown(pilot, replace(heard, question=stage.engine.questions[-1]))
        text = stage.text()
        assert "shown after the vote" in " ".join(text.split())
        assert not [name for name in NAMES if name in text], text
        await pilot.press("y")
        await pilot.pause()
        assert not [name for name in NAMES if name in copied[0].replace(BASE, "").replace(TUNED, "")]


async def test_what_was_seen_with_names_is_not_hidden_again(tmp_path: Path) -> None:
    async with asked(tmp_path) as (stage, pilot):
        await pilot.press("b")
        assert "tuned" in stage.text()
        await pilot.press("v", "b")
        await settle(pilot)
        await ask(stage, pilot)
        assert "tuned" not in stage.text()
        await pilot.press("b")
        assert "tuned" in stage.text()
        await pilot.press("b")
        assert "tuned" in stage.text()
    assert [vote.blind for vote in read_votes(tmp_path)] == [False]


# -- pairs of the reference -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [(), ("b",)])
async def test_the_dataset_chooses_a_pair(tmp_path: Path, keys: tuple[str, ...]) -> None:
    messages: list[object] = []
    async with asked(tmp_path, *keys, messages=messages) as (stage, pilot):
        await pilot.press("P")
        await settle(pilot)
        assert bool(keys) != ("tuned" in stage.text()), "it tells nothing of who is who"
        assert any("row 1" in each.text for each in posted(messages, Flashed))
    assert rows(tmp_path / "preferences.jsonl") == [PAIR]
    assert read_votes(tmp_path) == []


async def test_no_pair_is_offered_where_the_dataset_does_not_decide(tmp_path: Path) -> None:
    async with asked(tmp_path) as (stage, pilot):
        for heard in (answers(reference=None), answers(tuned=BASE)):
            stage.pane.ask(QUESTION)
            await shown(pilot, replace(heard, question=replace(stage.engine.questions[-1], reference=None)))
            await pilot.press("P")
            await settle(pilot)
    assert not (tmp_path / "preferences.jsonl").exists()


# -- corrections ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_an_answer_is_put_right_into_a_new_file(tmp_path: Path, size: tuple[int, int]) -> None:
    messages: list[object] = []
    async with asked(tmp_path, size=size, messages=messages) as (stage, pilot):
        await pilot.press("C")
        await pilot.pause()
        text = stage.text()
        assert "put right what base said" in text
        assert QUESTION in text
        assert "corrections.jsonl" in text
        await pilot.press("!", "ctrl+s")
        await settle(pilot)
        assert stage.focused is stage.pane
        assert any(each.text.endswith("is row 1 of corrections.jsonl.") for each in posted(messages, Flashed))
    (row,) = rows(tmp_path / "corrections.jsonl")
    assert row == {
        "messages": [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": f"{REFERENCE}!"}]
    }


async def test_a_correction_goes_into_any_file_in_its_format(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text('{"instruction": "a?", "output": "b"}\n')
    async with asked(tmp_path) as (stage, pilot):
        await pilot.press("c", "tab", "ctrl+u", *"mine.jsonl", "ctrl+s")
        await settle(pilot)
        assert "put right" not in stage.text()
    assert rows(path)[1] == {"instruction": QUESTION, "output": REFERENCE}


async def test_a_correction_that_cannot_be_written_keeps_what_was_typed(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    path.write_text('{"prompt": "a?", "chosen": "b", "rejected": "c"}\n')
    editing = RowStore.open(path, journals=tmp_path / ".burnish" / "journals")
    editing.set_field(0, "chosen", "d")
    async with asked(tmp_path) as (stage, pilot):
        await pilot.press("c", "!", "ctrl+s")
        await settle(pilot)
        assert "has unsaved edits" in stage.text()
        assert f"{REFERENCE}!" in stage.text()
        editing.save()
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert rows(path)[1] == {"prompt": QUESTION, "chosen": f"{REFERENCE}!", "rejected": TUNED}


async def test_leaving_or_an_empty_field_adds_nothing(tmp_path: Path) -> None:
    async with asked(tmp_path) as (stage, pilot):
        await pilot.press("c", "escape")
        assert stage.focused is stage.pane
        await pilot.press("c", "ctrl+u", "ctrl+s")
        assert "The right answer is empty." in stage.text()
        await pilot.press("escape")
    assert not (tmp_path / "corrections.jsonl").exists()


class OpenFile:
    """Stands for the dataset pane."""

    def __init__(self, path: Path) -> None:
        self.path: Path | None = path
        self.taken: list[Conversation] = []
        self.refusal = ""

    def take(self, said: Conversation) -> str:
        """Write it down."""
        if self.refusal:
            raise InputError(self.refusal)
        self.taken.append(said)
        return "The corrected answer is row 7 of mine.jsonl."


async def test_the_file_that_is_open_gets_the_row_itself(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text('{"instruction": "a?", "output": "b"}\n')
    before, dataset, messages = path.read_bytes(), OpenFile(path), list[object]()
    async with asked(tmp_path, messages=messages) as (stage, pilot):
        stage.pane.set_dataset(dataset)
        dataset.refusal = "mine.jsonl holds stories."
        await pilot.press("c")
        assert "mine.jsonl" in stage.text()
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "holds stories" in stage.text()
        dataset.refusal = ""
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert any("row 7 of mine.jsonl" in each.text for each in posted(messages, Flashed))
        await pilot.press("v", "b")
        await settle(pilot)
    (said_there,) = dataset.taken
    assert [turn.text for turn in said_there.turns] == [QUESTION]
    assert path.read_bytes() == before
    assert [each.path for each in posted(messages, FileWritten)] == [tmp_path / "preferences.jsonl"]


async def test_a_blind_correction_names_no_side(tmp_path: Path) -> None:
    async with asked(tmp_path, "b") as (stage, pilot):
        await pilot.press("c")
        await pilot.pause()
        assert re.search(r"put right what [AB] said", stage.text())
        assert not [name for name in NAMES if name in stage.text()]


async def test_the_history_names_the_sides_and_waits_for_the_vote(tmp_path: Path) -> None:
    async with asked(tmp_path, "b") as (stage, pilot):
        await pilot.press("slash")
        await pilot.pause()
        assert "the history" not in stage.text()
        await pilot.press("v", "t")
        await settle(pilot)
        await pilot.press("slash")
        await settle(pilot)
        assert "the history" in stage.text()
        await pilot.press("escape")


def test_the_draw_is_even_and_stays_and_what_was_shown_is_not_hidden() -> None:
    veil, orders = Veil(), list[tuple[int, int]]()
    veil.switch()
    for number in range(200):
        question = replace(answers().question, exchange=str(number))
        exchange = Exchange().after(replace(answers(), question=question))
        assert not veil.hides(exchange)
        assert veil.order(exchange) == (0, 1)
        veil.cover(question)
        assert veil.hiding
        assert veil.hides(exchange)
        orders.append(veil.order(exchange))
        assert veil.order(exchange) == orders[-1]
        veil.reveal(exchange)
        assert not veil.hiding
        assert veil.order(exchange) == (0, 1)
    assert 60 < orders.count((0, 1)) < 140
    veil.cover(replace(answers().question, exchange="later"))
    veil.switch()
    veil.switch()
    assert not veil.hiding, "it was shown when it was switched off"
