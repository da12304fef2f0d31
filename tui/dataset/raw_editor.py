"""The whole text of a row, open for editing and checked as it is typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from data.rows.text import RowError
from tui.dataset.field import FieldArea

_CHARACTER = re.compile(r" ?\(character (\d+)\)|at character (\d+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that keeps a text from being a row."""

    sentence: str
    """With line and column, from 1, where there is a place."""
    offset: int | None
    """The place in the text, from 0."""


class RawArea(FieldArea):
    """A text area for the text of a row."""

    def __init__(self, text: str, read: Callable[[str], Mapping[str, Any]]) -> None:
        super().__init__("row", text)
        self._read = read

    def fault(self) -> Fault | None:
        """What is wrong with the text; None when it is a row."""
        return find_fault(self.value, self._read)


def find_fault(text: str, read: Callable[[str], Mapping[str, Any]]) -> Fault | None:
    """What is wrong with a text; None when `read` takes it for a row."""
    try:
        read(text)
    except RowError as error:
        found = _CHARACTER.search(str(error))
        if found is None:
            return Fault(f"the row {error}", None)
        offset = min(int(found[1] or found[2]) - 1, len(text))
        line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
        reason = _CHARACTER.sub("", str(error)).replace(" ()", "")
        return Fault(f"line {line}, column {column}: the row {reason}", offset)
    return None
