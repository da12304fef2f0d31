"""Batches against real local servers: order, bounds, faults, stopping and going on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from data.errors import BurnishError, InputError
from engine.chat.sampling import Sampling
from engine.evaluation.asking import MOST_FAILURES
from engine.evaluation.batch import HEADER, QUESTIONS, RESULTS, evaluations_folder
from engine.evaluation.evaluator import BatchPlan, Evaluator
from engine.evaluation.export.writing import WRITERS, write_export
from engine.reports import BatchAdvanced, Report
from tests.engine.chat.scripted import DROP, HANG, status
from tests.engine.evaluation.answering import Answering, answering
from tests.waiting import wait_for

SPEEDS = {"RP2040": "133 MHz", "RP2350": "150 MHz", "ESP32": "240 MHz", "STM32F4": "168 MHz", "nRF52840": "64 MHz"}


def question(chip: str) -> str:
    return f"What is the maximum clock speed of the {chip}?"


def right(asked: str) -> str:
    """What the dataset says."""
    chip = next(each for each in SPEEDS if each in asked)
    return f"The {chip} runs at up to {SPEEDS[chip]}."


def dataset(workspace: Path, copies: int = 1) -> Path:
    """One row a chip; further copies ask with a number before the question."""
    path = workspace / "pairs.jsonl"
    rows = [
        {"instruction": f"{copy or ''} {question(chip)}".strip(), "input": "", "output": right(chip)}
        for copy in range(copies)
        for chip in SPEEDS
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


class Heard:
    """The reports of an evaluator."""

    def __init__(self) -> None:
        self.reports: list[BatchAdvanced] = []

    def __call__(self, report: Report) -> None:
        assert isinstance(report, BatchAdvanced)
        self.reports.append(report)

    @property
    def last(self) -> BatchAdvanced:
        return self.reports[-1]

    def said(self, arm: int) -> list[str | None]:
        """The answers of an arm by row; None where there is none."""
        answers = [row.answers[arm] for row in self.last.rows]
        return [None if answer is None or answer.error else answer.text for answer in answers]


async def ask(workspace: Path, *servers: Answering, heard: Heard | None = None, **settings: object) -> Heard:
    """Ask everything of servers called base, tuned, third; to the end."""
    heard = heard or Heard()
    evaluator = Evaluator(workspace, heard)
    arms = tuple(server.arm(name) for server, name in zip(servers, ("base", "tuned", "third"), strict=False))
    await evaluator.start(BatchPlan("pairs.jsonl", arms=arms, **settings))  # type: ignore[arg-type]
    await evaluator.ended()
    return heard


async def resume(workspace: Path, batch_id: str) -> Heard:
    heard = Heard()
    evaluator = Evaluator(workspace, heard)
    await evaluator.resume(batch_id)
    await evaluator.ended()
    return heard


async def until_kept(workspace: Path, answers: int) -> None:
    """Wait until so many answers of the first batch are on the disk."""
    results = evaluations_folder(workspace) / "pairs-001" / RESULTS
    kept = lambda: results.is_file() and results.read_bytes().count(b"\n") >= answers  # noqa: E731
    await asyncio.to_thread(wait_for, kept, what="answers on the disk")


def wrong_about(*chips: str) -> Callable[[str], str]:
    return lambda asked: "It runs at 9 MHz." if any(chip in asked for chip in chips) else right(asked)


async def test_every_arm_is_asked_every_row_and_judged(tmp_path: Path) -> None:
    dataset(tmp_path)
    async with answering(wrong_about("RP2040", "ESP32")) as base, answering(wrong_about("ESP32", "nRF52840")) as tuned:
        heard = await ask(tmp_path, base, tuned)
    last = heard.last
    assert not last.running
    assert (last.answered, last.failed, last.sentence) == (10, 0, "")
    assert sorted(base.asked) == sorted(tuned.asked) == sorted(map(question, SPEEDS))
    verdicts = [[row.verdict(arm) for row in last.rows] for arm in (0, 1)]
    assert verdicts == [
        ["wrong", "right", "wrong", "right", "right"],
        ["right", "right", "wrong", "right", "wrong"],
    ]
    assert [row.different for row in last.rows] == [True, False, False, False, True]
    assert [row.gained(1) for row in last.rows] == [True, False, False, False, False]
    assert [row.lost(1) for row in last.rows] == [False, False, False, False, True]
    regression = last.rows[4].compared[1]
    assert regression is not None
    assert regression.changes == ("64 MHz → 9 MHz",)
    pair = last.summary.pairs[0]
    assert (pair.changes.lost, pair.changes.gained, pair.different, pair.compared) == (1, 1, 2, 5)
    assert "Not enough evidence" in pair.sentence
    assert [arm.accuracy for arm in last.summary.arms] == [0.6, 0.6]
    low, high = last.summary.arms[0].interval
    assert 0.2 < low < 0.6 < high < 0.9


async def test_all_arms_get_the_same_sampling_and_the_same_prompt(tmp_path: Path) -> None:
    rows = [
        {
            "messages": [
                {"role": "system", "content": "Be short."},
                {"role": "user", "content": "Hello"},
                {"role": "assistant", "content": "Hi."},
                {"role": "user", "content": question("RP2350")},
                {"role": "assistant", "content": "150 MHz"},
            ]
        }
    ]
    (tmp_path / "pairs.jsonl").write_text(json.dumps(rows[0]) + "\n", encoding="utf-8")
    async with answering(right) as base, answering(right) as tuned:
        heard = await ask(tmp_path, base, tuned, sampling=Sampling(max_tokens=17, seed=5))
        assert base.requests == tuned.requests
    request = base.requests[0]
    assert request["messages"] == rows[0]["messages"][:4]
    assert (request["temperature"], request["seed"], request["max_tokens"]) == (0.0, 5, 17)
    assert heard.last.rows[0].question.reference == "150 MHz"
    assert heard.last.batch.sampling == Sampling(max_tokens=17, seed=5)


@pytest.mark.parametrize("at_once", [1, 3])
async def test_only_so_many_requests_are_in_flight_at_a_server(tmp_path: Path, at_once: int) -> None:
    dataset(tmp_path, 3)
    async with answering(right) as base, answering(right) as tuned:
        for server in (base, tuned):
            server.gate.clear()
        asking = asyncio.create_task(ask(tmp_path, base, tuned, at_once=at_once))
        for server in (base, tuned):
            await server.until(lambda server=server: server.at_once == at_once)
            # In the order of the file: nobody reads a table that fills up at random.
            assert set(server.asked) == {row.question.text for row in (await opened(tmp_path)).rows[:at_once]}
            server.gate.set()
        await asking
    assert (base.most, tuned.most) == (at_once, at_once)
    assert len(base.asked) == len(tuned.asked) == 15


async def opened(workspace: Path, batch_id: str = "pairs-001") -> BatchAdvanced:
    """A batch as its files tell."""
    return await Evaluator(workspace, Heard()).open(batch_id)


async def test_arms_at_one_address_share_its_requests(tmp_path: Path) -> None:
    dataset(tmp_path, 2)
    async with answering(right) as server:
        server.gate.clear()
        asking = asyncio.create_task(ask(tmp_path, server, server, at_once=2))
        await server.until(lambda: server.at_once == 2)
        server.gate.set()
        await asking
    assert server.most == 2
    assert len(server.asked) == 20


async def test_a_failed_request_is_kept_with_its_sentence_and_asked_again(tmp_path: Path) -> None:
    dataset(tmp_path)
    busy = status(429, json.dumps({"error": {"message": "slow down"}}))
    replies = {"RP2040": busy, "ESP32": status(500, "oops"), "STM32F4": DROP}
    async with (
        answering(right) as base,
        answering(lambda asked: next((each for chip, each in replies.items() if chip in asked), right(asked))) as tuned,
    ):
        heard = await ask(tmp_path, base, tuned)
        errors = [answer.error for row in heard.last.rows if (answer := row.answers[1]) is not None]
        assert (heard.last.answered, heard.last.failed) == (7, 3)
        assert [bool(error) for error in errors] == [True, False, True, True, False]
        assert "busy" in errors[0]
        assert "slow down" in errors[0]
        assert "status 500" in errors[2]
        assert "Tuned" in errors[3]
        assert heard.last.summary.arms[1].judged == 2, "a request that failed is no wrong answer"
        tuned.reply = right
        base.requests.clear()
        tuned.requests.clear()
        again = await resume(tmp_path, heard.last.batch.id)
        assert base.requests == []
        assert sorted(tuned.asked) == sorted(question(chip) for chip in replies)
    assert (again.last.answered, again.last.failed) == (10, 0)
    assert again.last.summary.arms[1].accuracy == 1
    assert (await opened(tmp_path)).rows == again.last.rows


async def test_a_server_that_dies_stops_the_batch_and_nothing_is_lost(tmp_path: Path) -> None:
    dataset(tmp_path, 4)
    heard = Heard()
    async with answering(right) as base:
        async with answering(right) as tuned:

            def dying(asked: str) -> object:
                if len(tuned.requests) < 7:
                    return right(asked)
                tuned.server.close()
                return DROP

            tuned.reply = dying
            port = tuned.port
            with pytest.raises(BurnishError, match=r"^Stopped: tuned is gone; .* can be resumed once it is back\.$"):
                await ask(tmp_path, base, tuned, heard=heard, at_once=2)
        assert heard.last.sentence.startswith("Stopped: tuned is gone")
        assert not heard.last.running
        kept = heard.last.answered
        assert 5 <= kept < 40
        assert (await opened(tmp_path)).rows == heard.last.rows
        with pytest.raises(BurnishError, match="does not answer"):
            await resume(tmp_path, "pairs-001")
        async with answering(right, port) as back:
            base.requests.clear()
            again = await resume(tmp_path, "pairs-001")
            assert len(base.asked) + len(back.asked) == 40 - kept
    assert (again.last.answered, again.last.failed) == (40, 0)


async def test_a_server_that_refuses_everything_stops_the_batch(tmp_path: Path) -> None:
    dataset(tmp_path, 6)
    async with answering(right) as base, answering(lambda _: status(401, "{}")) as tuned:
        with pytest.raises(BurnishError, match=rf"Stopped after {MOST_FAILURES} failed requests in a row .*API key"):
            await ask(tmp_path, base, tuned, at_once=1)
    assert len(tuned.asked) == MOST_FAILURES


async def test_a_batch_can_be_stopped_and_gone_on_with(tmp_path: Path) -> None:
    dataset(tmp_path, 3)
    heard = Heard()
    evaluator = Evaluator(tmp_path, heard)
    async with answering(right) as base, answering(lambda _: HANG) as tuned:
        plan = BatchPlan("pairs.jsonl", arms=(base.arm("base"), tuned.arm("tuned")))
        batch_id = await evaluator.start(plan)
        await until_kept(tmp_path, 15)
        await tuned.until(lambda: tuned.at_once == 4)
        with pytest.raises(InputError, match="at work"):
            await evaluator.start(plan)
        with pytest.raises(InputError, match="another screen or command"):
            await resume(tmp_path, batch_id)
        assert (await opened(tmp_path)).running
        evaluator.stop()
        await evaluator.ended()
        assert heard.last.sentence == "Stopped by you; it can be resumed."
        assert not (await opened(tmp_path)).running
        tuned.reply = right
        again = await resume(tmp_path, batch_id)
    assert (again.last.answered, len(base.asked)) == (30, 15)


async def test_a_torn_end_costs_one_answer(tmp_path: Path) -> None:
    dataset(tmp_path)
    async with answering(right) as base, answering(wrong_about("RP2350")) as tuned:
        heard = await ask(tmp_path, base, tuned)
        results = evaluations_folder(tmp_path) / "pairs-001" / RESULTS
        whole = results.read_bytes()
        lines = whole.splitlines(keepends=True)
        answers = [line for line in lines if b'"answered"' in line]
        results.write_bytes(b"".join(answers[:-1]) + answers[-1][:20] + b"\0\0")
        base.requests.clear()
        tuned.requests.clear()
        again = await resume(tmp_path, "pairs-001")
        assert len(base.asked) + len(tuned.asked) == 1
    assert [row.compared for row in again.last.rows] == [row.compared for row in heard.last.rows]
    assert [row.verdict(1) for row in again.last.rows] == [row.verdict(1) for row in heard.last.rows]


async def test_hostile_and_empty_answers_are_kept_as_they_are(tmp_path: Path) -> None:
    dataset(tmp_path)
    hostile = "[red]x[/] \x1b[2J\x1b]0;t\x07 <script>alert(1)</script> \u202e\ud83d \0 \n,=1+1" + "y" * 100_000
    replies = {"RP2040": hostile, "ESP32": ""}
    reply = lambda asked: next((each for chip, each in replies.items() if chip in asked), right(asked))  # noqa: E731
    async with answering(reply) as base, answering(reply) as tuned:
        heard = await ask(tmp_path, base, tuned)
    assert heard.said(0)[2] == ""
    assert heard.last.rows[2].verdict(0) == "unclear"
    kept = await opened(tmp_path)
    assert kept.rows == heard.last.rows
    said = kept.rows[0].answers[0]
    assert said is not None
    assert said.text.startswith("[red]x[/] \x1b[2J")
    assert len(said.text) == len(hostile)


async def test_no_key_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUNED_KEY", "sk-very-secret")
    dataset(tmp_path)
    heard = Heard()
    async with answering(right) as base, answering(right) as tuned:
        evaluator = Evaluator(tmp_path, heard)
        arms = (base.arm("base"), tuned.arm("tuned", key_env="TUNED_KEY"))
        await evaluator.start(BatchPlan("pairs.jsonl", arms=arms))
        await evaluator.ended()
        assert all("sk-very-secret" in each for each in tuned.headers)
    folder = evaluations_folder(tmp_path) / heard.last.batch.id
    assert {each.name for each in folder.iterdir()} == {HEADER, QUESTIONS, RESULTS}
    for each in folder.iterdir():
        assert b"sk-very-secret" not in each.read_bytes()
    assert "TUNED_KEY" in (folder / HEADER).read_text()
    assert "sk-very-secret" not in repr(heard.reports)
    for ending in WRITERS:
        write_export(heard.last, tmp_path / f"export{ending}")
        assert b"sk-very-secret" not in (tmp_path / f"export{ending}").read_bytes()


async def test_an_arm_with_examples_takes_them_from_what_is_asked(tmp_path: Path) -> None:
    dataset(tmp_path)
    async with answering(right) as base, answering(right) as tuned:
        evaluator = Evaluator(tmp_path, Heard())
        arms = (base.arm("base"), tuned.arm("few-shot", examples=2))
        await evaluator.start(BatchPlan("pairs.jsonl", 1, arms))
        await evaluator.ended()
    assert [len(request["messages"]) for request in (base.requests[0], tuned.requests[0])] == [1, 5]
    assert right("RP2040") not in json.dumps(tuned.requests[0]), "its own row is left out"
