"""A row of a batch as the question that the chat asks."""

from __future__ import annotations

from engine.chat.arms import Arm
from engine.chat.question import Question, Turn
from engine.chat.sampling import Sampling
from engine.evaluation.asked_rows import AskedRow


def chat_question(row: AskedRow, arms: tuple[Arm, ...], sampling: Sampling) -> Question:
    """The question with its system prompt and its earlier turns, in which every arm said what the dataset says."""
    system = row.messages[0]["content"] if row.messages[0]["role"] == "system" else ""
    earlier: list[Turn] = []
    for before, after in zip(row.messages, row.messages[1:], strict=False):
        if (before["role"], after["role"]) == ("user", "assistant"):
            earlier.append(Turn(before["content"], (after["content"],) * len(arms)))
    return Question(row.text, row.reference, row.row, arms, sampling, system, tuple(earlier))
