"""Turns in an order that no chat template is made for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from data.formats.conversation import Turn
from data.quality.check import Context, Examiner
from data.quality.examined import Examined, turns_of
from data.quality.flag import Flag


class _Roles(Examiner):
    def __init__(self, *, single: bool) -> None:
        self._single = single

    def look(self, row: Examined) -> Iterator[Flag]:
        if row.conversation is None:
            return
        turns = turns_of(row.conversation)
        if not turns or turns[0].role == "text" or (self._single and len(turns) == 1):
            return
        reason = wrong_order(turns)
        if reason:
            yield Flag("roles", row.index, reason)


def wrong_order(turns: Sequence[Turn]) -> str:
    """What is wrong with the order of the turns, in words; empty when nothing is."""
    before = ""
    for place, turn in enumerate(turns, 1):
        role = turn.role
        if role == "system":
            return f"has a system prompt in turn {place}, after the first question"
        if not before and role != "user":
            return f"begins with a turn of {role}"
        if role == "user" and before == "user":
            return f"has two questions with no answer between them (turns {place - 1} and {place})"
        if role == "tool" and not _called(turns[: place - 1]):
            return f"has a tool's result in turn {place}, but no call of a tool before it"
        if role == "user" and before == "tool":
            return f"has a question in turn {place} where the answer to a tool's result is missing"
        if role == "assistant" and before == "assistant" and not turns[place - 2].calls:
            return f"has two answers in a row (turns {place - 1} and {place})"
        before = role
    return "" if before == "assistant" else f"ends with a turn of {before}, without an answer"


def _called(turns: Sequence[Turn]) -> bool:
    """Whether the tool's result that follows these turns belongs to a call."""
    last = next((turn for turn in reversed(turns) if turn.role != "tool"), None)
    return last is not None and last.role == "assistant" and bool(last.calls)


def make(context: Context) -> Examiner:
    """A worker for one run."""
    return _Roles(single=context.form is not None and context.form.NAME == "OASST")
