"""Writing a planned conversion: row after row into a new file that appears in one step."""

from __future__ import annotations

import json
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from data.atomic import AtomicFile, replacing
from data.conversion.plan import Plan
from data.conversion.targets import FileKind, Packing
from data.errors import BurnishError
from data.formats.writing import json_text
from data.rows.row import as_bytes

_BLOCK = 1 << 20
_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAK = re.compile(r"(,?)[ \t\r\n]*[\r\n][ \t\r\n]*")
"""Where JSON is spread over lines; inside a string of JSON there is no line break."""


class _Packer(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


def write_conversion(plan: Plan, path: Path, progress: Callable[[float], None] | None = None) -> int:
    """Write what was planned, replacing what was there; the number of rows written.

    `progress` is told the fraction done some times a second; what it raises ends the work, and nothing is left behind.
    Raises BurnishError when the file cannot be written. Takes about as long as planning; a thread may do it.
    """
    say = progress or (lambda _fraction: None)
    with replacing(path) as file:
        if plan.target.kind is FileKind.PARQUET:
            from data.conversion.parquet import write_parquet

            write_parquet(plan, file, say)
        else:
            _write_text(plan, file, say)
    say(1.0)
    return plan.rows


def _write_text(plan: Plan, file: AtomicFile, say: Callable[[float], None]) -> None:
    packer = _packer(plan.target.packing)
    block: list[bytes] = []
    size = 0
    for piece, done in _pieces(plan):
        block.append(piece)
        size += len(piece)
        if size >= _BLOCK:
            content = b"".join(block)
            file.write(packer.compress(content) if packer else content)
            block, size = [], 0
            say(done)
    content = b"".join(block)
    file.write(packer.compress(content) + packer.flush() if packer else content)


def _pieces(plan: Plan) -> Iterator[tuple[bytes, float]]:
    """The bytes of the file, with the fraction of the rows done."""
    kind = plan.target.kind
    if kind in (FileKind.CSV, FileKind.TSV):
        yield _record(kind, list(plan.shape.fields)), 0.0
    if kind is FileKind.ARRAY:
        yield b"[", 0.0
    first, total = True, max(len(plan.snapshot), 1)
    for text, number in _rows(plan):
        if kind is FileKind.ARRAY:
            yield (b"\n  " if first else b",\n  ") + text, number / total
        else:
            yield text, number / total
        first = False
    if kind is FileKind.ARRAY:
        yield b"]\n" if first else b"\n]\n", 1.0


def _rows(plan: Plan) -> Iterator[tuple[bytes, int]]:
    """Each row's bytes with the number of the row that it comes from."""
    kind = plan.target.kind
    for row in plan.source():
        if plan.same_text and not row.shortened and (kind is FileKind.LINES or row.values is not None):
            if kind is FileKind.ARRAY:
                yield as_bytes(row.raw.strip()), row.number
            elif row.values is not None:
                yield as_bytes(one_line(row.raw)) + b"\n", row.number
            elif "\n" not in row.raw:
                yield as_bytes(row.raw) + b"\n", row.number
            continue
        for values in plan.rows_of(row):
            yield _encoded(plan, values), row.number


def one_line(raw: str) -> str:
    """A row's valid JSON on one line; what is on one line already stays as it is."""
    if "\n" not in raw and "\r" not in raw:
        return raw
    return _BREAK.sub(lambda found: ", " if found[1] else "", raw.strip())


def _encoded(plan: Plan, values: dict[str, Any]) -> bytes:
    kind = plan.target.kind
    if kind is FileKind.LINES:
        return _json(values) + b"\n"
    if kind is FileKind.ARRAY:
        return _json(values, indent=2).replace(b"\n", b"\n  ")
    if kind is FileKind.TEXT:
        return " ".join(str(values.get("text") or "").splitlines()).encode("utf-8", "replace") + b"\n"
    return _record(kind, [_cell(values.get(name)) for name in plan.shape.fields])


def _json(values: dict[str, Any], indent: int | None = None) -> bytes:
    """JSON as UTF-8; half a character stays an escape, for it has no bytes."""
    try:
        text = json.dumps(values, ensure_ascii=False, indent=indent)
    except RecursionError as error:
        raise BurnishError("A row is nested too deeply to be written; nothing was.") from error
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def _cell(value: Any) -> str:
    return "" if value is None else json_text(value)


def _record(kind: FileKind, cells: list[str]) -> bytes:
    delimiter = "\t" if kind is FileKind.TSV else ","
    special = (delimiter, '"', "\n", "\r")
    written = delimiter.join(
        '"' + cell.replace('"', '""') + '"' if any(each in cell for each in special) else cell for cell in cells
    )
    # A line of nothing would be no row.
    return (written or '""').encode("utf-8", "replace") + b"\n"


def _packer(packing: Packing) -> _Packer | None:
    if packing is Packing.GZIP:
        return zlib.compressobj(6, wbits=31)
    if packing is Packing.ZSTD:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
        return zstd.ZstdCompressor()
    return None
