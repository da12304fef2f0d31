"""Rows that are lines of plain text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.rows.codec import EMPTY, NOTHING, EditError
from data.rows.scalars import as_string
from data.rows.text import require_text

FIELD = "text"
"""The one field of a line."""


class TextCodec:
    """Lines of a text file, each with the one field `text`."""

    json = False
    lines = True
    fields = (FIELD,)

    def read(self, raw: str) -> dict[str, Any]:
        require_text(raw)
        return {FIELD: raw}

    def change(self, raw: str, changes: Mapping[str, Any]) -> str:
        return self.encode(self.read(raw) | dict(changes), None)

    def encode(self, values: Mapping[str, Any], neighbour: str | None) -> str:  # noqa: ARG002 - lines have no style
        if unknown := [field for field, value in values.items() if field != FIELD and value not in NOTHING]:
            raise EditError(f'cannot get the field "{unknown[0]}": a line of a text file has nothing but its {FIELD}')
        return self.given(as_string(FIELD, values.get(FIELD)))

    def given(self, text: str) -> str:
        if "\n" in text or "\r" in text:
            raise EditError("must be one line: a text file has no way to write a line break inside a row")
        if not text.strip():
            raise EditError(EMPTY)
        return text
