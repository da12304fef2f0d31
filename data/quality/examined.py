"""One row as the checks see it: its fields, what it says, and each answer with its question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from data.formats.conversation import Conversation, Turn
from data.formats.format import Format
from data.formats.pair import PairError
from data.rows.row import LONG_ROW, Snapshot
from data.rows.text import RowError

LONGEST = 20_000
"""Characters of a text that are looked at: a text of megabytes must not hold up the screen."""


class Exchange(NamedTuple):
    """A question and the answer that a model is to learn."""

    question: str
    """Empty where the answer follows no question."""
    answer: str
    alone: bool
    """Whether no turn came before, so that the question can be understood by itself."""


@dataclass(frozen=True)
class Examined:
    """A row, read once for all checks."""

    index: int
    values: Mapping[str, Any] | None
    """Its fields; None where `error` says why there are none."""
    error: str | None
    """The words after "row 12 "."""
    conversation: Conversation | None
    """What it says; None where `problem` says why it is not of the file's format, and in a file of unknown format."""
    problem: str | None

    @cached_property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Its answers with their questions; not those that are marked as bad or not to be learnt."""
        conversation = self.conversation
        return () if conversation is None or conversation.label is False else tuple(_exchanges(conversation))

    @cached_property
    def pair(self) -> Exchange | None:
        """The exchange of a row that is one question with its answer and nothing more, not even an image."""
        conversation = self.conversation
        if conversation is None or len(self.exchanges) != 1 or conversation.media or conversation.tools:
            return None
        turns = turns_of(conversation)
        plain = [turn.role for turn in turns] == ["user", "assistant"] and not any(turn.media for turn in turns)
        return self.exchanges[0] if plain else None

    @cached_property
    def strings(self) -> tuple[tuple[str, str], ...]:
        """All texts in its fields, each with the name of the field."""
        return tuple((field, text) for field in self.values or () for text in _strings((self.values or {})[field]))

    def replaced(self, before: str, after: str, earlier: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The fields that change when a text is replaced wherever it is a whole value, with their new values.

        earlier: fields that were changed before, which take part as they are now. Nothing changes in a row that is
        nested too deeply.
        """
        now = {**(self.values or {}), **(earlier or {})}
        try:
            changed = {field: _replace(value, before, after) for field, value in now.items()}
            return {field: value for field, value in changed.items() if value != now[field]}
        except RecursionError:
            return {}


def turns_of(conversation: Conversation) -> tuple[Turn, ...]:
    """The turns of a row with the better of two answers."""
    return conversation.turns + (conversation.preference.chosen if conversation.preference else ())


class Reader:
    """Rows of a snapshot, in order or by index."""

    def __init__(self, snapshot: Snapshot, form: Format | None) -> None:
        self._snapshot, self._form = snapshot, form

    def __len__(self) -> int:
        return len(self._snapshot)

    def rows(self) -> Iterator[Examined]:
        """Every row in order."""
        for index, text in enumerate(self._snapshot.texts()):
            yield self._examined(index, text)

    def row(self, index: int) -> Examined:
        """One row."""
        return self._examined(index, self._snapshot.text(index))

    def _examined(self, index: int, text: bytes) -> Examined:
        if len(text) > LONG_ROW:
            return Examined(index, None, "is too long to be read as fields here", None, None)
        try:
            values = self._snapshot.read(text)
        except RowError as error:
            return Examined(index, None, str(error), None, None)
        try:
            conversation = self._form.conversation(values, index + 1) if self._form else None
        except PairError as error:
            return Examined(index, values, None, None, str(error))
        return Examined(index, values, None, conversation, None)


def _exchanges(conversation: Conversation) -> Iterator[Exchange]:
    question, alone = "", True
    for turn in turns_of(conversation):
        if turn.role == "user":
            question = turn.text[:LONGEST]
        elif turn.role == "assistant":
            if turn.text.strip() and turn.weight != 0:
                yield Exchange(question, turn.text[:LONGEST], alone)
            alone = False
        elif turn.role == "tool":
            alone = False


def _strings(value: Any) -> Iterator[str]:
    stack = [value]
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            stack.extend(reversed(value.values()))
        elif isinstance(value, list):
            stack.extend(reversed(value))


def _replace(value: Any, before: str, after: str) -> Any:
    if isinstance(value, str):
        return after if value == before else value
    if isinstance(value, dict):
        return {key: _replace(each, before, after) for key, each in value.items()}
    if isinstance(value, list):
        return [_replace(each, before, after) for each in value]
    return value
