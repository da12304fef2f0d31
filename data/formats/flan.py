"""FLAN: `inputs` and `targets`, with the task that they come from (google-research/FLAN and the sets on the Hub)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.formats.conversation import Conversation, Turn
from data.formats.fields import needed
from data.formats.turns import conversation_of

NAME = "FLAN"
NEEDS = "inputs and targets"


def evidence(values: Mapping[str, Any]) -> str:
    """See `Format`."""
    return NEEDS if "inputs" in values and "targets" in values else ""


def conversation(values: Mapping[str, Any], row_number: int) -> Conversation:
    """See `Format`."""
    turns = (Turn("user", needed(values, "inputs")), Turn("assistant", needed(values, "targets")))
    return conversation_of(values, turns, row_number)
