"""ShareGPT: `conversations` (or another field) of turns with `from` and `value`, and at will `system` and `tools`.

`from` is human, gpt, system, function_call or observation; `tools` is JSON in a text (LLaMA-Factory).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.formats.conversation import Conversation
from data.formats.losses import TURN_LISTS, Feature, without_place
from data.formats.turns import SHARED, SHAREGPT, container, container_turns, conversation_of
from data.formats.writing import json_text, said, sharegpt_turns

NAME = "ShareGPT"
NEEDS = f"conversations of turns with {SHAREGPT}"
_HOLDS = TURN_LISTS - {Feature.CALL_TEXT, Feature.CALL_ID, Feature.REASONING, Feature.MEDIA}


def evidence(values: Mapping[str, Any]) -> str:
    """See `Format`."""
    found = container(values)
    return f"{found[0]} of turns with {found[1]}" if found and found[1].role == SHAREGPT.role else ""


def conversation(values: Mapping[str, Any], row_number: int) -> Conversation:
    """See `Format`."""
    return conversation_of(values, container_turns(values), row_number)


def fields(values: Mapping[str, Any]) -> frozenset[str]:
    """See `Format`."""
    found = container(values)
    return SHARED | {found[0]} if found else SHARED


def write(conversation: Conversation) -> dict[str, Any]:
    """See `Format`."""
    row: dict[str, Any] = {"conversations": sharegpt_turns(said(conversation))}
    if conversation.system is not None:
        row["system"] = conversation.system
    return row | ({"tools": json_text(conversation.tools)} if conversation.tools else {})


def losses(conversation: Conversation) -> list[str]:
    """See `Format`."""
    return without_place(conversation, NAME, _HOLDS)
