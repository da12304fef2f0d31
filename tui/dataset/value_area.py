"""One field of a row that is no text, open for editing as JSON."""

from __future__ import annotations

from typing import Any

from data.errors import InputError
from data.rows.style import Style
from data.rows.text import RowError, read_row
from tui.dataset.field import FieldArea

_ONE_LINE = 60
"""Characters up to which an object or a list stays on one line."""


class ValueArea(FieldArea):
    """A text area for a number, true, false, null, a list or an object."""

    def __init__(self, name: str, value: Any) -> None:
        self._given = value
        super().__init__(name, _written(value))

    @property
    def parsed(self) -> Any:
        """The value. Raises InputError with a sentence when the text is no JSON; what was not touched is as given."""
        if not self.changed:
            return self._given
        try:
            found = read_row('{"": ' + self.value + "}")
        except RowError as error:
            # The place would count what was put around the text.
            raise InputError(f"{self.name} {str(error).partition(' (char')[0]}; a text needs quotes.") from None
        if len(found) != 1:
            raise InputError(f"{self.name} holds more than one value; a list needs brackets.")
        return found[""]

    @property
    def problem(self) -> str:
        """Why the text is no JSON; empty when it is."""
        try:
            self.parsed  # noqa: B018 - it raises
        except InputError as error:
            return error.sentence
        return ""


def _written(value: Any) -> str:
    """A value as JSON, over several lines where it is long."""
    short = Style().encode(value)
    return short if len(short) <= _ONE_LINE else Style(unit="  ").encode(value, "")
