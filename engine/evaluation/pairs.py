"""Preference pairs of a batch: the answer that the dataset calls right, and the wrong one of another arm."""

from __future__ import annotations

from collections.abc import Iterable

from data.errors import InputError
from data.formats.conversation import Conversation, Role, Turn
from data.preferences import ranked
from engine.evaluation.results import EvaluatedRow

_ROLES: dict[str, Role] = {"system": "system", "user": "user", "assistant": "assistant"}


def pairs_of(rows: Iterable[EvaluatedRow], place: int) -> list[Conversation]:
    """A pair for each row of which one of two arms, the first and that one, is right and the other is wrong.

    An answer that is neither by the dataset's words makes no pair; the same one twice makes one.
    """
    found: dict[object, Conversation] = {}
    for row in rows:
        first, other = row.answers[0], row.answers[place]
        if first is None or other is None or {row.verdict(0), row.verdict(place)} != {"right", "wrong"}:
            continue
        better, worse = (first, other) if row.verdict(0) == "right" else (other, first)
        turns = [Turn(_ROLES[each["role"]], each["content"]) for each in row.question.messages]
        system = "\n\n".join(turn.text for turn in turns if turn.role == "system") or None
        try:
            asked = [turn for turn in turns if turn.role != "system"]
            pair = ranked(asked, better.text, worse.text, system)
        except InputError:
            continue
        found[(system, row.question.messages[-1]["content"], len(asked), better.text, worse.text)] = pair
    return list(found.values())
