"""Prompt and completion: `prompt` and `completion`, both texts or both lists of turns (TRL, mlx)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.formats.conversation import Conversation
from data.formats.turns import conversation_of, given_turns

NAME = "prompt and completion"
NEEDS = "prompt and completion"


def evidence(values: Mapping[str, Any]) -> str:
    """See `Format`."""
    if "prompt" not in values or "completion" not in values:
        return ""
    return f"{NEEDS} as lists of turns" if isinstance(values["prompt"], list) else NEEDS


def conversation(values: Mapping[str, Any], row_number: int) -> Conversation:
    """See `Format`."""
    prompt = given_turns(values.get("prompt"), "prompt", "user")
    return conversation_of(
        values, prompt + given_turns(values.get("completion"), "completion", "assistant"), row_number
    )
