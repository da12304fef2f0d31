"""How the bytes of one row are read and written: the seam between kinds of file and the row store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class EditError(ValueError):
    """Why a text or a value cannot stand in a row: the words after "Row 12 …", without a full stop."""


EMPTY = "cannot be empty; delete it instead"
NOTHING = ("", None)
"""Values that a row loses nothing by not having: a field with one may be given where the file has no such field."""


class Codec(Protocol):
    """Rows of one kind of file. Texts are UTF-8; bytes that are not stand in them as lone surrogates."""

    @property
    def json(self) -> bool:
        """Whether a row is JSON text."""
        ...

    @property
    def lines(self) -> bool:
        """Whether each row is one line."""
        ...

    @property
    def fields(self) -> tuple[str, ...] | None:
        """The fields that every row has and no row can add to, such as the columns of a table; None: any."""
        ...

    def read(self, raw: str) -> dict[str, Any]:
        """The fields of a row. Raises RowError."""
        ...

    def change(self, raw: str, changes: Mapping[str, Any]) -> str:
        """The row with some fields set, every other character kept.

        Raises RowError when `raw` cannot be read, EditError for what this row cannot hold, TypeError for a value that
        JSON has no word for.
        """
        ...

    def encode(self, values: Mapping[str, Any], neighbour: str | None) -> str:
        """A new row, written as `neighbour` is (a row that can be read). Raises EditError and TypeError."""
        ...

    def given(self, text: str) -> str:
        """The text of a row as a person gives it, made fit to stand among the others.

        It is not empty and neither begins nor ends with a line break. Raises EditError for text that would be no row,
        or more than one.
        """
        ...
