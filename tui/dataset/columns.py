"""Which parts of a row are its question and its answer, which columns a table of them has, and what is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.formats import alpaca, kto, plain_text, preference
from data.formats.conversation import Conversation, Turn
from data.formats.detect import format_of, look
from data.formats.mapping import FieldMapping
from data.formats.pair import PairError
from data.rows.row import Row
from data.store import RowStore

QUESTION = ("instruction", "prompt", "question", "query")
INPUT = ("input", "context")
ANSWER = ("output", "response", "completion", "answer")
ALPACA = ("instruction", "input", "output")
"""The fields of a new row in a file that has no rows to take after."""
_MOST_COLUMNS = 4
"""Columns of a file whose fields mean nothing known."""


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of the table that takes its share of the width."""

    title: str
    share: int
    """Of the width left to text, compared with the other columns."""


_TEXT = (TextColumn("text", 1),)
_PREFERENCE = (TextColumn("question", 3), TextColumn("chosen", 3), TextColumn("rejected", 3))
_LABELLED = (TextColumn("question", 9), TextColumn("answer", 9), TextColumn("label", 2))
_PAIR = (TextColumn("question", 45), TextColumn("answer", 55))


class Format:
    """What the fields of a file mean, as far as that is known."""

    def __init__(self, store: RowStore, mapping: FieldMapping | None = None) -> None:
        """Looks at some rows; with a mapping, that says what the fields are."""
        found = look(store, mapping)
        empty = not len(store) and mapping is None
        self.mapping = mapping
        """What a person said of the fields, if they did."""
        self.form = alpaca if empty else found.format
        """The format that the rows are read by; None when none is known."""
        self.evidence = "a new row gets instruction, input and output" if empty else found.evidence
        """What shows it, a clause for a person."""
        sample = (store.row(index).values for index in range(min(len(store), 100)))
        named = dict.fromkeys(name for values in sample if values for name in values)
        self.fields = tuple(named) or ALPACA
        """The names that a filter knows."""

    @property
    def name(self) -> str:
        """For a person."""
        return self.form.NAME if self.form is not None else "fields of its own"

    @property
    def columns(self) -> tuple[TextColumn, ...]:
        """The columns that hold a row's text."""
        form = self.form
        if form is None:
            return tuple(TextColumn(name, 1) for name in self.fields[:_MOST_COLUMNS])
        if form is plain_text:
            return _TEXT
        if form is preference or (isinstance(form, FieldMapping) and form.chosen):
            return _PREFERENCE
        return _LABELLED if form is kto or (isinstance(form, FieldMapping) and form.label) else _PAIR

    def cells(self, values: Mapping[str, Any], number: int) -> tuple[str, ...]:
        """The text of each of `columns`; a row of another format shows its own question and answer."""
        if self.form is None:
            return tuple(text_of(values.get(column.title, "")) for column in self.columns)
        try:
            said = self._conversation(values, number)
        except PairError:
            texts = (question_of(values), answer_of(values), "")
            return texts[: len(self.columns)]
        question, answer, columns = _question(said), _answer(said), self.columns
        if columns is _TEXT:
            return (answer or question,)
        if columns is _PREFERENCE:
            return question, answer, _texts(said.preference.rejected) if said.preference else ""
        if columns is _LABELLED:
            return question, answer, "" if said.label is None else "good" if said.label else "bad"
        return question, answer

    def problem(self, row: Row) -> str | None:
        """Why a row cannot be used, in a few words; None when it can."""
        return row.error if row.values is None else self.lack(row.values)

    def lack(self, values: Mapping[str, Any]) -> str | None:
        """What fields that can be read do not give."""
        if self.form is None:
            return None
        own = format_of(values) if not self.form.evidence(values) else None
        if own is not None:
            return f"is {own.NAME}, where the file is {self.name}"
        try:
            self.form.conversation(values, 0)
        except PairError as error:
            return str(error)
        return None

    def question(self, values: Mapping[str, Any]) -> str:
        """What a row asks first; empty where it asks nothing."""
        try:
            return _question(self._conversation(values, 0))
        except PairError:
            return question_of(values)

    def answer(self, values: Mapping[str, Any]) -> str:
        """What a row answers last, the better one of two."""
        try:
            return _answer(self._conversation(values, 0))
        except PairError:
            return answer_of(values)

    def turns(self, values: Mapping[str, Any]) -> int:
        """How many turns a row has, the system prompt not counted; 0 where it has none."""
        try:
            said = self._conversation(values, 0)
        except PairError:
            return 0
        return len(said.turns) + (len(said.preference.chosen) if said.preference else 0)

    def system(self, values: Mapping[str, Any]) -> str:
        """The row's system prompt; empty where it has none."""
        try:
            return self._conversation(values, 0).system or ""
        except PairError:
            return ""

    def _conversation(self, values: Mapping[str, Any], number: int) -> Conversation:
        form = self.form if self.form is not None and self.form.evidence(values) else format_of(values) or self.form
        if form is None:
            raise PairError("is of no known format")
        return form.conversation(values, number)


def _question(said: Conversation) -> str:
    return next((turn.text for turn in said.turns if turn.role == "user"), "")


def _answer(said: Conversation) -> str:
    if said.preference is not None:
        return _texts(said.preference.chosen)
    return next((turn.text for turn in reversed(said.turns) if turn.role in ("assistant", "text")), "")


def _texts(turns: tuple[Turn, ...]) -> str:
    return "  ".join(turn.text for turn in turns)


def question_field(values: Mapping[str, Any]) -> str | None:
    """The field that asks."""
    return _first(values, QUESTION)


def answer_field(values: Mapping[str, Any]) -> str | None:
    """The field that answers."""
    return _first(values, ANSWER)


def question_of(values: Mapping[str, Any]) -> str:
    """The whole question, what it refers to included; of an unknown kind of row its first field."""
    field = question_field(values)
    if field is None:
        return text_of(next(iter(values.values()), ""))
    more = _first(values, INPUT)
    extra = text_of(values[more]) if more is not None else ""
    return f"{text_of(values[field])}\n\n{extra}" if extra.strip() else text_of(values[field])


def answer_of(values: Mapping[str, Any]) -> str:
    """The answer; of an unknown kind of row all fields but the first."""
    field = answer_field(values)
    if field is not None:
        return text_of(values[field])
    if question_field(values) is not None:
        return ""
    return "  ".join(text_of(value) for value in list(values.values())[1:])


def new_fields(values: Mapping[str, Any] | None, fixed: Sequence[str] | None = None) -> dict[str, str]:
    """The empty fields of a new row beside a row like this one; `fixed`: those that the file has, where it says so."""
    if fixed is not None:
        return dict.fromkeys([name for name in fixed if name in (*QUESTION, *INPUT, *ANSWER)] or fixed, "")
    if values is None:
        return dict.fromkeys(ALPACA, "")
    known = [name for name in values if name in (*QUESTION, *INPUT, *ANSWER)]
    whole = question_field(values) is not None and answer_field(values) is not None
    return dict.fromkeys(known if whole else ALPACA, "")


def text_of(value: object) -> str:
    """A field's value as a person reads it: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _first(values: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in values), None)
