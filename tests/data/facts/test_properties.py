"""What holds for any text at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.facts import Fact, align, compare, find_facts, judge

PIECES = st.sampled_from((Path(__file__).parent / "pairs" / "pieces.txt").read_text(encoding="utf-8").split("|"))
TEXTS = st.lists(PIECES, max_size=24).map(" ".join) | st.lists(PIECES, max_size=24).map("".join) | st.text(max_size=80)
QUESTIONS = st.sampled_from(
    [
        "",
        "How many cores does it have?",
        "Does it have Wi-Fi?",
        "What is the clock speed of the RP2350?",
        "When was it released?",
        "Is it mutable or immutable?",
        "Which is larger, Paris or London?",
        "Which countries border Uruguay?",
        "How often is it taken?",
        "How many milligrams are in it?",
        "How many requests per second are allowed?",
        "Is it still on by default?",
        "May it be opened while it is on?",
        "What does it do?",
        "At what temperature does it boil?",
    ]
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, QUESTIONS)
@example("1/0", "")
@example("0x", "")
@example("1e999 V", "")
@example("0:00 12/0 0 in 0", "How many?")
def test_spans_lie_in_the_text(text: str, question: str) -> None:
    facts = find_facts(text, question=question)
    assert [f.start for f in facts] == sorted(f.start for f in facts)
    for f in facts:
        assert 0 <= f.start < f.end <= len(text)
        assert text[f.start : f.end] == f.text


@settings(max_examples=300, deadline=None)
@given(TEXTS, QUESTIONS)
def test_a_text_agrees_with_itself(text: str, question: str) -> None:
    comparison = compare(text, text, question=question)
    assert comparison.label == "same", comparison.differing


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS, QUESTIONS)
def test_the_order_of_two_answers_does_not_matter(a: str, b: str, question: str) -> None:
    assert compare(a, b, question=question).label == compare(b, a, question=question).label


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS, TEXTS, QUESTIONS)
def test_counterparts_point_at_each_other(a: str, b: str, reference: str, question: str) -> None:
    comparison = compare(a, b, question=question, reference=reference)
    assert comparison.agrees in ("A", "B", "both", "neither")
    for here, there in ((comparison.a, comparison.b), (comparison.b, comparison.a)):
        assert all(m.counterpart is None or 0 <= m.counterpart < len(there) for m in here)


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS, QUESTIONS)
def test_judging_never_raises(answer: str, reference: str, question: str) -> None:
    judgement = judge(answer, reference, question=question)
    assert judgement.reason or judgement.verdict.value == "right"


LONG = "9" * 5000


@pytest.mark.parametrize(
    "text",
    [
        f"port {'9' * 400}", f"{LONG}th largest", f"10^{LONG}", f"1e{LONG} V", f"every q{LONG}h", "0b_", f"0x{LONG}",
        f"Article {LONG}", f"{LONG}/{LONG}", f"1 in {LONG}", f"{LONG} to {LONG} V", f"UTC+{LONG}", f"v{LONG}",
        f"5 V ± {LONG}", f"12:{LONG}", "A" * 5000 + "1", "1e400 kg/m", f"once in {LONG} years",
    ],
)  # fmt: skip
@pytest.mark.parametrize("question", ["", "How many are there?", "How often?", "When?", "Does it?", "Which port?"])
def test_what_is_too_long_to_be_a_number_breaks_nothing(text: str, question: str) -> None:
    compare(text, f"{text} 3 V", question=question, reference=text)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS, QUESTIONS)
def test_no_prefix_of_a_stream_breaks_anything(a: str, b: str, question: str) -> None:
    for n in range(0, max(len(a), len(b)) + 1, 3):
        compare(a[:n], b[:n], question=question, reference=b)


@pytest.mark.parametrize(
    "piece",
    [
        "It runs at {n} MHz and has {n} pins. ",
        "5 %, ",
        "$5 ",
        "5 to 6 V, ",
        "a or b, ",
        "does not ",
        "Foo{n} Bar{n} ",
        "5x",
    ],
)
def test_the_work_grows_with_the_length_and_no_faster(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    whole = align.same

    def counted(f: Fact, g: Fact) -> bool:
        nonlocal calls
        calls += 1
        return whole(f, g)

    monkeypatch.setattr(align, "same", counted)
    work = []
    for size in (8_000, 32_000):
        text = "".join(piece.format(n=n) for n in range(size // len(piece) + 1))[:size]
        calls = 0
        compare(text, text + " 3 V", question="Does it have it or not?")
        work.append(calls)
    assert work[1] <= 6 * work[0] + 1000, work
