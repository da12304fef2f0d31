"""Rows that are records of a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

from data.rows.codec import EMPTY, NOTHING, EditError
from data.rows.csv_dialect import Dialect, Field, Quotes, is_number, split
from data.rows.record_index import RecordIndex
from data.rows.scalars import as_string
from data.rows.source import Memory
from data.rows.text import RowError, require_text

_BREAKS = "\r\n"


class CsvCodec:
    """Records whose fields the header names; every value is a string."""

    json = False
    lines = False

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.fields = dialect.names
        self._quotes = dialect.quotes is not Quotes.NONE
        self._special = {dialect.delimiter, "\n", "\r", *('"' * self._quotes)}

    def read(self, raw: str) -> dict[str, Any]:
        require_text(raw)
        try:
            quoting = csv.QUOTE_MINIMAL if self._quotes else csv.QUOTE_NONE
            (values,) = csv.reader((raw,), delimiter=self.dialect.delimiter, quoting=quoting, strict=True)
        except (csv.Error, ValueError):
            values = []
        if len(values) != len(self.fields) or raw[-1] in _BREAKS:  # bad, or with fields too long for the csv module
            values = [field.value for field in self._fields(raw)]
        return dict(zip(self.fields, values, strict=True))

    def change(self, raw: str, changes: Mapping[str, Any]) -> str:
        fields = self._fields(raw)
        self._require_known(changes)
        parts: list[str] = []
        here = 0
        for name, field in zip(self.fields, fields, strict=True):
            value = as_string(name, changes[name]) if name in changes else field.value
            if value != field.value:
                parts += [raw[here : field.start], self._written(name, value, quoted=field.quoted)]
                here = field.end
        return self._not_blank("".join(parts) + raw[here:])

    def encode(self, values: Mapping[str, Any], neighbour: str | None) -> str:  # noqa: ARG002 - the file has one style
        self._require_known(values)
        texts = [self._written(name, as_string(name, values.get(name)), quoted=False) for name in self.fields]
        return self._not_blank(self.dialect.delimiter.join(texts))

    def given(self, text: str) -> str:
        content = text.encode("utf-8", "surrogatepass")
        index = RecordIndex(Memory(content + b"\n"), self.dialect.delimiter.encode(), 0, quotes=self._quotes)
        while index.advance(len(content) + 1) < 1:
            pass
        if len(index) != 1 or index.text(0) != content.removesuffix(b"\r"):
            raise EditError("must be one record: quotes closed, and line breaks only inside them")
        return text

    def _fields(self, raw: str) -> list[Field]:
        """Where each field is. Raises RowError."""
        require_text(raw)
        try:
            fields = split(raw, self.dialect.delimiter, quotes=self._quotes)
        except ValueError as problem:
            raise RowError(str(problem)) from problem
        if len(fields) != len(self.fields):
            has = f"{len(fields)} field{'s' * (len(fields) != 1)}"
            raise RowError(f"has {has} where the header names {len(self.fields)}")
        if any(not field.quoted and any(each in field.value for each in _BREAKS) for field in fields):
            raise RowError("has a line break outside quotes")
        return fields

    def _written(self, name: str, value: str, *, quoted: bool) -> str:
        quotes = self.dialect.quotes
        if quotes is Quotes.NONE:
            if any(each in value for each in self._special):
                what = "a tab" if self.dialect.delimiter == "\t" else f"a {self.dialect.delimiter!r}"
                raise EditError(f'cannot hold {what} or a line break in "{name}", because this file uses no quotes')
            return value
        everything = quotes is Quotes.ALL or (quotes is Quotes.TEXT and value and not is_number(value))
        if quoted or everything or any(each in value for each in self._special):
            return '"' + value.replace('"', '""') + '"'
        return value

    def _not_blank(self, text: str) -> str:
        if not text and not self._quotes:
            raise EditError(EMPTY)
        return text or '""'  # in a file with one column; a line of nothing would be no row

    def _require_known(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if name not in self.fields and value not in NOTHING:
                names = ", ".join(self.fields)
                raise EditError(f'cannot get the field "{name}": the header names {names}, and a row cannot add to it')
