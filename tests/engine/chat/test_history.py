"""The history of questions: written as they are asked, found again after a crash, reopened with their marks."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from engine.chat.arms import Arm
from engine.chat.comparison import Comparer
from engine.chat.history import CHATS, keep, matching, past_exchanges
from engine.chat.question import Question, Turn
from engine.chat.sampling import Sampling
from engine.reports import Answer, AnswersAdvanced, AnswerSet, Failed, Report, waiting_for
from tests.engine.chat.scripted import DONE, HANG, event, model_server

ARMS = (Arm("base", "base"), Arm("box", "http://127.0.0.1:1#qwen", key_env="BOX_KEY", examples=3, nearest=True))


def exchange(prompt: str, *texts: str, **settings: object) -> AnswersAdvanced:
    question = Question(prompt, "150 MHz", 41, ARMS, **settings)  # type: ignore[arg-type]
    answers = tuple(
        Answer(arm.name, text, True, None, 7, 40, 0.1, 40.0, "stop") for arm, text in zip(ARMS, texts, strict=True)
    )
    return AnswersAdvanced(question, (AnswerSet(answers, (None,)),) * question.sampling.n)


def test_an_exchange_comes_back_whole_and_with_its_marks(tmp_path: Path) -> None:
    earlier = (Turn("Which chip?", ("RP2350", "RP2040")),)
    sampling = Sampling(temperature=0.7, seed=None, n=2)
    kept = exchange(
        "How fast?", "1.15 GHz", "150 MHz\x1b[0m \ud800", sampling=sampling, system="Brief.", earlier=earlier
    )
    keep(tmp_path, kept)
    [past] = past_exchanges(tmp_path)
    assert past.question == kept.question
    assert past.samples == tuple(sample.answers for sample in kept.samples)
    first, last = past.opened()
    assert [answer.text for answer in first.answers] == ["RP2350", "RP2040"]
    assert last.comparisons[0] is not None
    assert [fact.standing for fact in last.comparisons[0].a] == ["disagrees"]
    assert last.done


def test_the_last_line_of_an_exchange_counts_and_a_question_without_answers_is_kept(tmp_path: Path) -> None:
    begun = exchange("How fast?", "", "")
    keep(tmp_path, begun)
    assert [answer.text for answer in past_exchanges(tmp_path)[0].samples[0]] == ["", ""]
    keep(tmp_path, AnswersAdvanced(begun.question, exchange("How fast?", "a", "b").samples))
    keep(tmp_path, exchange("Newer?", "c", "d"))
    assert [past.question.prompt for past in past_exchanges(tmp_path)] == ["Newer?", "How fast?"]
    assert past_exchanges(tmp_path)[1].samples[0][0].text == "a"


def test_what_a_crash_left_harms_neither_earlier_nor_later_lines(tmp_path: Path) -> None:
    keep(tmp_path, exchange("First?", "a", "b"))
    [file] = (tmp_path / CHATS).iterdir()
    with file.open("ab") as torn:
        torn.write(b'{"t": 1, "exch\x00\x00')
    keep(tmp_path, exchange("Second?", "a", "b"))
    with file.open("ab") as odd:
        odd.write(b'7\n{}\n{"t": 1, "exchange": "x", "arms": ["nonsense"], "earlier": [], "samples": []}\n{"half')
    assert {past.question.prompt for past in past_exchanges(tmp_path)} == {"First?", "Second?"}


def test_words_are_looked_for_in_questions_and_answers(tmp_path: Path) -> None:
    keep(tmp_path, exchange("How fast?", "1.15 GHz", "150 MHz"))
    keep(tmp_path, exchange("How large?", "264 KB", "520 KB"))
    exchanges = past_exchanges(tmp_path)
    assert [past.question.prompt for past in matching(exchanges, "how GHZ")] == ["How fast?"]
    assert len(matching(exchanges, "")) == 2
    assert matching(exchanges, "slow") == []


async def test_what_is_asked_is_kept_without_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOX_KEY", "sk-very-secret")
    async with model_server(event("150 MHz", tokens=2), event(tokens=2, finish="stop"), DONE) as server:
        arm = Arm("box", f"http://127.0.0.1:{server.port}", key_env="BOX_KEY")
        await Comparer(tmp_path, lambda _: None).ask(Question("How fast?", "150 MHz", arms=(arm,)))
        assert "sk-very-secret" in server.headers[0]
    [past] = past_exchanges(tmp_path)
    assert (past.samples[0][0].text, past.samples[0][0].verdict) == ("150 MHz", "right")
    assert all(b"sk-very-secret" not in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


async def test_who_leaves_in_mid_answer_finds_its_text_again(tmp_path: Path) -> None:
    came = asyncio.Event()
    async with model_server(event("150", tokens=1), HANG) as server:
        comparer = Comparer(tmp_path, lambda report: came.set() if "150" in str(report) else None)
        asked = asyncio.create_task(comparer.ask(Question("How fast?", arms=(server.arm("base"),))))
        await asyncio.wait_for(came.wait(), 120)
        asked.cancel()
        await asyncio.wait([asked])
        comparer.stop()
    assert past_exchanges(tmp_path)[0].samples[0][0].text == "150"


async def test_a_history_that_cannot_be_written_does_not_keep_from_asking(tmp_path: Path) -> None:
    (tmp_path / ".burnish").write_text("in the way")
    reports: list[Report] = []
    async with model_server(event("150 MHz", tokens=2), event(tokens=2, finish="stop"), DONE) as server:
        await Comparer(tmp_path, reports.append).ask(Question("How fast?", arms=(server.arm("base"),)))
    assert any(isinstance(each, AnswersAdvanced) and each.answers[0].text == "150 MHz" for each in reports)
    [first, *_] = [each for each in reports if isinstance(each, Failed)]
    assert "not kept in the history" in first.sentence


def test_a_question_just_asked_can_be_kept(tmp_path: Path) -> None:
    keep(tmp_path, waiting_for(Question("How fast?", sampling=Sampling(temperature=1, n=3))))
    assert len(past_exchanges(tmp_path)[0].samples) == 3
