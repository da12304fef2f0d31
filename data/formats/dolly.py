"""Dolly: `instruction`, `response`, `category`, and `context`, which may be empty (databrickslabs/dolly)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.formats.conversation import Conversation, Turn
from data.formats.fields import joined, needed, text
from data.formats.losses import Feature, without_place
from data.formats.turns import SHARED, conversation_of
from data.formats.writing import exchange

NAME = "Dolly"
NEEDS = "instruction and response, with context or category"
_FIELDS = SHARED | {"instruction", "context", "response"}
_HOLDS = frozenset((Feature.CONTEXT, Feature.SPEAKERS))


def evidence(values: Mapping[str, Any]) -> str:
    """See `Format`."""
    if "instruction" not in values or "response" not in values:
        return ""
    beside = next((field for field in ("context", "category") if field in values), None)
    return f"instruction, {beside} and response" if beside else ""


def conversation(values: Mapping[str, Any], row_number: int) -> Conversation:
    """See `Format`."""
    needed(values, "instruction")
    question, answer = joined(values, "instruction", "context"), needed(values, "response")
    turns = (Turn("user", question), Turn("assistant", answer))
    return conversation_of(values, turns, row_number, context=text(values, "context"))


def fields(values: Mapping[str, Any]) -> frozenset[str]:  # noqa: ARG001
    """See `Format`."""
    return _FIELDS


def write(conversation: Conversation) -> dict[str, Any]:
    """See `Format`; the category is a field of its own, which only a row of Dolly has."""
    found = exchange(conversation)
    if not found.question:
        return {"instruction": found.context, "context": "", "response": found.answer}
    return {"instruction": found.question, "context": found.context, "response": found.answer}


def losses(conversation: Conversation) -> list[str]:
    """See `Format`."""
    return without_place(conversation, NAME, _HOLDS)
