"""What a conversation has that not every format has a place for, in the words that name it to a person."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from data.formats.conversation import Conversation, Turn


class Feature(StrEnum):
    """One thing that a format may have no place for; the value stands after "3 rows have"."""

    SYSTEM = "a system prompt"
    HISTORY = "earlier turns"
    TOOLS = "tools or tool calls"
    ORDER = "turns that are not questions and answers in turn"
    CALL_TEXT = "text beside a tool call"
    REASONING = "reasoning apart from the answer"
    MEDIA = "media inside turns"
    WEIGHT = "turns with a training weight"
    CALL_ID = "ids of tool calls"
    KEYS = "other keys in their turns"
    REJECTED = "a rejected answer"
    LABEL = "a label (good or bad answer)"
    CONTEXT = "an input apart from the question"
    SPEAKERS = "speakers"


TURN_LISTS = frozenset(Feature) - {Feature.REJECTED, Feature.LABEL, Feature.CONTEXT}
"""What a list of turns with `role` and `content` holds."""

_IMPLIED = {Feature.TOOLS: (Feature.CALL_TEXT, Feature.CALL_ID), Feature.HISTORY: (Feature.ORDER,)}
"""What need not be named when the first is."""


def features(conversation: Conversation) -> Iterator[Feature]:
    """What a conversation has, in the order of `Feature`."""
    turns = conversation.turns + (conversation.preference.chosen if conversation.preference else ())
    found = {
        Feature.SYSTEM: conversation.system is not None or any(turn.role == "system" for turn in turns),
        Feature.HISTORY: len(turns) > 2,
        Feature.TOOLS: bool(conversation.tools) or any(turn.calls or turn.role == "tool" for turn in turns),
        Feature.ORDER: not in_order(turns),
        Feature.CALL_TEXT: any(turn.calls and turn.text.strip() for turn in turns),
        Feature.REASONING: any(turn.reasoning for turn in turns),
        Feature.MEDIA: any(turn.media for turn in turns),
        Feature.WEIGHT: any(turn.weight not in (None, float(turn.role == "assistant")) for turn in turns),
        Feature.CALL_ID: any(call.id for turn in turns for call in turn.calls),
        Feature.KEYS: any(turn.extra for turn in turns),
        Feature.REJECTED: conversation.preference is not None,
        Feature.LABEL: conversation.label is not None,
        Feature.CONTEXT: bool(conversation.context),
        Feature.SPEAKERS: any(turn.role != "text" for turn in turns),
    }
    return (feature for feature in Feature if found[feature])


def without_place(conversation: Conversation, name: str, holds: frozenset[Feature]) -> list[str]:
    """What the format `name`, which `holds` some features, cannot carry."""
    named = holds | {more for feature, implied in _IMPLIED.items() if feature not in holds for more in implied}
    lost = [f"{feature}, which {name} has no place for" for feature in features(conversation) if feature not in named]
    return [*lost, *([f"{conversation.unread}, which are not read"] if conversation.unread else [])]


def in_order(turns: tuple[Turn, ...]) -> bool:
    """Whether questions and answers take turns, from a question to an answer."""
    return len(turns) % 2 == 0 and all(
        turn.role == ("user", "assistant")[place % 2] and bool(turn.text) for place, turn in enumerate(turns)
    )
