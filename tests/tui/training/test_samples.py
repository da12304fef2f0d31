"""Sample answers: facts marked, and what is shown where there is little room."""

from __future__ import annotations

from engine.jobs.events import Sample
from tests.tui.host import Host
from tests.tui.training.runs import QUESTION, REFERENCE, RIGHT, WRONG
from tests.waiting import workers_end
from tui.training.samples import SampleAnswers, marked_answer

LONG = (
    "The RP2350 is a microcontroller by Raspberry Pi with two cores of either kind, and it supports a maximum clock "
    "speed of up to 1.2 GHz, as the datasheet says in its chapter on clocks."
)


def test_facts_are_marked_against_the_reference() -> None:
    wrong = marked_answer(QUESTION, WRONG, REFERENCE)
    assert wrong.verdict == "wrong"
    assert [(wrong.text[start:end], standing) for start, end, standing in wrong.marks][-1] == ("1.15 GHz", "disagrees")
    right = marked_answer(QUESTION, RIGHT, REFERENCE)
    assert right.verdict == "right"
    assert ("150 MHz", "agrees") in [(right.text[start:end], standing) for start, end, standing in right.marks]


def test_without_a_reference_nothing_is_marked() -> None:
    assert marked_answer(QUESTION, WRONG, "").marks == ()


async def shown(width: int, height: int, *answers: str) -> list[str]:
    samples = SampleAnswers()
    async with Host(samples).run_test(size=(width, height)) as pilot:
        samples.show_samples(
            tuple(Sample(40 * (index + 1), QUESTION, answer, REFERENCE) for index, answer in enumerate(answers))
        )
        await workers_end(pilot)
        return samples.plain.splitlines()


async def test_one_line_an_answer_the_newest_last() -> None:
    lines = await shown(120, 3, WRONG, RIGHT)
    assert lines[0].startswith(f"sample  {QUESTION}   dataset says  {REFERENCE}")
    assert lines[1].startswith("  step 40  ✗ ")
    assert "✗1.15 GHz" in lines[1]
    assert lines[2].startswith("  step 80  ✓ ")
    assert "✓150 MHz" in lines[2]


async def test_where_lines_are_few_the_newest_stay() -> None:
    lines = await shown(100, 3, WRONG, WRONG, RIGHT)
    assert [line.split()[1] for line in lines[1:]] == ["80", "120"]


async def test_a_long_answer_is_cut_so_that_the_wrong_fact_can_be_seen() -> None:
    lines = await shown(60, 2, LONG)
    assert "✗1.2 GHz" in lines[1]
    assert "… " in lines[1]
    assert len(lines[1]) <= 60


async def test_a_long_answer_is_whole_where_there_is_room() -> None:
    lines = await shown(60, 9, LONG)
    joined = " ".join(line.strip() for line in lines[1:]).replace("✗", "")
    assert LONG.removesuffix(".") in " ".join(joined.split())
    assert all(len(line) <= 60 for line in lines)


async def test_no_answers_yet() -> None:
    assert await shown(60, 3) == ["samples  none yet"]


async def test_answers_of_earlier_steps_and_other_questions_are_gone_to_with_keys() -> None:
    samples = SampleAnswers()
    answers = [Sample(40 * step, QUESTION, WRONG if step < 5 else RIGHT, REFERENCE) for step in range(1, 10)]
    other = Sample(40, "How much SRAM?", "520 KB")
    async with Host(samples).run_test(size=(120, 4)) as pilot:
        samples.focus()
        samples.show_samples((*answers, other), "run-001")
        await workers_end(pilot)
        assert [line.split()[1] for line in samples.plain.splitlines()[1:]] == ["280", "320", "360"]
        await pilot.press("up", "up")
        assert [line.split()[1] for line in samples.plain.splitlines()[1:]] == ["200", "240", "280"]
        assert "2 later" in samples.plain.splitlines()[0]
        await pilot.press("home")
        assert samples.plain.splitlines()[1].split()[1] == "40"
        await pilot.press("end", "right")
        assert samples.plain.startswith("sample  2 of 2  How much SRAM?")
        # Another run that was asked the same shows its answers to it.
        samples.show_samples((other, *answers), "run-002")
        assert samples.plain.startswith("sample  1 of 2  How much SRAM?")
