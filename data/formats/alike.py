"""A new row that is written as the rows around it are: in their format, with the fields that they have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.formats.conversation import Conversation, Role, Turn
from data.formats.format import Format
from data.formats.pair import PairError
from data.formats.writing import openai_turns

_SPEAKERS: Mapping[str, Role] = {
    "prompt": "user",
    "completion": "assistant",
    "chosen": "assistant",
    "rejected": "assistant",
}
"""Whose text a field holds that may be a list of turns as well (TRL)."""


def row_alike(conversation: Conversation, form: Format, near: Mapping[str, Any] | None) -> dict[str, Any]:
    """A row of a format that says this, with the names of the fields of `near`, another row, where they differ.

    Raises PairError when the format has no place for it.
    """
    row = form.write(conversation)
    if near is None:
        return row
    names = _names(form, near)
    alike: dict[str, Any] = {}
    for field, value in row.items():
        name = names.get(field, field)
        if name not in near and not value:
            continue
        alike[name] = _as_turns(field, value) if isinstance(near.get(name), list) else value
    return alike


def _names(form: Format, near: Mapping[str, Any]) -> dict[str, str]:
    """What another row calls the fields that the format writes, found by their values."""
    try:
        written = form.write(form.conversation(near, 1))
    except PairError:
        return {}
    missing = [(field, value) for field, value in written.items() if field not in near and value]
    found = {field: next((name for name, held in near.items() if held == value), None) for field, value in missing}
    return {field: name for field, name in found.items() if name is not None}


def _as_turns(field: str, value: Any) -> Any:
    role = _SPEAKERS.get(field)
    return openai_turns((Turn(role, value),)) if role is not None and isinstance(value, str) else value
