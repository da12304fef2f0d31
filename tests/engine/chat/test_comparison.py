"""One question to several arms: what is reported, and that a side that fails takes nothing from the others."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from data.errors import InputError
from engine.chat.answering import STOPPED
from engine.chat.arms import Arm
from engine.chat.comparison import Comparer
from engine.chat.question import Question, Turn
from engine.chat.sampling import Sampling
from engine.reports import AnswersAdvanced, Failed, Report
from tests.engine.chat.scripted import DONE, DROP, HANG, event, model_server, status

PROMPT = "What is the maximum clock speed of the RP2350?"


class Told:
    """What was reported, and a comparer that reports here."""

    def __init__(self, workspace: Path) -> None:
        self.reports: list[AnswersAdvanced] = []
        self.comparer = Comparer(workspace, self._take)
        self._came = asyncio.Event()

    def _take(self, report: Report) -> None:
        assert isinstance(report, AnswersAdvanced)
        self.reports.append(report)
        self._came.set()

    @property
    def last(self) -> AnswersAdvanced:
        return self.reports[-1]

    async def until(self, holds: Callable[[AnswersAdvanced], object]) -> None:
        """Wait for a report of which this holds."""
        async with asyncio.timeout(120):
            while not self.reports or not holds(self.last):
                self._came.clear()
                await self._came.wait()


def saying(text: str, *, tokens: int = 3) -> tuple[bytes, ...]:
    return (event(text, tokens=tokens), event("", tokens=tokens, finish="stop"), DONE)


async def test_each_further_arm_is_compared_with_the_first(tmp_path: Path) -> None:
    told = Told(tmp_path)
    async with (
        model_server(*saying("It runs at 1.15 GHz.")) as base,
        model_server(*saying("It runs at 150 MHz.")) as tuned,
        model_server(*saying("It runs at 1150 MHz.")) as third,
    ):
        arms = (base.arm("base"), tuned.arm("tuned"), third.arm("few-shot"))
        await told.comparer.ask(Question(PROMPT, "150 MHz", 41, arms))
    last = told.last
    assert last.done
    assert [answer.arm for answer in last.answers] == ["base", "tuned", "few-shot"]
    assert [answer.verdict for answer in last.answers] == ["wrong", "right", "wrong"]
    assert [comparison and comparison.agrees for comparison in last.comparisons] == ["B", "neither"]
    assert [comparison and comparison.label for comparison in last.comparisons] == ["different", "same"]
    assert last.prompt_checked
    assert last.prompt_warning is None


async def test_a_single_arm_is_judged_alone(tmp_path: Path) -> None:
    told = Told(tmp_path)
    async with model_server(*saying("It runs at 1.15 GHz.")) as base:
        await told.comparer.ask(Question(PROMPT, "150 MHz", arms=(base.arm("base"),)))
    [comparison] = told.last.comparisons
    assert comparison is not None
    assert (comparison.agrees, comparison.b) == ("neither", ())
    assert [fact.standing for fact in comparison.a] == ["disagrees"]


async def test_different_prompts_are_told(tmp_path: Path) -> None:
    told = Told(tmp_path)
    async with model_server(*saying("a")) as base, model_server(*saying("b"), tokens=(1, 2, 9)) as tuned:
        await told.comparer.ask(Question(PROMPT, arms=(base.arm("base"), tuned.arm("tuned"))))
    assert not told.last.prompt_checked
    assert told.last.prompt_warning is not None
    assert "different from token 3 on" in told.last.prompt_warning


async def test_the_first_words_are_reported_before_anything_else_comes(tmp_path: Path) -> None:
    told, more = Told(tmp_path), asyncio.Event()
    async with model_server(event("150", tokens=1), more, *saying(" MHz")) as base:
        asked = asyncio.create_task(told.comparer.ask(Question(PROMPT, arms=(base.arm("base"),))))
        await told.until(lambda report: report.answers[0].text == "150")
        more.set()
        await asked
    assert told.last.answers[0].text == "150 MHz"


async def test_a_number_is_not_judged_before_its_unit_has_come(tmp_path: Path) -> None:
    told, more = Told(tmp_path), asyncio.Event()
    async with (
        model_server(event("It runs at 150", tokens=1), more, *saying(" MHz.")) as base,
        model_server(*saying("It runs at 150 MHz.")) as tuned,
    ):
        question = Question(PROMPT, "150 MHz", arms=(base.arm("base"), tuned.arm("tuned")))
        asked = asyncio.create_task(told.comparer.ask(question))
        await told.until(lambda report: report.answers[0].text and report.answers[1].done)
        more.set()
        await asked
    disagreeing = [
        fact
        for report in told.reports
        for comparison in report.comparisons
        if comparison
        for fact in (*comparison.a, *comparison.b)
        if fact.standing == "disagrees"
    ]
    assert disagreeing == []


@pytest.mark.parametrize(
    ("script", "kept", "words"),
    [
        ((event("It runs at", tokens=3), DROP), "It runs at", "in the middle of its answer"),
        ((event("It runs at", tokens=3), b"data: {half\n\n"), "It runs at", "no chat stream"),
        ((status(400, '{"error": {"message": "maximum context length is 2048"}}'),), "", "too long"),
        ((status(404, "no"),), "", "does not serve"),
        ((status(429, "slow down"),), "", "busy"),
        ((status(500, "no"),), "", "status 500"),
        ((event(tokens=1, finish="stop"), DONE), "", "empty answer"),
    ],
)
async def test_a_side_that_fails_keeps_its_text_and_the_other_goes_on(
    tmp_path: Path, script: tuple[object, ...], kept: str, words: str
) -> None:
    told = Told(tmp_path)
    async with model_server(*script) as base, model_server(*saying("It runs at 150 MHz.")) as tuned:
        await told.comparer.ask(Question(PROMPT, arms=(base.arm("base"), tuned.arm("tuned"))))
    failed, fine = told.last.answers
    assert (failed.text, failed.done, fine.text, fine.error) == (kept, True, "It runs at 150 MHz.", None)
    assert failed.error is not None
    assert words in failed.error
    assert "\n" not in failed.error


async def test_a_server_that_is_not_there_is_one_side_only(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        told = Told(tmp_path)
        async with model_server(*saying("150 MHz")) as base:
            nobody = Arm("nobody", f"http://127.0.0.1:{unused.getsockname()[1]}")
            await told.comparer.ask(Question(PROMPT, arms=(nobody, Arm("tuned", "tuned"), base.arm("base"))))
    errors = [answer.error for answer in told.last.answers]
    assert errors[0] is not None
    assert "does not answer" in errors[0]
    assert errors[1] == "The tuned server is not running; start the servers first."
    assert errors[2] is None


async def test_one_side_is_asked_again_and_the_other_stays(tmp_path: Path) -> None:
    told = Told(tmp_path)
    async with (
        model_server(event("It", tokens=1), DROP) as dying,
        model_server(*saying("It runs at 150 MHz.")) as tuned,
    ):
        await told.comparer.ask(Question(PROMPT, arms=(dying.arm("base"), tuned.arm("tuned"))))
        broken = told.last
        await told.comparer.ask_again(broken, 1)
        assert len(dying.requests) == 1
        assert len(tuned.requests) == 2
    assert told.last.exchange == broken.exchange
    assert told.last.answers[0] == broken.answers[0]
    assert told.last.answers[1].text == "It runs at 150 MHz."
    assert told.last.comparisons[0] is not None


async def test_a_side_that_begins_anew_has_no_marks_of_what_it_said_before(tmp_path: Path) -> None:
    told = Told(tmp_path)
    async with (
        model_server(event("It runs at 1.15 GHz.", tokens=1), DROP) as dying,
        model_server(*saying("It runs at 150 MHz.")) as tuned,
    ):
        await told.comparer.ask(Question(PROMPT, arms=(dying.arm("base"), tuned.arm("tuned"))))
        assert told.last.comparisons[0] is not None
        before = len(told.reports)
        await told.comparer.ask_again(told.last, 0)
    begun = [report for report in told.reports[before:] if not report.answers[0].text]
    assert begun
    assert all(report.comparisons == (None,) for report in begun)


async def test_a_comparison_that_takes_long_holds_up_no_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.chat.comparing.AT_ONCE", 0.0)
    told, more = Told(tmp_path), asyncio.Event()
    async with (
        model_server(event("It runs at 1.15 GHz. ", tokens=3), more, *saying("Surely.")) as base,
        model_server(*saying("It runs at 150 MHz.")) as tuned,
    ):
        asked = asyncio.create_task(told.comparer.ask(Question(PROMPT, arms=(base.arm("base"), tuned.arm("tuned")))))
        await told.until(lambda report: report.answers[0].text and report.comparisons[0])
        more.set()
        await asked
    assert told.last.answers[0].text == "It runs at 1.15 GHz. Surely."
    assert told.last.comparisons[0] is not None
    assert told.last.comparisons[0].label == "different"


async def test_one_side_is_stopped_and_all_of_them(tmp_path: Path) -> None:
    told = Told(tmp_path)
    async with (
        model_server(event("It runs", tokens=2), HANG) as base,
        model_server(event("It has", tokens=2), HANG) as tuned,
    ):
        asked = asyncio.create_task(told.comparer.ask(Question(PROMPT, arms=(base.arm("base"), tuned.arm("tuned")))))
        await told.until(lambda report: all(answer.text for answer in report.answers))
        told.comparer.stop(1)
        await told.until(lambda report: report.answers[1].done)
        await asyncio.wait_for(tuned.closed.wait(), 120)
        assert not told.last.answers[0].done
        told.comparer.stop()
        await asked
    assert [(answer.text, answer.finish_reason) for answer in told.last.answers] == [
        ("It runs", STOPPED),
        ("It has", STOPPED),
    ]


async def test_a_follow_up_carries_each_arms_own_answers(tmp_path: Path) -> None:
    told = Told(tmp_path)
    async with model_server(*saying("a")) as base, model_server(*saying("b")) as tuned:
        earlier = (Turn("How fast?", ("1.15 GHz", "150 MHz")), Turn("Sure?", ("yes", "")))
        arms = (base.arm("base"), tuned.arm("tuned"))
        await told.comparer.ask(Question("And its memory?", arms=arms, system="Be brief.", earlier=earlier))
        said = [[each["content"] for each in server.requests[0]["messages"]] for server in (base, tuned)]
    assert said[0] == ["Be brief.", "How fast?", "1.15 GHz", "Sure?", "yes", "And its memory?"]
    assert said[1] == ["Be brief.", "How fast?", "150 MHz", "And its memory?"]


async def test_servers_that_give_one_sample_are_asked_several_times(tmp_path: Path) -> None:
    told = Told(tmp_path)
    async with model_server(*saying("150 MHz"), owner="library") as base:
        sampling = Sampling(temperature=0.8, n=3, seed=5)
        await told.comparer.ask(Question(PROMPT, "150 MHz", arms=(base.arm("base"),), sampling=sampling))
        assert [request["seed"] for request in base.requests] == [5, 6, 7]
    assert [sample.answers[0].text for sample in told.last.samples] == ["150 MHz"] * 3
    assert told.last.verdicts(0) == ("right",) * 3


@pytest.mark.parametrize(
    ("sampling", "words"),
    [
        (Sampling(temperature=3), "Temperature 3"),
        (Sampling(top_p=0), "Top-p 0"),
        (Sampling(max_tokens=0), "0 tokens"),
        (Sampling(n=5), "all the same"),
        (Sampling(n=99, temperature=1), "1 to 8"),
        (Sampling(seed=-1), "no seed"),
    ],
)
async def test_settings_that_cannot_be_used_are_refused(tmp_path: Path, sampling: Sampling, words: str) -> None:
    with pytest.raises(InputError, match=words):
        await Told(tmp_path).comparer.ask(Question(PROMPT, sampling=sampling))


async def test_a_persons_own_names_mean_the_same(tmp_path: Path) -> None:
    told = Told(tmp_path)
    names = tmp_path / ".burnish" / "synonyms.toml"
    names.parent.mkdir()
    labels: list[str] = []
    async with (
        model_server(*saying("It uses the Fomalhaut core.")) as base,
        model_server(*saying("It uses the Hazard3 core.")) as tuned,
    ):
        for text in ("same = []", 'same = [["Fomalhaut", "Hazard3"]]'):
            names.write_text(text)
            arms = (base.arm("base"), tuned.arm("tuned"))
            await told.comparer.ask(Question("Which core does it use?", arms=arms))
            [comparison] = told.last.comparisons
            assert comparison is not None
            labels.append(comparison.label)
    names.unlink()
    await told.comparer.prepare()
    assert labels == ["different", "same"]


async def test_a_file_of_names_that_cannot_be_used_is_told_and_the_question_is_asked(tmp_path: Path) -> None:
    names = tmp_path / ".burnish" / "synonyms.toml"
    names.parent.mkdir()
    names.write_text("same = 3")
    reports: list[Report] = []
    async with model_server(*saying("150 MHz")) as base:
        await Comparer(tmp_path, reports.append).ask(Question(PROMPT, arms=(base.arm("base"),)))
    assert any(isinstance(each, Failed) and "synonyms.toml" in each.sentence for each in reports)
    assert any(isinstance(each, AnswersAdvanced) and each.answers[0].text == "150 MHz" for each in reports)
