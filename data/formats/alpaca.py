"""Alpaca: `instruction`, `output`, and at will `input`, `system` and `history`.

The question is the instruction, a blank line, and the input where there is one. Axolotl and the original Alpaca prompt
also set the two apart; LLaMA-Factory joins them with one line break. `history` is a list of earlier questions with
their answers (LLaMA-Factory).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from data.formats.conversation import Conversation, Turn
from data.formats.fields import needed, text
from data.formats.losses import Feature, without_place
from data.formats.pair import Pair, PairError, read_pairs
from data.formats.turns import SHARED, conversation_of, listed
from data.formats.writing import exchange
from data.store import RowStore

NAME = "Alpaca"
NEEDS = "instruction and output"
_FIELDS = SHARED | {"instruction", "input", "output", "history"}
_HOLDS = frozenset((Feature.SYSTEM, Feature.HISTORY, Feature.CONTEXT, Feature.SPEAKERS))


def evidence(values: Mapping[str, Any]) -> str:
    """See `Format`."""
    if "instruction" not in values or "output" not in values:
        return ""
    return f"{NEEDS}, with a history of earlier turns" if values.get("history") else NEEDS


def recognise(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether rows (their fields; some hundred are plenty) are of this format: most have instruction and output."""
    return 2 * sum(bool(evidence(row)) for row in rows) > len(rows)


def conversation(values: Mapping[str, Any], row_number: int) -> Conversation:
    """See `Format`."""
    question, answer = needed(values, "instruction", "input"), needed(values, "output")
    turns = (*_history(listed(values.get("history"))), Turn("user", question), Turn("assistant", answer))
    return conversation_of(values, turns, row_number, context=text(values, "input"))


def fields(values: Mapping[str, Any]) -> frozenset[str]:  # noqa: ARG001
    """See `Format`."""
    return _FIELDS


def write(conversation: Conversation) -> dict[str, Any]:
    """See `Format`; earlier turns become `history` as far as they are questions with their answers."""
    found = exchange(conversation)
    row: dict[str, Any] = {"instruction": found.question, "input": found.context, "output": found.answer}
    if conversation.system is not None:
        row["system"] = conversation.system
    history = [
        [asked.text, answered.text]
        for asked, answered in pairwise(found.earlier)
        if (asked.role, answered.role) == ("user", "assistant") and asked.text and answered.text
    ]
    return row | ({"history": history} if history else {})


def losses(conversation: Conversation) -> list[str]:
    """See `Format`."""
    return without_place(conversation, NAME, _HOLDS)


def pair(values: Mapping[str, Any], row_number: int) -> Pair:
    """The question and answer of a row. Raises PairError."""
    if values.get("history"):
        raise PairError("has a history of earlier turns, which cannot be trained on as one question and answer")
    question, answer = needed(values, "instruction", "input"), needed(values, "output")
    return Pair(question, answer, row_number, text(values, "system") or None)


def pairs(rows: RowStore | Path) -> Iterator[Pair]:
    """The pairs of a file or an open store. Raises InputError naming file and row; see `read_pairs`."""
    return read_pairs(rows, pair)


def _history(history: Any) -> Iterator[Turn]:
    """Earlier turns of a list of [question, answer]. Raises PairError."""
    if not history:
        return
    if not isinstance(history, list):
        raise PairError("has history that is no list")
    for place, said in enumerate(history, 1):
        match said:
            case [str(question), str(answer)]:
                yield from (Turn("user", question), Turn("assistant", answer))
            case _:
                raise PairError(f"has place {place} of history that is not a question and its answer")
