"""What every format is read into: turns of a conversation, and the better and the worse answer where a row has both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from data.formats.pair import Pair, PairError

Role = Literal["system", "user", "assistant", "tool", "text"]
"""Who speaks; "tool" is what a tool gave back, "text" what has no speaker (plain text to go on learning from)."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the assistant calls."""

    name: str
    arguments: Any
    """As the row has them: an object, or JSON in a text."""
    id: str | None = field(default=None, compare=False)
    """By which the tool's answer refers to the call."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says at once."""

    role: Role
    text: str
    reasoning: str = ""
    """What the assistant thinks before it speaks, where the row keeps that apart from the text."""
    calls: tuple[ToolCall, ...] = ()
    media: tuple[str, ...] = ()
    """Kinds of the content parts that are no text, as the row names them: `image_url`."""
    weight: float | None = None
    """How much of the turn's loss counts, 0 for not at all; None where the row does not say."""
    parts: tuple[Any, ...] = field(default=(), compare=False)
    """The parts of a content with media, as the row has them; empty where `text` says it all."""
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any], compare=False)
    """The turn's other keys, as the row has them: `name`, `tool_call_id`."""


@dataclass(frozen=True, slots=True)
class Preference:
    """Two ways in which the conversation may go on."""

    chosen: tuple[Turn, ...]
    rejected: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One row."""

    turns: tuple[Turn, ...]
    """In order, without the system prompt; with a preference, what comes before the two answers."""
    row_number: int
    """Row of the file, from 1."""
    system: str | None = None
    preference: Preference | None = None
    label: bool | None = None
    """Whether the answer is a good one, in a row that says so."""
    tools: Any = None
    """The tools that may be called, as the row has them: a list, or JSON in a text. None where there are none."""
    media: tuple[str, ...] = ()
    """The fields of the row that hold media, beside those in the turns: `images`."""
    context: str = field(default="", compare=False)
    """The end of the last question's text that the row keeps apart (Alpaca's `input`, Dolly's `context`)."""
    unread: str = field(default="", compare=False)
    """What of the row is not in here, in words: "other replies of the tree"."""

    def pair(self) -> Pair:
        """One question and its answer, the chosen one of two. Raises PairError where that is not the whole row."""
        turns = self.turns + (self.preference.chosen if self.preference else ())
        if not turns:
            raise PairError("has no turns")
        if self.label is False:
            raise PairError("is marked as a bad answer, which cannot be trained on as a question and its answer")
        if any(turn.role == "text" for turn in turns):
            raise PairError("is text without a question and an answer")
        self._check_carried(turns)
        if _roles(turns) != ["user", "assistant"]:
            raise PairError(_why_no_pair(_roles(turns)))
        question, answer = turns
        if not question.text.strip():
            raise PairError("has a question without text")
        if not answer.text.strip():
            raise PairError("has an answer without text")
        if answer.weight == 0:
            raise PairError("says that its answer is not to be trained on")
        return Pair(question.text, answer.text, self.row_number, self.system)

    def _check_carried(self, turns: tuple[Turn, ...]) -> None:
        """Raises PairError for what a pair has no place for."""
        media = [*self.media, *(kind for turn in turns for kind in turn.media)]
        if media:
            raise PairError(f"has {media[0]}, which cannot be trained on as text")
        if self.tools or any(turn.calls or turn.role == "tool" for turn in turns):
            raise PairError("has tools, which cannot be trained on as one question and answer")
        if any(turn.reasoning for turn in turns):
            raise PairError("has reasoning apart from its answer, which cannot be trained on as one answer")


def _roles(turns: tuple[Turn, ...]) -> list[str]:
    return [turn.role for turn in turns]


def _why_no_pair(roles: list[str]) -> str:
    if "user" not in roles:
        return "has no question"
    if roles[-1] != "assistant":
        return "ends without an answer"
    if roles == ["user", "assistant"] * (len(roles) // 2):
        return "has a history of earlier turns, which cannot be trained on as one question and answer"
    wrong = next(
        (place for place, role in enumerate(roles) if role != ("user", "assistant")[place % 2]), len(roles) - 1
    )
    return f"has its turns in an order that cannot be trained on: turn {wrong + 1} is of {roles[wrong]}"
