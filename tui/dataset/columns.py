"""Which fields of a row are its question and its answer, and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from data.formats import alpaca
from data.formats.pair import PairError
from data.rows.row import Row
from data.store import RowStore

_SAMPLE = 100
"""Rows that tell the format of a file."""
QUESTION = ("instruction", "prompt", "question", "query")
INPUT = ("input", "context")
ANSWER = ("output", "response", "completion", "answer")
ALPACA = ("instruction", "input", "output")
"""The fields of a new row in a file that has no rows to take after."""


class Format:
    """What the fields of a file mean, as far as that is known."""

    def __init__(self, store: RowStore) -> None:
        rows = (store.row(index) for index in range(min(len(store), _SAMPLE)))
        sample = [row.values for row in rows if row.values is not None]
        self._alpaca = not sample or alpaca.recognise(sample)
        self.name = alpaca.NAME if self._alpaca else "fields of its own"
        """For a person."""
        self.fields = sorted({name for values in sample for name in values} | set(ALPACA if self._alpaca else ()))
        """The names that a filter knows."""

    def problem(self, row: Row) -> str | None:
        """Why a row cannot be used, in a few words; None when it can."""
        return row.error if row.values is None else self.lack(row.values)

    def lack(self, values: dict[str, Any]) -> str | None:
        """What fields that can be read do not give."""
        if not self._alpaca:
            return None
        try:
            alpaca.pair(values, 0)
        except PairError as error:
            return str(error)
        return None


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


def editable_fields(values: Mapping[str, Any]) -> dict[str, str]:
    """The fields that are text, in their order; those that an Alpaca row lacks come as empty ones."""
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    if "instruction" in values or "output" in values:
        for place, name in enumerate(ALPACA):
            if name not in values:
                items = list(texts.items())
                texts = dict([*items[:place], (name, ""), *items[place:]])
    return texts


def new_fields(values: Mapping[str, Any] | None) -> dict[str, str]:
    """The empty fields of a new row beside a row like this one."""
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
