"""Writing an edited Parquet file: unedited rows come from the file itself, and it is laid out as it was."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

from data.atomic import AtomicFile
from data.errors import BurnishError
from data.rows.codec import EditError
from data.rows.container import Container
from data.rows.overlay import NEW_IDS, State
from data.rows.parquet_values import Columns
from data.rows.rendering import stretches
from data.rows.row import as_text
from data.rows.text import RowError, read_row

_GROUP = 1 << 20
"""Rows of a row group where the file has none to be measured (pyarrow's own default)."""


class ParquetPacking:
    """Writes all rows with the schema, metadata, compression and row-group size that the file had."""

    name = ""

    def __init__(self, open_file: Callable[[], Any], columns: Columns) -> None:
        """`open_file` gives a new `pyarrow.parquet.ParquetFile`."""
        self._open, self._columns = open_file, columns

    def write(self, file: AtomicFile, container: Container, state: State) -> None:
        """Write all rows. Raises OSError, and BurnishError when pyarrow cannot read or write them."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        old = self._open()
        try:
            with pq.ParquetWriter(_Sink(file), old.schema_arrow, **_layout(old)) as writer:
                groups = _Groups(writer, max(_group_sizes(old), default=0) or _GROUP)
                for table in self._tables(_Rows(old), container, state):
                    groups.add(table)
                groups.finish()
        except pa.ArrowException as error:
            sentence = f"The Parquet file was not written, and is as it was: {str(error).partition(chr(10))[0]}."
            raise BurnishError(sentence, title="Not saved") from error

    def _tables(self, rows: _Rows, container: Container, state: State) -> Iterator[Any]:
        for stretch in stretches(state):
            if stretch.text is None:
                yield from rows.tables(stretch.first, stretch.length)
            elif stretch.first < NEW_IDS:
                original = next(rows.tables(stretch.first, 1))
                yield self._row(stretch.text, original, container.index.text(stretch.first))
            else:
                yield self._row(stretch.text, None, b"{}")

    def _row(self, text: bytes, original: Any, original_text: bytes) -> Any:
        """A row as a table; what has the value that it has in the file is taken from there."""
        import pyarrow as pa

        try:
            values, before = read_row(as_text(text)), read_row(as_text(original_text))
            columns = [
                original.column(name)
                if original is not None and name in values and json.dumps(values[name]) == json.dumps(before[name])
                else self._columns.column(name, [values.get(name)])
                for name in self._columns.names
            ]
        except (RowError, EditError) as problem:
            raise BurnishError(f"A row {problem}, so the file was not written.", title="Not saved") from problem
        return pa.table(columns, schema=self._columns.schema)


class _Rows:
    """Rows of the file, read a row group at a time."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._starts = [0]
        for size in _group_sizes(file):
            self._starts.append(self._starts[-1] + size)
        self._group, self._table = -1, None

    def tables(self, first: int, count: int) -> Iterator[Any]:
        """Rows that follow each other, as tables."""
        stop = first + count
        for group, start in enumerate(self._starts[:-1]):
            begin, end = max(first, start), min(stop, self._starts[group + 1])
            if begin < end:
                if group != self._group:
                    self._group, self._table = group, self._file.read_row_group(group)
                assert self._table is not None
                yield self._table.slice(begin - start, end - begin)


class _Groups:
    """Puts tables of any size together to row groups of one size."""

    def __init__(self, writer: Any, size: int) -> None:
        self._writer, self._size = writer, size
        self._tables: list[Any] = []
        self._rows = 0

    def add(self, table: Any) -> None:
        self._tables.append(table)
        self._rows += table.num_rows
        while self._rows >= self._size:
            self._write(self._size)

    def finish(self) -> None:
        if self._rows:
            self._write(self._rows)

    def _write(self, count: int) -> None:
        import pyarrow as pa

        whole = pa.concat_tables(self._tables)
        self._writer.write_table(whole.slice(0, count), row_group_size=self._size)
        rest = whole.slice(count)
        self._tables, self._rows = ([rest], rest.num_rows) if rest.num_rows else ([], 0)


class _Sink(io.RawIOBase):
    """The new file as pyarrow writes to it."""

    def __init__(self, file: AtomicFile) -> None:
        super().__init__()
        self._file, self._size = file, 0

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._file.write(content)
        self._size += len(content)
        return len(content)

    def tell(self) -> int:
        return self._size


def _group_sizes(file: Any) -> list[int]:
    return [file.metadata.row_group(group).num_rows for group in range(file.metadata.num_row_groups)]


def _layout(file: Any) -> dict[str, Any]:
    """How the columns were written, in the words of `pyarrow.parquet.ParquetWriter`."""
    metadata = file.metadata
    layout: dict[str, Any] = {
        "version": metadata.format_version,
        "store_schema": b"ARROW:schema" in (metadata.metadata or {}),
    }
    if not metadata.num_row_groups:
        return layout
    group = metadata.row_group(0)
    chunks = [group.column(number) for number in range(group.num_columns)]
    paths = [chunk.path_in_schema for chunk in chunks]
    codecs = {path: chunk.compression for path, chunk in zip(paths, chunks, strict=True)}
    layout["compression"] = {path: "NONE" if codec == "UNCOMPRESSED" else codec for path, codec in codecs.items()}
    dictionaries = [path for path, chunk in zip(paths, chunks, strict=True) if chunk.has_dictionary_page]
    layout["use_dictionary"] = dictionaries or False
    layout["write_statistics"] = [
        path for path, chunk in zip(paths, chunks, strict=True) if chunk.is_stats_set
    ] or False
    layout["use_deprecated_int96_timestamps"] = any(chunk.physical_type == "INT96" for chunk in chunks)
    layout["use_compliant_nested_type"] = not any(".list.item" in path for path in paths)
    return layout
