"""Sample answers: facts marked, and what is shown where there is little room."""

from __future__ import annotations

from engine.jobs.events import Sample
from tests.tui.host import Host
from tests.tui.training.runs import QUESTION, REFERENCE, RIGHT, WRONG
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
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
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
