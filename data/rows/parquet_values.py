"""Values of Parquet columns as JSON, and back: what JSON has no word for is shown as text that reads back the same.

Times, dates and decimals are strings as Arrow writes them, bytes are base64, a duration is its number of units, and
the entries of a map are pairs. pyarrow is imported when a Parquet file is opened.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from data.rows.codec import NOTHING, EditError

_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?")
_SHOWN = 40


class Columns:
    """The columns of one Parquet file."""

    def __init__(self, schema: Any) -> None:
        """`schema`: a `pyarrow.Schema`."""
        import pyarrow as pa

        self.names: list[str] = list(schema.names)
        self.schema = schema
        self._fields = {field.name: field for field in schema}
        self._shown = pa.schema([_with_type(field, _stand_in(field.type)) for field in schema])
        self._bytes = [field.name for field in schema if _has_bytes(field.type)]

    def rows(self, batch: Any) -> list[dict[str, Any]]:
        """The rows of a `pyarrow.RecordBatch` as values that JSON can hold. Raises what pyarrow raises."""
        import pyarrow as pa

        rows = pa.Table.from_batches([batch], self.schema).cast(self._shown).to_pylist()
        for name in self._bytes:
            kind = self._fields[name].type
            for row in rows:
                row[name] = _to_json(kind, row[name])
        return rows

    def column(self, name: str, values: Sequence[Any]) -> Any:
        """JSON values as a `pyarrow.Array` of the type of a column. Raises EditError for one that does not fit."""
        import pyarrow as pa

        field = self._fields[name]
        try:
            prepared = [_prepared(field, value) for value in values]
            return pa.array(prepared, _stand_in(field.type, times=False)).cast(field.type)
        except _NoValueError as error:
            raise EditError(f'must have a value in "{name}": its column allows no null') from error
        except (_UnfitError, pa.ArrowException, OverflowError, ValueError, TypeError) as error:
            value = json.dumps(values[0] if len(values) == 1 else values, ensure_ascii=False, default=str)
            shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
            raise EditError(f'cannot hold {shown} in "{name}", whose column is of the type {field.type}') from error

    def fitted(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as they will be read when they were saved: rounded to the type of their column, complete.

        Raises EditError for a column that there is not, or a value that does not fit its column.
        """
        fitted: dict[str, Any] = {}
        for name, value in values.items():
            if name not in self._fields:
                if value in NOTHING:
                    continue
                has = ", ".join(self.names)
                raise EditError(f'cannot get the field "{name}": the columns are {has}, and a row cannot add to them')
            (shown,) = self.column(name, [value]).cast(self._shown.field(name).type).to_pylist()
            fitted[name] = _to_json(self._fields[name].type, shown)
        return fitted


class _UnfitError(Exception):
    """A value is of another kind than its column."""


class _NoValueError(Exception):
    """A value is missing where there must be one."""


def _with_type(field: Any, kind: Any) -> Any:
    return field.with_type(kind)


def _stand_in(kind: Any, *, times: bool = True) -> Any:
    """The Arrow type that a type is shown as; `times`: times of day as strings, else as their number of units."""
    import pyarrow as pa

    types = pa.types

    def inner(field: Any) -> Any:
        return _with_type(field, _stand_in(field.type, times=times))

    if isinstance(kind, pa.BaseExtensionType):
        return _stand_in(kind.storage_type, times=times)
    if types.is_time(kind) and not times:
        return pa.int32() if types.is_time32(kind) else pa.int64()
    if types.is_timestamp(kind) or types.is_date(kind) or types.is_time(kind) or types.is_decimal(kind):
        return pa.string()
    if types.is_duration(kind):
        return pa.int64()
    if types.is_dictionary(kind):
        return _stand_in(kind.value_type, times=times)
    if types.is_map(kind):
        return pa.map_(inner(kind.key_field), inner(kind.item_field))
    if types.is_struct(kind):
        return pa.struct([inner(each) for each in kind.fields])
    if types.is_fixed_size_list(kind):
        return pa.list_(inner(kind.value_field), kind.list_size)
    if types.is_list(kind) or types.is_list_view(kind):
        return pa.list_(inner(kind.value_field))
    if types.is_large_list(kind) or types.is_large_list_view(kind):
        return pa.large_list(inner(kind.value_field))
    return kind


