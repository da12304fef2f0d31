"""Text: one `text` a row, to go on learning from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.formats.conversation import Conversation, Turn
from data.formats.fields import needed
from data.formats.losses import Feature, without_place
from data.formats.pair import PairError
from data.formats.writing import said, with_system

NAME = "text"
NEEDS = "text"
_HOLDS = frozenset((Feature.SYSTEM, Feature.HISTORY, Feature.ORDER, Feature.CONTEXT))


def evidence(values: Mapping[str, Any]) -> str:
    """See `Format`."""
    return NEEDS if isinstance(values.get("text"), str) else ""


def conversation(values: Mapping[str, Any], row_number: int) -> Conversation:
    """See `Format`."""
    return Conversation((Turn("text", needed(values, "text")),), row_number)


def fields(values: Mapping[str, Any]) -> frozenset[str]:  # noqa: ARG001
    """See `Format`."""
    return frozenset(("text",))


def write(conversation: Conversation) -> dict[str, Any]:
    """See `Format`; what several speakers say is put together with blank lines."""
    turns = conversation.turns
    if not turns or turns[0].role != "text":
        turns = with_system(conversation, said(conversation))
    text = "\n\n".join(turn.text for turn in turns if turn.text)
    if not text.strip():
        raise PairError("has no text")
    return {"text": text}


def losses(conversation: Conversation) -> list[str]:
    """See `Format`."""
    alone = any(turn.role == "text" for turn in conversation.turns)
    return without_place(conversation, NAME, frozenset() if alone else _HOLDS)
