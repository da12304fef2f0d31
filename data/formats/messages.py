"""OpenAI messages: `messages` (or another field) of turns with `role` and `content`, and at will `tools`.

A turn may hold parts of several kinds instead of a text, tool calls, and reasoning apart from the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.formats.conversation import Conversation
from data.formats.losses import TURN_LISTS, without_place
from data.formats.turns import OPENAI, SHARED, container, container_turns, conversation_of
from data.formats.writing import openai_turns, said, tools_list, with_system

NAME = "OpenAI messages"
NEEDS = f"messages of turns with {OPENAI}"


def evidence(values: Mapping[str, Any]) -> str:
    """See `Format`."""
    found = container(values)
    return f"{found[0]} of turns with {found[1]}" if found and found[1].role == OPENAI.role else ""


def conversation(values: Mapping[str, Any], row_number: int) -> Conversation:
    """See `Format`."""
    return conversation_of(values, container_turns(values), row_number)


def fields(values: Mapping[str, Any]) -> frozenset[str]:
    """See `Format`."""
    found = container(values)
    return SHARED | {found[0]} if found else SHARED


def write(conversation: Conversation) -> dict[str, Any]:
    """See `Format`; the system prompt becomes the first message."""
    row: dict[str, Any] = {"messages": openai_turns(with_system(conversation, said(conversation)))}
    return row | ({"tools": tools_list(conversation.tools)} if conversation.tools else {})


def losses(conversation: Conversation) -> list[str]:
    """See `Format`."""
    return without_place(conversation, NAME, TURN_LISTS)
