"""OASST: a message, a tree of messages with their replies, or a thread, told apart by the id that a row has.

Source: LAION-AI/Open-Assistant, `oasst-data/README.md`. Of a tree, its best branch is read: at each message the reply
with the lowest rank that is not deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from data.formats.conversation import Conversation, Turn
from data.formats.losses import Feature, without_place
from data.formats.pair import PairError
from data.formats.turns import TurnKeys, conversation_of, read_turn, read_turns
from data.formats.writing import said

NAME = "OASST"
NEEDS = "message_id with text, message_tree_id with prompt, or thread_id with thread"
_KEYS = TurnKeys("role", "text")
_HOLDS = frozenset((Feature.HISTORY, Feature.ORDER, Feature.KEYS, Feature.CONTEXT, Feature.SPEAKERS))
_ROLES = {"user": "prompter", "assistant": "assistant"}


def evidence(values: Mapping[str, Any]) -> str:
    """See `Format`."""
    if "thread_id" in values and isinstance(values.get("thread"), list):
        return "thread_id and thread (a thread)"
    if "message_tree_id" in values and isinstance(values.get("prompt"), dict):
        return "message_tree_id and prompt (a tree)"
    return "message_id, role and text (a message)" if {"message_id", "role", "text"} <= values.keys() else ""


def conversation(values: Mapping[str, Any], row_number: int) -> Conversation:
    """See `Format`; a message is a conversation of one turn."""
    unread = ""
    if "thread" in values:
        turns = read_turns(values["thread"], "thread", _KEYS)
    elif isinstance(values.get("prompt"), dict):
        turns = tuple(_best_branch(values["prompt"]))
        unread = "other replies in their tree" if _branches(values["prompt"]) else ""
    elif "message_id" in values:
        turns = (replace(read_turn(values, _KEYS, "a message"), extra={}),)
    else:
        raise PairError("has no message, no tree and no thread")
    return replace(conversation_of(values, turns, row_number), unread=unread)


def fields(values: Mapping[str, Any]) -> frozenset[str]:
    """See `Format`."""
    if "thread" in values:
        return frozenset(("thread",))
    return frozenset(("prompt",)) if isinstance(values.get("prompt"), dict) else frozenset(("role", "text"))


def write(conversation: Conversation) -> dict[str, Any]:
    """See `Format`; a thread, whose messages get an id made of their place and text where they have none."""
    thread: list[dict[str, Any]] = []
    for place, turn in enumerate(said(conversation)):
        if turn.role not in _ROLES or (turn.calls and not turn.text):
            continue
        beside = {key: value for key, value in turn.extra.items() if key not in ("text", "role", "replies")}
        made = str(uuid5(NAMESPACE_OID, f"{conversation.row_number} {place} {turn.text}"))
        thread.append({"message_id": made, "text": turn.text, "role": _ROLES[turn.role], **beside})
    if not thread:
        raise PairError("has no turns")
    return {"thread_id": thread[-1]["message_id"], "thread": thread}


def losses(conversation: Conversation) -> list[str]:
    """See `Format`."""
    return without_place(conversation, NAME, _HOLDS)


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


def _branches(message: Any) -> bool:
    """Whether any message on the best branch has more than one reply."""
    while message is not None:
        replies = message.get("replies") or []
        if len(replies) > 1:
            return True
        message = replies[0] if replies else None
    return False
