"""Prompt and completion: `prompt` and `completion`, both texts or both lists of turns (TRL, mlx)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.formats.conversation import Conversation
from data.formats.losses import TURN_LISTS, without_place
from data.formats.pair import PairError
from data.formats.turns import SHARED, conversation_of, given_turns
from data.formats.writing import is_single, openai_turns, said, tools_list, with_system

NAME = "prompt and completion"
NEEDS = "prompt and completion"
_FIELDS = SHARED | {"prompt", "completion"}


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


def fields(values: Mapping[str, Any]) -> frozenset[str]:  # noqa: ARG001
    """See `Format`."""
    return _FIELDS


def write(conversation: Conversation) -> dict[str, Any]:
    """See `Format`; two texts where those say it all, else two lists of turns."""
    turns = with_system(conversation, said(conversation))
    prompt, completion = turns[:-1], turns[-1:]
    if completion[0].role != "assistant":
        raise PairError("ends without an answer")
    if not prompt:
        raise PairError("has no question")
    if is_single(prompt, "user") and is_single(completion, "assistant") and not conversation.tools:
        return {"prompt": prompt[0].text, "completion": completion[0].text}
    row: dict[str, Any] = {"prompt": openai_turns(prompt), "completion": openai_turns(completion)}
    return row | ({"tools": tools_list(conversation.tools)} if conversation.tools else {})


def losses(conversation: Conversation) -> list[str]:
    """See `Format`."""
    return without_place(conversation, NAME, TURN_LISTS)
