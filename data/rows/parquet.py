"""Parquet files: their rows as JSON lines in a working copy, so that they are edited as those of a JSONL file are."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from data.errors import InputError
from data.rows.codec import EditError
from data.rows.container import Container, Kind
from data.rows.json_codec import JsonCodec
from data.rows.line_index import LineIndex
from data.rows.parquet_saving import ParquetPacking
from data.rows.parquet_values import Columns
from data.rows.source import Source
from data.rows.text import RowError
from data.rows.working_copy import UnpackError, WorkingCopy

MAGIC = b"PAR1"
_BATCH = 1000
_BUFFER = 1 << 20


def open_parquet(path: Path, source: Source) -> Container:
    """A Parquet file as a container. Raises InputError for a damaged one, and when pyarrow is not installed."""
    try:
        import pyarrow as pa
    except ImportError as error:
        sentence = (
            f"{path} is a Parquet file, which needs pyarrow: install burnish with its training packages "
            "(`pip install 'burnish[train]'`), or turn it into JSONL first."
        )
        raise InputError(sentence, title="Needs pyarrow") from error
    table = ParquetTable(source)
    try:
        schema = table.open().schema_arrow
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path} is a damaged Parquet file: {_first_line(error)}.", title="Damaged file") from error
    names = schema.names
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f'{path} has two columns with the name "{twice}"; give each a name of its own first.')
    columns = Columns(schema)
    content = ParquetCopy(path, table, columns)
    evidence = f"the schema names {len(names)} column{'s' * (len(names) != 1)}: {', '.join(names[:8])}"
    packing = ParquetPacking(table.open, columns)
    return Container(Kind.PARQUET, LineIndex(content), ParquetCodec(columns), content, evidence, packing)


class ParquetTable:
    """One file, to be opened by several readers at once."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def open(self) -> Any:
        """A `pyarrow.parquet.ParquetFile`. Raises what pyarrow raises, SourceError."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        held = self.source.held
        file = pa.PythonFile(_Reader(self.source), "r") if held is None else pa.BufferReader(held)
        return pq.ParquetFile(file, buffer_size=_BUFFER)


class ParquetCopy(WorkingCopy):
    """The rows as JSON lines. Saving reads unedited rows from the file itself, so it must not be written into."""

    def __init__(self, path: Path, table: ParquetTable, columns: Columns) -> None:
        super().__init__(path, _json_lines(table, columns))
        self._table = table

    def check_untouched(self) -> None:
        super().check_untouched()
        self._table.source.check_untouched()


class ParquetCodec(JsonCodec):
    """JSON objects whose fields are columns: a value must fit the type of its column."""

    def __init__(self, columns: Columns) -> None:
        super().__init__(lines=True, head="")
        self.fields = tuple(columns.names)
        self._columns = columns

    def change(self, raw: str, changes: Mapping[str, Any]) -> str:
        return super().change(raw, self._columns.fitted(changes))

    def encode(self, values: Mapping[str, Any], neighbour: str | None) -> str:
        fitted = self._columns.fitted(values)
        row = self._columns.fitted({name: fitted.get(name) for name in self._columns.names})
        return super().encode(row, neighbour)

    def given(self, text: str) -> str:
        try:
            values = self.read(super().given(text))
        except RowError as problem:
            raise EditError(f"{problem}; a Parquet file holds whole rows only") from problem
        return self.encode(values, None)


class _Reader(io.RawIOBase):
    """A source as a file object with a position of its own."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source, self._position = source, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._source.size}[whence]
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def read(self, size: int = -1) -> bytes:
        end = self._source.size if size < 0 else self._position + size
        found = self._source.read(self._position, end)
        self._position += len(found)
        return found


def _json_lines(table: ParquetTable, columns: Columns) -> Iterator[tuple[bytes, float]]:
    import pyarrow as pa

    done = 0
    try:
        file = table.open()
        for batch in file.iter_batches(_BATCH, use_threads=False):
            lines = [json.dumps(row, ensure_ascii=False) for row in columns.rows(batch)]
            done += len(lines)
            yield "".join(line + "\n" for line in lines).encode(), done / file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnpackError(f"is damaged: what follows row {done} cannot be read ({_first_line(error)})") from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