def _is_bytes(kind: Any) -> bool:
    from pyarrow import types

    return (
        types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_fixed_size_binary(kind)
        or types.is_binary_view(kind)
    )


def _is_list(kind: Any) -> bool:
    from pyarrow import types

    return (
        types.is_list(kind)
        or types.is_large_list(kind)
        or types.is_fixed_size_list(kind)
        or types.is_list_view(kind)
        or types.is_large_list_view(kind)
    )


def _bare(kind: Any) -> Any:
    """A type without what only says how it is kept."""
    import pyarrow as pa

    if isinstance(kind, pa.BaseExtensionType):
        return _bare(kind.storage_type)
    return _bare(kind.value_type) if pa.types.is_dictionary(kind) else kind


def _has_bytes(kind: Any) -> bool:
    from pyarrow import types

    kind = _bare(kind)
    if types.is_map(kind):
        return _has_bytes(kind.key_type) or _has_bytes(kind.item_type)
    if types.is_struct(kind):
        return any(_has_bytes(each.type) for each in kind.fields)
    return _has_bytes(kind.value_type) if _is_list(kind) else _is_bytes(kind)


def _to_json(kind: Any, value: Any) -> Any:
    """What `to_pylist` made of a value, with its bytes as base64."""
    from pyarrow import types

    kind = _bare(kind)
    if value is None:
        return None
    if types.is_map(kind):
        return [[_to_json(kind.key_type, key), _to_json(kind.item_type, item)] for key, item in value]
    if types.is_struct(kind):
        return {each.name: _to_json(each.type, value[each.name]) for each in kind.fields}
    if _is_list(kind):
        return [_to_json(kind.value_type, each) for each in value]
    return base64.b64encode(value).decode() if _is_bytes(kind) else value


def _prepared(field: Any, value: Any) -> Any:
    """A JSON value as pyarrow takes it. Raises _UnfitError for one of another kind, _NoValueError for a missing one."""
    from pyarrow import types

    kind = _bare(field.type)
    if value is None:
        if not field.nullable:
            raise _NoValueError
        return None
    if types.is_map(kind):
        if not all(isinstance(pair, list) and len(pair) == 2 for pair in _of(list, value)):
            raise _UnfitError
        return [(_prepared(kind.key_field, key), _prepared(kind.item_field, item)) for key, item in value]
    if types.is_struct(kind):
        if _of(dict, value).keys() - {each.name for each in kind.fields}:
            raise _UnfitError
        return {each.name: _prepared(each, value.get(each.name)) for each in kind.fields}
    if _is_list(kind):
        return [_prepared(kind.value_field, each) for each in _of(list, value)]
    if _is_bytes(kind):
        try:
            return base64.b64decode(_of(str, value), validate=True)
        except binascii.Error as error:
            raise _UnfitError from error
    if types.is_time(kind):
        return _units(_of(str, value), kind.unit)
    if types.is_boolean(kind):
        return _of(bool, value)
    if types.is_integer(kind) or types.is_duration(kind):
        return _of(int, value)
    if types.is_floating(kind):
        return value if isinstance(value, float) else _of(int, value)
    return _of(str, value)


def _of(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise _UnfitError
    return value


def _units(text: str, unit: str) -> int:
    """A time of day such as 13:07:42.125 in units since midnight."""
    found = _TIME.fullmatch(text)
    if not found:
        raise _UnfitError
    nanoseconds = int((found[4] or "").ljust(9, "0"))
    units = ((int(found[1]) * 60 + int(found[2])) * 60 + int(found[3])) * 10**9 + nanoseconds
    return units // 10 ** {"s": 9, "ms": 6, "us": 3, "ns": 0}[unit]
