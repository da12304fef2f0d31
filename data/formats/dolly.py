"""Dolly: `instruction`, `response`, `category`, and `context`, which may be empty (databrickslabs/dolly)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.formats.conversation import Conversation, Turn
from data.formats.fields import joined, needed
from data.formats.turns import conversation_of

NAME = "Dolly"
NEEDS = "instruction and response, with context or category"


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
    return conversation_of(values, (Turn("user", question), Turn("assistant", answer)), row_number)
