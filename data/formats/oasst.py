"""OASST: a message, a tree of messages with their replies, or a thread, told apart by the id that a row has.

Source: LAION-AI/Open-Assistant, `oasst-data/README.md`. Of a tree, its best branch is read: at each message the reply
with the lowest rank that is not deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from data.formats.conversation import Conversation, Turn
from data.formats.pair import PairError
from data.formats.turns import TurnKeys, conversation_of, read_turn, read_turns

NAME = "OASST"
NEEDS = "message_id with text, message_tree_id with prompt, or thread_id with thread"
_KEYS = TurnKeys("role", "text")


def evidence(values: Mapping[str, Any]) -> str:
    """See `Format`."""
    if "thread_id" in values and isinstance(values.get("thread"), list):
        return "thread_id and thread (a thread)"
    if "message_tree_id" in values and isinstance(values.get("prompt"), dict):
        return "message_tree_id and prompt (a tree)"
    return "message_id, role and text (a message)" if {"message_id", "role", "text"} <= values.keys() else ""


def conversation(values: Mapping[str, Any], row_number: int) -> Conversation:
    """See `Format`; a message is a conversation of one turn."""
    if "thread" in values:
        turns = read_turns(values["thread"], "thread", _KEYS)
    elif isinstance(values.get("prompt"), dict):
        turns = tuple(_best_branch(values["prompt"]))
    elif "message_id" in values:
        turns = (read_turn(values, _KEYS, "a message"),)
    else:
        raise PairError("has no message, no tree and no thread")
    return conversation_of(values, turns, row_number)


def _best_branch(prompt: dict[str, Any]) -> Iterator[Turn]:
    message, place = prompt, 0
    while message is not None:
        place += 1
        yield read_turn(message, _KEYS, f"message {place} of the best branch")
        replies = message.get("replies") or []
        if not isinstance(replies, list) or not all(isinstance(reply, dict) for reply in replies):
            raise PairError("has replies that are no list of messages")
        left = [reply for reply in replies if reply.get("deleted") is not True]
        message = min(left, key=_rank, default=None)


def _rank(message: Mapping[str, Any]) -> float:
    """0 is the best; a message without a rank comes last."""
    rank = message.get("rank")
    return rank if isinstance(rank, int | float) else float("inf")
