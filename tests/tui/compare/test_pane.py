"""The compare pane: what it says and marks, and what its keys do."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from data.errors import BurnishError
from data.facts import compare
from data.facts.confidence import Token
from engine.chat.arms import Arm, default_arms, write_arms
from engine.chat.question import Turn
from engine.evaluation.asked_rows import questions_of
from engine.jobs.events import RunState
from engine.reports import AnswerSet, ServersChanged, TaskAdvanced
from engine.training.job import DatasetSection, TrainingJob
from engine.training.runs import create_run
from tests.data.formats.rows import written
from tests.tui.compare.stage import (
    BASE,
    QUESTION,
    REFERENCE,
    SIZES,
    TUNED,
    Stage,
    answers,
    posted,
    runs,
    said,
    server,
    servers,
    shown,
    styled,
)
from tests.waiting import workers_end
from tui.compare.prompt import QuestionInput
from tui.messages import Flashed, ServingWanted
from tui.widgets.clipboard import copied_file


@pytest.mark.parametrize("size", SIZES)
async def test_both_answers_with_their_facts_are_shown_at_every_size(size: tuple[int, int]) -> None:
    async with Stage().run_test(size=size) as pilot:
        stage = await shown(pilot, servers(), answers())
        text = stage.text()
        for words in ("row 41", REFERENCE, "✗1.15", "✓150", "21 tokens · 47 tok/s · first 0.12 s", "finished"):
            assert words in text
        assert "1.15 GHz ≠ 150 MHz (dataset)" in text
        assert "tuned agrees with the dataset" in text
        beside = any("base  smollm2" in line and "tuned  lora-1" in line for line in text.splitlines())
        assert beside is (size[0] >= 90)


async def test_a_conflict_is_marked_in_both_answers_in_its_colour() -> None:
    async with Stage().run_test(size=(120, 40)) as pilot:
        stage = await shown(pilot, servers(), answers())
        base, tuned = stage.bodies
        wrong, right = styled(base, "1.15 GHz"), styled(tuned, "150 MHz")
        assert wrong.style is not None
        assert right.style is not None
        assert wrong.style.bold
        assert right.style.bold
        assert wrong.style.color != right.style.color
        assert wrong.style.color == styled(base, "✗").style.color  # type: ignore[union-attr]


async def test_without_a_reference_what_differs_is_neither_right_nor_wrong() -> None:
    async with Stage().run_test(size=(120, 40)) as pilot:
        stage = await shown(pilot, servers(), answers(reference=None, row=None))
        text = stage.text()
        assert "≠1.15 GHz" in text
        assert "≠150 MHz" in text
        assert "dataset" not in text
        assert "✗" not in text


async def test_a_fact_of_one_side_is_marked_as_such() -> None:
    async with Stage().run_test(size=(120, 40)) as pilot:
        stage = await shown(pilot, servers(), answers(base=f"{BASE} It has 520 KB of SRAM."))
        assert "◦520 KB" in stage.text()
        assert "on one side only" in stage.text()


async def test_marks_follow_the_stream() -> None:
    async with Stage().run_test(size=(120, 40)) as pilot:
        stage = await shown(pilot, servers())
        for end in range(10, len(TUNED) + 1, 7):
            await shown(pilot, answers(BASE[:end], TUNED[:end], done=False))
            assert stage.bodies[1].text == TUNED[:end]
            assert "▸ writing" in stage.text()
        await shown(pilot, answers())
        assert "✓150 MHz" in stage.text()
        assert "writing" not in stage.text()


async def test_an_answer_cut_off_keeps_its_text_and_says_why_while_the_other_goes_on() -> None:
    async with Stage().run_test(size=(100, 25)) as pilot:
        sentence = "The tuned server stopped answering. Press R to start it again."
        stage = await shown(pilot, servers("ready", "gone"), answers(done=False, error=sentence))
        text = stage.text()
        assert "✓150 MHz" in text
        assert "✗ cut off" in text
        assert "The tuned server stopped answering." in " ".join(stage.text().split())
        assert "▸ writing" in text


async def test_a_different_prompt_on_the_two_sides_is_told() -> None:
    async with Stage().run_test(size=(100, 25)) as pilot:
        stage = await shown(pilot, servers(), answers(warning="The two sides did not get the same prompt."))
        assert "! The two sides did not get the same prompt." in stage.text()


@pytest.mark.parametrize("size", SIZES)
async def test_the_pane_is_never_blank(size: tuple[int, int]) -> None:
    async with Stage().run_test(size=size) as pilot:
        stage = await shown(pilot)
        assert "No finished run to serve yet" in stage.text()
        assert stage.text().count("○ not served") == 2
        await shown(pilot, runs(("busy", RunState.RUNNING), ("lora-1", RunState.FINISHED), ("first", RunState.STOPPED)))
        assert "Press R to serve lora-1 and its base model." in stage.text()
        await shown(pilot, servers("ready", "starting", "Loading weights."))
        assert "Loading weights." in stage.text()
        assert "◌ starting" in stage.text()
        await shown(pilot, TaskAdvanced("starting servers", "waiting for the tuned model", 0.5))
        assert "◌ starting servers · waiting for the tuned model  █████·····  50 %" in stage.text()
        await shown(pilot, TaskAdvanced("starting servers", "", done=True), servers())
        assert "starting servers" not in stage.text()
        assert "Press i to type a question" in stage.text()


async def test_a_server_that_failed_says_why_and_where_to_read_on() -> None:
    async with Stage().run_test(size=(100, 25)) as pilot:
        failed = servers("ready", "failed", "Port 8001 is taken.", Path("/workspace/.burnish/servers/tuned/log.txt"))
        stage = await shown(pilot, runs(("lora-1", RunState.FINISHED)), failed)
        assert "✗ Port 8001 is taken." in stage.text()
        assert "Log: .burnish/servers/tuned/log.txt" in stage.text()
        assert "Press R to start the servers of lora-1 again." in stage.text()


async def test_a_base_server_that_is_gone_can_be_started_again_beside_a_tuned_one_that_is_well() -> None:
    async with Stage().run_test(size=(100, 25)) as pilot:
        well = server("tuned", "ready")
        gone = ServersChanged((server("base", "gone"), replace(well, model="lora-1")))
        stage = await shown(pilot, runs(("lora-1", RunState.FINISHED)), gone)
        assert "Press R to start the servers of lora-1 again." in stage.text()
        assert stage.pane.check_action("serve", ())


async def test_an_answer_that_was_cut_says_after_how_many_tokens() -> None:
    async with Stage().run_test(size=(100, 25)) as pilot:
        advanced = answers()
        cut = replace(advanced.samples[0].answers[0], finish_reason="length")
        samples = (replace(advanced.samples[0], answers=(cut, advanced.samples[0].answers[1])),)
        stage = await shown(pilot, servers(), replace(advanced, samples=samples))
        assert "cut at 21 tokens · 47 tok/s · first 0.12 s" in stage.text()


async def test_where_not_all_sides_have_room_the_shown_one_says_which_it_is(tmp_path: Path) -> None:
    write_arms(tmp_path, [Arm(name, "base") for name in ("a", "b", "c")])
    async with Stage(tmp_path).run_test(size=(120, 30)) as pilot:
        stage = await shown(pilot, servers())
        assert "a 1 of 3" in stage.text()
        assert "b 2 of 3" in stage.text()
    async with Stage(tmp_path).run_test(size=(180, 40)) as pilot:
        stage = await shown(pilot, servers())
        assert "of 3" not in stage.text()


async def test_a_typed_question_is_asked_with_the_datasets_answer() -> None:
    async with Stage().run_test(size=(100, 25)) as pilot:
        stage = await shown(pilot, servers())
        stage.pane.set_reference_lookup({"How fast?": ("150 MHz", 41)}.get)
        for question in ("How fast?", "Why?"):
            await pilot.press("i", *question, "enter")
        assert stage.engine.told == [("ask", "How fast?", "150 MHz", 41), ("ask", "Why?", None, None)]
        assert stage.focused is stage.pane
        await pilot.press("enter", "up", "up")
        assert stage.pane.query_one(QuestionInput).value == "How fast?"
        await pilot.press("down", "down", "escape")
        assert stage.focused is stage.pane


async def test_keys_ask_again_step_on_and_stop() -> None:
    async with Stage().run_test(size=(100, 25)) as pilot:
        stage = await shown(pilot, servers(), answers())
        questions = iter([("Second?", "2", 2), ("Third?", None, None)])
        stage.pane.set_questions(lambda: next(questions, None), None)
        await pilot.press("r")
        assert stage.engine.told[-1] == ("ask", QUESTION, REFERENCE, 41)
        await pilot.press("s")
        assert stage.engine.told[-1] == ("stop",)
        await stepped(pilot)
        assert stage.engine.told[-1] == ("ask", "Second?", "2", 2)
        await stepped(pilot)
        assert stage.engine.told[-1] == ("ask", "Third?", None, None)
        asked = len(stage.engine.told)
        await stepped(pilot)
        assert len(stage.engine.told) == asked


async def stepped(pilot: Pilot[int]) -> None:
    """Ask the next held-out question."""
    await pilot.press("n")
    await workers_end(pilot)


async def test_held_out_is_what_the_served_run_did_not_see(tmp_path: Path) -> None:
    rows = [{"instruction": f"Question {number}?", "output": f"{number} MHz."} for number in range(1, 9)]
    data = written(tmp_path / "data.jsonl", *rows)
    job = TrainingJob(dataset=DatasetSection("data.jsonl", held_out_fraction=0.25))
    run = create_run(tmp_path, job)
    held_out = [row.text for row in questions_of(tmp_path, run.name).questions]
    assert len(held_out) == 2
    async with Stage(tmp_path).run_test(size=(100, 25)) as pilot:
        well = ServersChanged((server("base"), replace(server("tuned"), model=run.name)))
        stage = await shown(pilot, well)
        stage.pane.set_questions(lambda: ("Of the dataset?", None, 1), None)
        stage.pane.dataset_opened(data)
        for _ in range(3):
            await stepped(pilot)
        assert [each.prompt for each in stage.engine.questions] == [*held_out, held_out[0]]
        first = stage.engine.questions[0]
        assert first.reference == f"{first.reference_row} MHz."
        await shown(pilot, ServersChanged((server("base"), replace(server("tuned"), model="gone-001"))))
        await stepped(pilot)
        assert stage.engine.questions[-1].prompt == "Of the dataset?"


async def test_a_question_without_servers_is_kept_in_the_line() -> None:
    messages: list[object] = []
    async with Stage().run_test(size=(100, 25), message_hook=messages.append) as pilot:
        stage = await shown(pilot, runs(("lora-1", RunState.FINISHED)))
        stage.pane.ask(QUESTION, REFERENCE, 41)
        await pilot.pause()
        assert stage.engine.told == []
        assert f"> {QUESTION}" in stage.text()
        [flash] = posted(messages, Flashed)
        assert flash.severity == "error"
        assert "Press R to serve lora-1" in flash.text


async def test_a_question_that_the_engine_refuses_does_not_stay_waiting() -> None:
    async with Stage().run_test(size=(100, 25)) as pilot:
        stage = await shown(pilot, servers())
        stage.engine.refusal = BurnishError("The tuned server does not answer.")
        stage.pane.ask(QUESTION)
        await pilot.pause()
        assert "waiting" not in stage.text()


async def test_serving_and_stopping_the_servers() -> None:
    messages: list[object] = []
    async with Stage().run_test(size=(100, 25), message_hook=messages.append) as pilot:
        stage = await shown(pilot, runs(("lora-2", RunState.FINISHED), ("lora-1", RunState.FINISHED)))
        await pilot.press("R")
        [wanted] = posted(messages, ServingWanted)
        assert wanted.run_id == "lora-2"
        await pilot.press("x")
        assert not posted(messages, Flashed)
        await shown(pilot, servers())
        await pilot.press("x")
        assert stage.engine.told == []
        await pilot.press("x")
        assert stage.engine.told == [("stop servers",)]
        assert "Run lora-2 is newer than what is served: R serves it." in stage.text()
        await shown(pilot, runs(("lora-1", RunState.FINISHED)))
        assert "R serves it" not in stage.text()


async def test_tab_goes_from_fact_to_fact_in_both_answers() -> None:
    async with Stage().run_test(size=(120, 40)) as pilot:
        long = f"{BASE} It has 264 KB of SRAM.", f"{TUNED} It has 520 KB of SRAM."
        stage = await shown(pilot, servers(), answers(*long))

        def reversed_text(side: int) -> str:
            body = stage.bodies[side]
            found = (
                s.text for y in range(body.size.height) for s in body.render_line(y) if s.style and s.style.reverse
            )
            return "".join(found)

        await pilot.press("tab")
        assert (reversed_text(0), reversed_text(1)) == ("✗1.15 GHz", "✓150 MHz")
        assert "▸ ✗ 1.15 GHz" in stage.text()
        await pilot.press("tab")
        assert (reversed_text(0), reversed_text(1)) == ("≠264 KB", "≠520 KB")
        await pilot.press("shift+tab")
        assert reversed_text(0) == "✗1.15 GHz"
        await shown(pilot, answers(*(f"{text} More words." for text in long)))
        assert reversed_text(0) == "✗1.15 GHz"
        await pilot.press("escape")
        assert reversed_text(0) == ""


async def test_words_that_the_other_answer_has_not_are_underlined_on_demand() -> None:
    async with Stage().run_test(size=(120, 40)) as pilot:
        stage = await shown(pilot, servers(), answers())

        def underlined() -> str:
            body = stage.bodies[1]
            found = (s for y in range(body.size.height) for s in body.render_line(y) if s.style and s.style.underline)
            return "".join(s.text for s in found)

        assert underlined() == ""
        await pilot.press("d")
        assert "supports" in underlined()
        assert "The" not in underlined()
        await pilot.press("d")
        assert underlined() == ""


async def test_the_footer_names_only_what_can_be_done_now() -> None:
    async with Stage().run_test(size=(100, 25)) as pilot:
        stage = await shown(pilot)

        def offered() -> set[str]:
            bindings = stage.screen.active_bindings.values()
            return {active.binding.description for active in bindings if active.node is stage.pane}

        assert {"Ask"} <= offered()
        assert not {"Stop", "Retry", "Next", "Correct", "Serve", "Fact", "Copy", "Stop servers"} & offered()
        await shown(pilot, servers(), answers(done=False))
        assert {"Stop", "Fact", "Stop servers"} <= offered()
        assert not {"Retry", "Correct"} & offered()
        await shown(pilot, answers())
        assert {"Retry", "Correct", "Correct first", "Copy"} <= offered()
        shown_keys = [active for active in stage.screen.active_bindings.values() if active.binding.show]
        assert len({active.binding.description for active in shown_keys if active.node is stage.pane}) <= 7


async def test_answers_are_copied_within_what_a_terminal_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    messages: list[object] = []
    async with Stage().run_test(size=(100, 25), message_hook=messages.append) as pilot:
        stage = await shown(pilot, servers(), answers())
        await pilot.press("y")
        assert stage.clipboard == f"{QUESTION}\n\ndataset: {REFERENCE}\n\nbase: {BASE}\n\ntuned: {TUNED}\n"
        await shown(pilot, answers(tuned="long " * 20_000))
        await pilot.press("y")
        first, second = (message.text for message in posted(messages, Flashed))
        assert "sent to the terminal's clipboard, and kept in" in first
        assert "is more than a terminal's clipboard takes" in second
        assert copied_file().read_text().endswith("long \n")


async def test_a_follow_up_carries_what_each_side_said_and_turns_can_be_gone_back_to() -> None:
    async with Stage().run_test(size=(120, 40)) as pilot:
        stage = await shown(pilot, servers())
        await pilot.press("i", *"How fast?", "enter")
        first = stage.engine.questions[-1]
        assert first.earlier == ()
        await shown(pilot, said(first, "1.15 GHz", "150 MHz"))
        await pilot.press("f")
        assert stage.pane.query_one(QuestionInput).placeholder == "follow up on 1 …"
        await pilot.press(*"Sure?", "enter")
        second = stage.engine.questions[-1]
        assert second.earlier == (Turn("How fast?", ("1.15 GHz", "150 MHz")),)
        await shown(pilot, said(second, "Yes indeed.", "Of course."))
        assert "turn 2 of 2   Sure?" in stage.text()
        await pilot.press("less_than_sign")
        assert "turn 1 of 2   How fast?" in stage.text()
        assert "1.15 GHz" in stage.text()
        await pilot.press("greater_than_sign")
        assert "Of course." in stage.text()
        await pilot.press("e", *" Really", "enter")
        edited = stage.engine.questions[-1]
        assert (edited.prompt, edited.earlier) == ("Sure? Really", second.earlier)
        assert "turn 2 of 2" in stage.text()
        await shown(pilot, said(edited, "No.", "No."))
        await pilot.press("i", *"Other", "enter")
        assert stage.engine.questions[-1].earlier == ()
        assert "turn" not in stage.text()


async def test_several_samples_are_stepped_through_and_counted() -> None:
    async with Stage().run_test(size=(120, 40)) as pilot:
        report = answers()
        right, wrong = (tuple(replace(each, verdict=word) for each in report.answers) for word in ("right", "wrong"))
        other = replace(right[0], text="Another sample."), wrong[1]
        samples = (AnswerSet(wrong, report.comparisons), AnswerSet(other, (None,)))
        stage = await shown(pilot, servers(), replace(report, samples=samples))
        assert "sample 1 of 2" in stage.text()
        assert "1 of 2 right" in stage.text()
        assert "0 of 2 right" in stage.text()
        await pilot.press("full_stop")
        assert "sample 2 of 2" in stage.text()
        assert "Another sample." in stage.text()
        await pilot.press("comma")
        assert "1.15 GHz" in stage.text()


async def test_a_failed_side_is_asked_again_alone_and_one_side_is_stopped() -> None:
    async with Stage().run_test(size=(120, 40)) as pilot:
        stage = await shown(pilot, servers(), answers(done=True, error="The tuned server went away."))
        await pilot.press("r")
        assert stage.engine.told == [("ask again", QUESTION, 1)]
        await shown(pilot, answers(done=False))
        await pilot.press("left", "S")
        assert stage.engine.told[-1] == ("stop", 0)


async def test_three_arms_stand_in_columns_where_there_is_room_else_as_a_pair() -> None:
    async with Stage().run_test(size=(120, 40)) as pilot:
        report = answers()
        arms = (*default_arms(), Arm("few-shot", "base", examples=4, nearest=True))
        third = replace(report.answers[0], arm="few-shot", text="It runs at 133 MHz.")
        comparison = compare(BASE, third.text, question=QUESTION, reference=REFERENCE)
        samples = (AnswerSet((*report.answers, third), (*report.comparisons, comparison)),)
        stage = await shown(
            pilot, servers(), replace(report, question=replace(report.question, arms=arms), samples=samples)
        )
        assert "133 MHz" not in stage.text()
        await pilot.press("right")
        assert "few-shot 3 of 3  smollm2 · vLLM · +4 near" in stage.text()
        assert "✗133 MHz" in stage.text()
        assert "✓150 MHz" not in stage.text()
        await pilot.press("right")
        assert "few-shot" in stage.text()
        await pilot.resize_terminal(170, 40)
        await pilot.pause()
        for words in ("✗1.15 GHz", "✓150", "✗133 MHz"):
            assert words in stage.text()


async def test_what_all_sides_share_is_said_beside_the_prompt() -> None:
    async with Stage().run_test(size=(120, 40)) as pilot:
        stage = await shown(pilot, servers())
        assert "temperature 0 · seed 1 · up to 128 tokens" in stage.text()
        assert "identical" not in stage.text()
        await shown(pilot, replace(answers(), prompt_checked=True))
        assert "prompt identical on both ✓" in stage.text()
        await shown(pilot, answers(warning="The prompt is not the same."))
        assert "prompt differs ✗" in stage.text()


async def test_the_lowest_token_probability_stands_beside_a_fact_as_a_hint() -> None:
    async with Stage().run_test(size=(120, 40)) as pilot:
        report = answers()
        start = BASE.index("1.15")
        pieces = (BASE[:start], 0.9), ("1.15", 0.312), (BASE[start + 4 :], 0.8)
        sizes = tuple(Token(text.encode(), math.log(chance)) for text, chance in pieces)
        base, tuned = report.answers
        samples = (AnswerSet((replace(base, tokens=sizes), tuned), report.comparisons),)
        stage = await shown(pilot, servers(), replace(report, samples=samples))
        assert "✗ 1.15 GHz  p 0.31" in stage.text()
        assert "finished · p 0.31 · 21 tokens" in stage.text()
        assert "✓ 150 MHz  p" not in stage.text()
