"""What the editor is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from data.formats import alpaca
from data.formats.detect import format_of
from data.rows.style import Style
from data.rows.text import change, read_row, style_of
from tui.dataset.columns import ALPACA

_READABLE = Style(unit="  ")


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be edited."""

    title: str
    """"row 12" or "new row"."""
    values: Mapping[str, Any] | None
    """The fields of the row; None for a row that cannot be read, which is edited as text."""
    index: int | None
    """The row in the store; None for a row that does not exist yet."""
    text: str = ""
    """The row as it stands in the file."""
    at: int = 0
    """Where a new row goes."""
    json: bool = True
    """Whether the text of a row is JSON."""
    read: Callable[[str], dict[str, Any]] = read_row
    """The fields of a row's text; raises RowError."""

    def offered(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """All fields in their order; those that an Alpaca row lacks come as empty ones where a row can get a field."""
        items = list(values.items())
        named = "instruction" in values or "output" in values
        if self.json and named and format_of(values) in (alpaca, None):
            for place, name in enumerate(ALPACA):
                if name not in values:
                    items.insert(place, (name, ""))
        return dict(items)


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to become of the row: fields to set, or its whole text."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None


def readable(values: Mapping[str, Any]) -> str:
    """The fields as JSON over several lines."""
    return _READABLE.encode(dict(values), "")


def edit_of(draft: Draft, now: Mapping[str, Any]) -> Edit:
    """What makes the row of a draft say what it is to say now, with as few changes as can be.

    All fields of a new row. Where fields are gone or in another order, the row's text: the style and the other fields
    stay as they are in the first case.
    """
    if draft.index is None:
        return Edit(dict(now))
    before = draft.values or {}
    kept = [name for name in now if name in before]
    gone = [name for name in before if name not in now]
    if draft.json and draft.values is not None and kept != [name for name in before if name in now]:
        return Edit(text=style_of(draft.text).encode_row(dict(now)))
    if draft.json and draft.values is not None and gone:
        # `change` keeps the fields of the row it is given, but leaves out those that are gone from an object inside.
        return Edit(text=change('{"row": ' + draft.text + "}", {"row": dict(now)})[8:-1])
    shown = draft.offered(before)
    return Edit({name: value for name, value in now.items() if name not in shown or not same(value, shown[name])})


def same(one: object, other: object) -> bool:
    """Equal as JSON: 1, 1.0 and true are three different things."""
    return repr(one) == repr(other)
