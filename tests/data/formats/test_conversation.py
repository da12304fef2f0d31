"""Which conversations are one question and its answer."""

from __future__ import annotations

import pytest

from data.formats.conversation import Conversation, Preference, ToolCall, Turn
from data.formats.pair import Pair, PairError

Q, A = Turn("user", "q"), Turn("assistant", "a")


@pytest.mark.parametrize(
    "conversation",
    [
        Conversation((Q, A), 3, "s"),
        Conversation((Q, A), 3, "s", label=True),
        Conversation((Q,), 3, "s", Preference((A,), (Turn("assistant", "b"),))),
        Conversation((Turn("user", "q", weight=0.0), Turn("assistant", "a", weight=1.0)), 3, "s"),
    ],
)
def test_pair(conversation: Conversation) -> None:
    assert conversation.pair() == Pair("q", "a", 3, "s")


@pytest.mark.parametrize(
    ("conversation", "words"),
    [
        (Conversation((), 3), "has no turns"),
        (Conversation((Q,), 3), "ends without an answer"),
        (Conversation((A,), 3), "has no question"),
        (Conversation((Q, A, Q), 3), "ends without an answer"),
        (
            Conversation((Q, A, Q, A), 3),
            "has a history of earlier turns, which cannot be trained on as one question and answer",
        ),
        (Conversation((A, Q, A), 3), "has its turns in an order that cannot be trained on: turn 1 is of assistant"),
        (Conversation((Q, Q, A), 3), "has its turns in an order that cannot be trained on: turn 2 is of user"),
        (Conversation((Q, A, A), 3), "has its turns in an order that cannot be trained on: turn 3 is of assistant"),
        (
            Conversation((Q, Turn("system", "s"), A), 3),
            "has its turns in an order that cannot be trained on: turn 2 is of system",
        ),
        (Conversation((Turn("user", " "), A), 3), "has a question without text"),
        (Conversation((Q, Turn("assistant", "")), 3), "has an answer without text"),
        (Conversation((Turn("text", "t"),), 3), "is text without a question and an answer"),
        (
            Conversation((Q, A), 3, label=False),
            "is marked as a bad answer, which cannot be trained on as a question and its answer",
        ),
        (Conversation((Q, Turn("assistant", "a", weight=0.0)), 3), "says that its answer is not to be trained on"),
        (Conversation((Q, A), 3, media=("images",)), "has images, which cannot be trained on as text"),
        (
            Conversation((Turn("user", "q", media=("image_url",)), A), 3),
            "has image_url, which cannot be trained on as text",
        ),
        (
            Conversation((Q, A), 3, tools=[{"name": "t"}]),
            "has tools, which cannot be trained on as one question and answer",
        ),
        (
            Conversation((Q, Turn("assistant", "", calls=(ToolCall("t", {}),))), 3),
            "has tools, which cannot be trained on as one question and answer",
        ),
        (
            Conversation((Q, Turn("assistant", "a", "because")), 3),
            "has reasoning apart from its answer, which cannot be trained on as one answer",
        ),
    ],
)
def test_what_is_more_or_less_than_a_pair_is_said(conversation: Conversation, words: str) -> None:
    with pytest.raises(PairError) as caught:
        conversation.pair()
    assert str(caught.value) == words
