"""Questions as keys: equal for questions that are merely typed differently."""

from __future__ import annotations

import re

from data.formats.conversation import Conversation

_WORDS = re.compile(r"\w+(?:[+#]+(?!\w))?")
"""C, C++ and C# are three things, as are a 500 and a 500+."""


def fold(question: str) -> str:
    """A question without case, punctuation and spacing: what stays equal when it is merely typed differently."""
    return " ".join(_WORDS.findall(question.casefold()))


def asked(conversation: Conversation) -> str:
    """All that the user says in a conversation; of text that nobody says, the text."""
    said = [turn.text for turn in conversation.turns if turn.role == "user"]
    if said:
        return "\n".join(said)
    both = conversation.preference
    turns = conversation.turns + (both.chosen if both else ())
    return turns[0].text if turns else ""


def answered(conversation: Conversation) -> str:
    """What the assistant says last, the chosen one of two answers; empty where it says nothing."""
    both = conversation.preference
    turns = conversation.turns + (both.chosen if both else ())
    return next((turn.text for turn in reversed(turns) if turn.role == "assistant"), "")
