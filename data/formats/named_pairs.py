"""Pairs of fields that other tools know by name: a question and its answer, each in one field.

Axolotl (`docs/dataset-formats/inst_tune.qmd`), AutoModel (`context`, `question`, `answer`), Kiln (`input`, `output`),
H2O and many sets on the Hub (`prompt`, `response`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.formats.conversation import Conversation, Turn
from data.formats.fields import text
from data.formats.losses import Feature, without_place
from data.formats.pair import PairError
from data.formats.turns import SHARED, conversation_of
from data.formats.writing import exchange

NAME = "question and answer"
NEEDS = "question and answer, or another known pair of fields"
_HOLDS = frozenset((Feature.SPEAKERS, Feature.CONTEXT))


@dataclass(frozen=True, slots=True)
class KnownPair:
    """How one tool calls the fields."""

    question: str
    answer: str
    context: str = ""
    """Belongs to the question, after it; a list of texts stands one a line."""
    system: str = ""
    explanation: str = ""
    """Belongs to the answer, after it."""

    @property
    def named(self) -> tuple[str, ...]:
        """All of its fields."""
        every = (self.system, self.context, self.question, self.answer, self.explanation)
        return tuple(field for field in every if field)


KNOWN = (
    KnownPair("question", "solution", context="choices", explanation="explanation"),
    KnownPair("question", "solution", context="choices"),
    KnownPair("question", "response", system="system_prompt"),
    KnownPair("question", "answer", context="context"),
    KnownPair("question", "answer", context="article"),
    KnownPair("question", "answer"),
    KnownPair("INSTRUCTION", "RESPONSE"),
    KnownPair("article", "summary"),
    KnownPair("message_1", "message_2"),
    KnownPair("prompt", "generation"),
    KnownPair("instruction", "response", context="input"),
    KnownPair("instruction", "response"),
    KnownPair("instruction", "revision"),
    KnownPair("prompt", "response"),
    KnownPair("query", "response"),
    KnownPair("question", "response"),
    KnownPair("input", "output"),
)
"""One that has all fields of another and more comes before it."""


def evidence(values: Mapping[str, Any]) -> str:
    """See `Format`."""
    found = _known(values)
    return " and ".join(filter(None, (", ".join(found.named[:-1]), found.named[-1]))) if found else ""


def conversation(values: Mapping[str, Any], row_number: int) -> Conversation:
    """See `Format`."""
    found = _known(values)
    if found is None:
        raise PairError(f"has no {NAME}")
    context = _lines(values, found.context)
    question = _joined(text(values, found.question), context)
    answer = _joined(text(values, found.answer), text(values, found.explanation))
    if not question or not answer:
        raise PairError(f"has no {found.answer if question else found.question}")
    read = {**values, "system": values[found.system]} if found.system else values
    return conversation_of(read, (Turn("user", question), Turn("assistant", answer)), row_number, context=context)


def fields(values: Mapping[str, Any]) -> frozenset[str]:
    """See `Format`."""
    found = _known(values)
    return SHARED | set(found.named) if found else SHARED


def write(conversation: Conversation) -> dict[str, Any]:
    """See `Format`, as AutoModel and Axolotl have it: `question` and `answer`, and `context` where there is one."""
    found = exchange(conversation)
    if not found.question or not found.context:
        return {"question": found.asked, "answer": found.answer}
    return {"context": found.context, "question": found.question, "answer": found.answer}


def losses(conversation: Conversation) -> list[str]:
    """See `Format`."""
    return without_place(conversation, NAME, _HOLDS)


def _known(values: Mapping[str, Any]) -> KnownPair | None:
    for known in KNOWN:
        if known.question == "input" and "instruction" in values:
            continue  # Alpaca, where the input belongs to the instruction
        if all(field in values for field in known.named) and all(
            isinstance(values[field], str | None) for field in (known.question, known.answer)
        ):
            return known
    return None


def _lines(values: Mapping[str, Any], field: str) -> str:
    value = values.get(field)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "\n".join(value)
    return text(values, field)


def _joined(first: str, second: str) -> str:
    return "\n\n".join(part for part in (first, second) if part)
