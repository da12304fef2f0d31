"""FLAN: `inputs` and `targets`, with the task that they come from (google-research/FLAN and the sets on the Hub)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.formats.conversation import Conversation, Turn
from data.formats.fields import needed
from data.formats.losses import Feature, without_place
from data.formats.turns import SHARED, conversation_of
from data.formats.writing import exchange

NAME = "FLAN"
NEEDS = "inputs and targets"
_FIELDS = SHARED | {"inputs", "targets"}
_HOLDS = frozenset((Feature.SPEAKERS,))


def evidence(values: Mapping[str, Any]) -> str:
    """See `Format`."""
    return NEEDS if "inputs" in values and "targets" in values else ""


def conversation(values: Mapping[str, Any], row_number: int) -> Conversation:
    """See `Format`."""
    turns = (Turn("user", needed(values, "inputs")), Turn("assistant", needed(values, "targets")))
    return conversation_of(values, turns, row_number)


def fields(values: Mapping[str, Any]) -> frozenset[str]:  # noqa: ARG001
    """See `Format`."""
    return _FIELDS


def write(conversation: Conversation) -> dict[str, Any]:
    """See `Format`."""
    found = exchange(conversation)
    return {"inputs": found.asked, "targets": found.answer}


def losses(conversation: Conversation) -> list[str]:
    """See `Format`."""
    return without_place(conversation, NAME, _HOLDS)
