"""The text of an answer: whatever a model says is drawn as it stands, and cheaply."""

from __future__ import annotations

import re
from dataclasses import replace
from time import thread_time

import pytest
from rich.cells import cell_len

from data.facts.model import Comparison, Fact, Kind, MarkedFact, Outcome
from engine.reports import AnswersAdvanced
from tests.tui.compare.stage import SIZES, Stage, answers, segments, servers, shown
from tests.tui.host import Host
from tui.compare.answer import AnswerBody


@pytest.mark.parametrize(
    ("said", "drawn"),
    [
        (
            "a [bold]word[/bold] and [link=x]y[/link] [/] $text \\[",
            "a [bold]word[/bold] and [link=x]y[/link] [/] $text \\[",
        ),
        (
            "clear \x1b[2J\x1b]52;c;aGk=\x07 bell\x00 \x9b31m",
            "clear ␛[2J␛]52;c;aGk=␇ bell␀ \N{REPLACEMENT CHARACTER}31m",
        ),
        ("right \u202eto left\u2066", "right \N{REPLACEMENT CHARACTER}to left\N{REPLACEMENT CHARACTER}"),
        ("tab\tstop", "tab    stop"),
    ],
)
async def test_what_a_model_says_is_never_obeyed(said: str, drawn: str) -> None:
    async with Stage().run_test(size=(120, 40)) as pilot:
        stage = await shown(pilot, servers(), answers("", said))
        assert drawn in stage.text()
        assert not any(ord(character) < 0x20 for s in segments(stage.bodies[1]) for character in s.text)


async def test_marks_stay_on_their_facts_behind_control_characters_and_wide_ones() -> None:
    async with Stage().run_test(size=(120, 40)) as pilot:
        stage = await shown(pilot, servers(), answers(tuned="\x1b[0m 时钟频率 👍🏽 The RP2350 runs at up to 150 MHz."))
        assert "✓150 MHz" in stage.text()


@pytest.mark.parametrize("size", SIZES)
async def test_wide_characters_never_stand_out_over_their_side(size: tuple[int, int]) -> None:
    async with Stage().run_test(size=size) as pilot:
        stage = await shown(pilot, servers(), answers(tuned="微控制器的最高时钟频率是一百五十兆赫，" * 20))
        body = stage.bodies[1]
        assert all(body.render_line(y).cell_length == body.size.width for y in range(body.size.height))
        assert all(cell_len(line) <= size[0] for line in stage.text().splitlines())


def same(text: str, *, done: bool = True) -> AnswersAdvanced:
    """Both sides say the same, and nobody looks for facts in it."""
    return answers(text, text, done=done, compared=False)


async def test_a_very_long_answer_is_followed_and_scrolled() -> None:
    async with Stage().run_test(size=(100, 25)) as pilot:
        words = [f"word{number}" for number in range(12_000)]
        stage = await shown(pilot, servers(), same(" ".join(words[:100]), done=False))
        assert "word0 " in stage.text()
        await shown(pilot, same(" ".join(words[:5000]), done=False))
        assert "word4999" in stage.text()
        await pilot.press("g")
        assert "word0 " in stage.text()
        await shown(pilot, same(" ".join(words)))
        assert len(stage.bodies[0].text) > 100_000
        assert "word0 " in stage.text()
        await pilot.press("pagedown")
        assert "word0 " not in stage.text()
        await pilot.press("G")
        assert "word11999" in stage.text()
        assert "finished" in stage.text()


async def test_a_new_answer_starts_at_the_top() -> None:
    async with Stage().run_test(size=(100, 25)) as pilot:
        stage = await shown(pilot, servers(), same("old words " * 500))
        await pilot.press("G")
        await shown(pilot, same("new beginning " + "new words " * 500))
        assert "new beginning" in stage.text()


async def test_thousands_of_facts_are_listed_at_the_pace_of_the_stream() -> None:
    async with Stage().run_test(size=(100, 25)) as pilot:
        text = "".join(f"{number} MHz. " for number in range(4000))
        facts = tuple(
            MarkedFact(
                Fact(found.start(), found.end(), found.group(), Kind.QUANTITY, 0.0), Outcome.SAME, None, index, ""
            )
            for index, found in enumerate(re.finditer(r"\d+ MHz", text))
        )
        compared = Comparison(facts, facts, "same", None, ())
        plain = same(text)
        report = replace(plain, samples=(replace(plain.samples[0], comparisons=(compared,)),))
        stage = await shown(pilot, servers())
        begun = thread_time()  # what other processes take is not counted
        await shown(pilot, report)
        assert thread_time() - begun < 2.0
        assert "of 4,000" in stage.text()
        await pilot.press("shift+tab")
        assert "▸ = 3999 MHz" in stage.text()


async def test_an_empty_answer_says_so() -> None:
    async with Stage().run_test(size=(100, 25)) as pilot:
        stage = await shown(pilot, servers(), answers(tuned=""))
        assert "The answer is empty." in stage.text()


async def test_what_a_starting_server_does_is_drawn_anew() -> None:
    async with Stage().run_test(size=(100, 25)) as pilot:
        stage = await shown(pilot, servers("ready", "starting", "Loading weights, 1 of 3."))
        assert "Loading weights, 1 of 3." in stage.text()
        await shown(pilot, servers("ready", "starting", "Loading weights, 2 of 3."))
        assert "Loading weights, 2 of 3." in stage.text()


async def test_answers_are_laid_out_anew_when_the_terminal_changes() -> None:
    async with Stage().run_test(size=(120, 40)) as pilot:
        stage = await shown(pilot, servers(), answers(" ".join(["word"] * 60), " ".join(["other"] * 60)))
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        lines = [line for line in stage.text().splitlines() if "word word" in line]
        assert len(lines) >= 2
        assert max(len(line) for line in lines) > 70


async def test_a_view_that_follows_a_growing_text_moves_some_lines_at_once() -> None:
    body = AnswerBody()
    async with Host(body).run_test(size=(40, 16)) as pilot:
        await pilot.pause()
        tops: list[int] = []
        for lines in range(1, 41):
            body.show("\n".join(f"line {number}" for number in range(lines)), done=False, plain=True)
            tops.append(body._top)
            assert body._top >= lines - 16, "the newest line is in view"
            assert body.room % 4 == 0
        assert set(tops) == set(range(0, 25, 4))
        body.show("\n".join(f"line {number}" for number in range(40)), done=True, plain=True)
        assert (body._top, body.room) == (24, 40)
