"""Text: one `text` a row, to go on learning from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.formats.conversation import Conversation, Turn
from data.formats.fields import needed

NAME = "text"
NEEDS = "text"


def evidence(values: Mapping[str, Any]) -> str:
    """See `Format`."""
    return NEEDS if isinstance(values.get("text"), str) else ""


def conversation(values: Mapping[str, Any], row_number: int) -> Conversation:
    """See `Format`."""
    return Conversation((Turn("text", needed(values, "text")),), row_number)
