"""ShareGPT: `conversations` (or another field) of turns with `from` and `value`, and at will `system` and `tools`.

`from` is human, gpt, system, function_call or observation; `tools` is JSON in a text (LLaMA-Factory).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.formats.conversation import Conversation
from data.formats.turns import SHAREGPT, container, container_turns, conversation_of

NAME = "ShareGPT"
NEEDS = f"conversations of turns with {SHAREGPT}"


def evidence(values: Mapping[str, Any]) -> str:
    """See `Format`."""
    found = container(values)
    return f"{found[0]} of turns with {found[1]}" if found and found[1].role == SHAREGPT.role else ""


def conversation(values: Mapping[str, Any], row_number: int) -> Conversation:
    """See `Format`."""
    return conversation_of(values, container_turns(values), row_number)
