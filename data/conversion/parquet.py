"""Writing rows as Parquet. pyarrow is imported when a file is written."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from data.atomic import AtomicFile
from data.conversion.plan import Plan
from data.conversion.shape import Shape
from data.errors import BurnishError

_ROWS = 10_000
"""Rows written at once, which is also a row group."""


def write_parquet(plan: Plan, file: AtomicFile, say: Callable[[float], None]) -> None:
    """Write what was planned. Raises BurnishError for values that Parquet cannot hold, OSError."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(name, _type(shape)) for name, shape in plan.shape.fields.items()])
    with (
        os.fdopen(os.dup(file.descriptor), "wb") as sink,
        parquet.ParquetWriter(sink, schema, compression="zstd") as writer,
    ):
        rows: list[dict[str, Any]] = []
        for row in plan.source():
            rows += map(plan.shape.without_empty, plan.rows_of(row))
            if len(rows) >= _ROWS:
                writer.write_table(_table(rows, schema))
                rows = []
                say(row.number / max(len(plan.snapshot), 1))
        writer.write_table(_table(rows, schema))


def _table(rows: list[dict[str, Any]], schema: Any) -> Any:
    import pyarrow

    try:
        return pyarrow.Table.from_pylist(rows, schema)
    except (pyarrow.ArrowException, OverflowError, UnicodeEncodeError) as error:
        raise BurnishError(f"A row holds a value that Parquet cannot: {error}; choose JSONL instead.") from error


def _type(shape: Shape) -> Any:
    """The Arrow type that holds every value of a shape; texts where there are only nulls."""
    import pyarrow

    if shape.elements is not None:
        return pyarrow.list_(_type(shape.elements))
    if shape.fields:
        return pyarrow.struct([(name, _type(inner)) for name, inner in shape.fields.items()])
    simple = {bool: pyarrow.bool_(), int: pyarrow.int64()}
    if float in shape.types:
        return pyarrow.float64()
    return next((simple[kind] for kind in shape.types if kind in simple), pyarrow.string())
