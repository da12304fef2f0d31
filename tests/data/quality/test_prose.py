"""The checks that read sentences: cut off, left over from a page, and answers that do not answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.quality.cut_off import begins_late, stops_early
from data.quality.examined import Exchange
from data.quality.line_breaks import breaks, joined
from data.quality.no_answer import lack
from tests.data.quality.checking import flagged, flags, qa

LONG = "The valve of the pump opens when the pressure in the chamber has fallen. "


@pytest.mark.parametrize(
    "answer",
    [
        LONG + "It closes again as soon as the",
        "The pump is made for use in tanks and in the.",
        "a pump that is not in use; its valve must be closed when\nit is stored over the winter.",
        LONG + "The chamber is then filled again, and the valve,",
        LONG + "After that the water flows through the outlet and reaches the tank behind",
        "These are the parts of the pump:",
        "The steps are as follows:.",
        "There are two ways to do it:\n1.",
        "Call it like this:\n```python\nopen_valve(",
        "opens when the pressure in the chamber has fallen.",
        "IPX) rating of the pump is given on its label.",
    ],
)
def test_answers_that_are_cut_off(answer: str) -> None:
    exchange = Exchange("How does it work?", answer, alone=True)
    assert stops_early(exchange) or begins_late(exchange)


@pytest.mark.parametrize(
    "answer",
    [
        "42",
        "the heart",
        "Red, green and blue",
        LONG,
        LONG + "Press “Start”",
        "- a valve\n- a pump\n- a tank of the second kind with a lid of brass",
        "It is what he was looking for.",
        "Here is how:\n```python\nopen_valve()\n```",
        "def open_valve(self):\n    self.state = 1\n    return self.state",
        "https://example.com/a/b-and-the",
        "x = 3 + 4 = 7",
        "Then divide both sides by the square root, which is the same as solving for a.",
        "Dear Ms Roe,\n\n" + LONG + "\n\nKind regards,\nJohn Doe",
        "iPhones have run iOS since the first of them was sold in 2007.",
        "a) The first of these answers is the right one.",
    ],
)
def test_answers_that_are_whole(answer: str) -> None:
    exchange = Exchange("How does it work?", answer, alone=True)
    assert (stops_early(exchange), begins_late(exchange)) == ("", "")


def test_an_answer_may_go_on_where_the_one_before_it_stopped() -> None:
    assert begins_late(Exchange("continue", "opens when the pressure in the chamber has fallen.", alone=False)) == ""


def test_a_file_in_small_letters_has_no_late_beginnings(tmp_path: Path) -> None:
    late = qa("How?", "opens when the pressure in the chamber has fallen.")
    assert flagged(tmp_path, [qa("What?", LONG)] * 9 + [late], "cut-off") == [9]
    assert flagged(tmp_path, [late] * 10, "cut-off") == []


@pytest.mark.parametrize(
    "answer",
    [
        "Offset: 0x1c\nDescription\nControls who may open the valve.",
        "Offsets: 0x0c, 0x10, …, 0x28\nTable 12.",
        "See Figure 7 on the following page.",
        "It is fed by the second rail (see Section 4.2.1).",
        "Pump Handbook\nChapter 3.",
        "The state of the valve.\n7.11.",
        "The following table lists the states.",
        "• Small\n• Quiet\n• Cheap.",
        "The pump • valve • tank.",
        "The valve is opened by the\ncontroller as soon as it can be.",
        "The function\nof each part is described here.",
    ],
)
def test_debris_in_answers(tmp_path: Path, answer: str) -> None:
    assert flagged(tmp_path, [qa("What does it say?", answer)], "debris") == [0]


@pytest.mark.parametrize(
    "answer",
    [
        "One line.\nAnother line.",
        "Roses are red\nand violets blue\nthe sugar is sweet\nand so are you",
        "| part | figure |\n|---|---|\n| valve | 3 |\n\nThe table above lists the parts.",
        "1. a valve\n2. a pump\nand nothing else.",
        "def run(self):\n    return the\n    value",
        "• Small\n• Quiet\n\nThese are why people buy it.",
        "Name: Jane Roe\naddress: 1 Main Street",
        "It was 3.\n4.5 is too much.",
        "Chapter 3 of the book is about pumps.",
    ],
)
def test_no_debris_in_answers(tmp_path: Path, answer: str) -> None:
    assert flags(tmp_path, [qa("What does it say?", answer)], "debris") == []


def test_a_figure_that_is_asked_for_is_no_debris(tmp_path: Path) -> None:
    assert flags(tmp_path, [qa("What does Figure 3 show?", "The valve is shown in Figure 3.")], "debris") == []


def test_bullets_in_questions(tmp_path: Path) -> None:
    rows = [qa("What does it say about • valves?", "They open."), qa("What are the parts?\n• pump\n• valve", "Two.")]
    assert flagged(tmp_path, rows, "debris") == [0]


def test_broken_lines_are_joined(tmp_path: Path) -> None:
    text = "The valve is opened by the\ncontroller as soon as\nit can be.\n\nThen it closes."
    (flag,) = flags(tmp_path, [qa("When?", text)], "debris")
    assert flag.fix == {"output": "The valve is opened by the controller as soon as it can be.\n\nThen it closes."}


def test_hyphens_are_joined_as_the_file_writes_the_word_elsewhere(tmp_path: Path) -> None:
    rows = [
        qa("Which?", "The on-board valve is an example."),
        qa("Which?", "It is the on-\nboard one."),
        qa("What?", "It is an exam-\nple of a valve."),
        qa("How?", "It is a semi-\nfrobnicated valve."),
    ]
    fixes = [(flag.row, flag.fix) for flag in flags(tmp_path, rows, "debris")]
    assert fixes == [
        (1, {"output": "It is the on-board one."}),
        (2, {"output": "It is an example of a valve."}),
        (3, None),
    ]


def test_joining_changes_nothing_but_breaks() -> None:
    text = "Open the\nvalve, and then\nclose it.\n\nDone."
    assert joined(text, breaks(text), {}) == "Open the valve, and then close it.\n\nDone."


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many valves does the pump have?", "The pump has valves."),
        ("What is the weight of the pump?", "The weight is given on the label."),
        ("When was the pump invented?", "The pump was invented by an engineer."),
        ("Does the pump have a valve?", "Pumps are useful machines in the home."),
        ("What is a pump valve?", "The pump valve."),
        ("Who built the pump?", "I'm sorry, but I do not know who built it."),
        ("What does the manual say about support?", "For support see the website of the maker."),
    ],
)
def test_answers_that_do_not_answer(question: str, answer: str) -> None:
    assert lack(Exchange(question, answer, alone=True))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many valves does the pump have?", "A single one."),
        ("How many valves does the pump have?", "None."),
        ("When was the pump invented?", "In the age of steam."),
        ("Does the pump have a valve?", "It has one."),
        ("Does the pump have a valve?", "No."),
        ("Is the pump loud or quiet?", "Quiet."),
        ("Can you introduce the pump?", "The pump moves water from one place to another."),
        ("Which is faster, the pump or the valve?", "The pump."),
        ("Where do I find the manual?", "See the website of the maker."),
        ("Why does it not start?", "I'm sorry to hear that. Press the button for three seconds, then turn the valve."),
    ],
)
def test_answers_that_answer(question: str, answer: str) -> None:
    assert lack(Exchange(question, answer, alone=True)) == ""


def test_refusals_of_a_row_with_tools_are_meant(tmp_path: Path) -> None:
    row = qa("Can you open the valve?", "I'm sorry, but I can't do that.")
    tools = [{"type": "function", "function": {"name": "clock"}}]
    assert flagged(tmp_path, [row, {**row, "tools": tools}], "no-answer") == [0]
