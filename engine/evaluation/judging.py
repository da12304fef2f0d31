"""What an answer of a batch is worth: judged by the reference, and set beside the answer of the first arm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.evaluation.asked_rows import AskedRow

Mark = Literal["", "right", "wrong", "unclear"]
"""A verdict of `data.facts` in a word; "" where there is no reference to judge by."""

JUDGED = 8000
"""Characters of an answer that are looked at: two pages; beyond that a model repeats itself."""
_CHANGES, _LONGEST = 3, 60
"""Fact changes that are kept of a row, and characters of each side."""
NOTHING = "–"
"""Stands for what a side does not say."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What one arm said to one question, or why it said nothing."""

    number: int
    """Of the question."""
    arm: str
    text: str = ""
    """Untrusted: may hold markup and terminal escapes."""
    error: str = ""
    """One sentence when the request failed; it is made again when the batch is gone on with."""
    verdict: Mark = ""
    reason: str = ""
    """Why, in words: "1.8 GHz ≠ 150 MHz"."""
    tokens: int = 0
    finish_reason: str = ""
    first_token_seconds: float | None = None
    seconds: float = 0.0
    """From the request to the end of the answer."""


@dataclass(frozen=True, slots=True)
class Compared:
    """An arm's answer beside the first arm's."""

    number: int
    arm: str
    different: bool
    changes: tuple[str, ...] = ()
    """On which facts, as "150 MHz → 133 MHz"."""


def judge_answer(question: AskedRow, text: str) -> tuple[Mark, str]:
    """The verdict on an answer, with its reason; "" without a reference."""
    from data.facts import judge  # 0.1 s, which only a batch needs

    if question.reference is None:
        return "", ""
    found = judge(text[:JUDGED], question.reference, question=question.text)
    return found.verdict.value, found.reason


def compare_answers(question: AskedRow, first: str, other: Answered) -> Compared:
    """An arm's answer beside the text of the first arm's."""
    from data.facts import compare

    found = compare(first[:JUDGED], other.text[:JUDGED], question=question.text, reference=question.reference)
    changes = tuple(f"{_side(each.a_text)} → {_side(each.b_text)}" for each in found.differing[:_CHANGES])
    return Compared(question.number, other.arm, found.label == "different", changes)


def _side(text: str | None) -> str:
    if text is None:
        return NOTHING
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
