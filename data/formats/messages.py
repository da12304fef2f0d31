"""OpenAI messages: `messages` (or another field) of turns with `role` and `content`, and at will `tools`.

A turn may hold parts of several kinds instead of a text, tool calls, and reasoning apart from the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.formats.conversation import Conversation
from data.formats.turns import OPENAI, container, container_turns, conversation_of

NAME = "OpenAI messages"
NEEDS = f"messages of turns with {OPENAI}"


def evidence(values: Mapping[str, Any]) -> str:
    """See `Format`."""
    found = container(values)
    return f"{found[0]} of turns with {found[1]}" if found and found[1].role == OPENAI.role else ""


def conversation(values: Mapping[str, Any], row_number: int) -> Conversation:
    """See `Format`."""
    return conversation_of(values, container_turns(values), row_number)
