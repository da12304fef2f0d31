"""Which kind of file holds the rows: told from its first bytes; its name only settles what they leave open."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from data.errors import InputError
from data.rows.compression import compression_of
from data.rows.container import Container, Content, Kind
from data.rows.csv_codec import CsvCodec
from data.rows.csv_dialect import DELIMITERS, Dialect, Quotes, find_dialect
from data.rows.json_codec import JsonCodec
from data.rows.line_index import BOM, LineIndex
from data.rows.parquet import MAGIC, open_parquet
from data.rows.plain_text import TextCodec
from data.rows.record_index import RecordIndex
from data.rows.source import Source
from data.rows.value_index import ValueIndex

_LOOK = 256 << 10
_MEMBER = re.compile(rb'[ \t]*["}]')
_LINE_SUFFIXES = {".jsonl", ".ndjson", ".jsonlines"}
_TABLE_SUFFIXES = {".csv": DELIMITERS, ".tsv": "\t,;", ".tab": "\t,;"}
_TEXT_SUFFIXES = {".txt", ".text"}
_DELIMITER_NAMES = {",": "commas", "\t": "tabs", ";": "semicolons"}
_PACKED_SUFFIXES = {".parquet", ".gz", ".gzip", ".zst", ".zstd"}
_LIKELY = 0.9


def recognise(path: Path, source: Source) -> Container:
    """Decide what the file is. Raises InputError when it is nothing that has rows."""
    head = source.read(0, 16)
    if head.startswith(MAGIC):
        return open_parquet(path, source)
    packing = compression_of(head)
    if not head and path.suffix.lower() in _PACKED_SUFFIXES:
        raise InputError(f"{path} is empty, so it is no {path.suffix} file; remove it, or write it again.")
    if packing is None:
        return _plain(path, path.suffix.lower(), source)
    content = packing.unpacked(path, source)
    content.extend(_LOOK)
    if content.problem and not content.size:
        raise InputError(f"{content.problem}.", title="Cannot be unpacked")
    inner = Path(path.stem) if path.suffix.lower() in packing.suffixes else Path(path.name)
    return replace(_plain(path, inner.suffix.lower(), content), packing=packing)


def _plain(path: Path, suffix: str, content: Content) -> Container:
    """What content that is not packed is. `suffix` is that of its name, in lower case."""
    head = content.read(0, _LOOK)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{path} is UTF-16; turn it into UTF-8 first (iconv -f UTF-16 -t UTF-8).", title="Not UTF-8")
    cut = content.size > len(head) or not content.whole
    found = _json_kind(head, suffix, cut=cut)
    if found is not None:
        lines = found is Kind.LINES
        codec = JsonCodec(lines=lines, head=head.decode("utf-8", "surrogateescape"))
        array_at = head.index(b"[") if found is Kind.ARRAY else None
        index = LineIndex(content) if lines else ValueIndex(content, array_at=array_at)
        return Container(found, index, codec, content)
    if suffix in _TEXT_SUFFIXES:
        evidence = "each line is a row" if head.strip() else "the file has no rows"
        return Container(Kind.TEXT, LineIndex(content), TextCodec(), content, evidence)
    table = find_dialect(head, cut=cut, delimiters=_TABLE_SUFFIXES.get(suffix, DELIMITERS))
    begins_as_json = _text(head).startswith((b"{", b"["))
    if table and (suffix in _TABLE_SUFFIXES or (_is_surely_a_table(*table) and not begins_as_json)):
        return _table(path, table[0], head, content)
    if suffix in _TABLE_SUFFIXES:
        raise InputError(f"{path} has no header: its first line must name the fields.", title="No header")
    if suffix in _LINE_SUFFIXES:
        codec = JsonCodec(lines=True, head=head.decode("utf-8", "surrogateescape"))
        return Container(Kind.LINES, LineIndex(content), codec, content)
    raise InputError(
        f"{path} is no JSON, JSONL, CSV, TSV or Parquet, and is not named as text (.txt): "
        f"it begins with {_shown(_text(head))}.",
        title="No rows in it",
    )


def _table(path: Path, dialect: Dialect, head: bytes, content: Content) -> Container:
    if b"\r" in head and b"\n" not in head:
        raise InputError(f"{path} has the line ends of old Macs; turn them into line feeds first (tr '\\r' '\\n').")
    names, kind = dialect.names, Kind.TSV if dialect.delimiter == "\t" else Kind.CSV
    evidence = f"the first line names the field {names[0]}"
    if len(names) > 1:
        by = _DELIMITER_NAMES[dialect.delimiter]
        evidence = f"the first line names {len(names)} fields, separated by {by}: {', '.join(names[:8])}"
    quotes = dialect.quotes is not Quotes.NONE
    index = RecordIndex(content, dialect.delimiter.encode(), dialect.body, quotes=quotes)
    return Container(kind, index, CsvCodec(dialect), content, evidence)


def _is_surely_a_table(dialect: Dialect, share: float) -> bool:
    """Whether content is a table whatever the name of the file says."""
    names = dialect.names
    return len(names) > 1 and share >= _LIKELY and all(name and len(name) < 60 and name.isprintable() for name in names)


def _json_kind(head: bytes, suffix: str, *, cut: bool) -> Kind | None:
    """The kind of JSON file, or None for what is none, or what only its name would make one."""
    text = _text(head)
    lines = [line for line in text.split(b"\n") if line.strip()]
    if cut and len(lines) > 1:
        lines.pop()  # cut off by the look, not by its writer
    named_lines = suffix in _LINE_SUFFIXES
    named_otherwise = suffix in _TABLE_SUFFIXES or suffix in _TEXT_SUFFIXES
    if not text:
        return None if named_otherwise else Kind.VALUES if suffix == ".json" else Kind.LINES
    first = _value(lines[0])
    if named_otherwise and not _is_surely_json(first, lines):
        return None
    if text.startswith(b"["):
        if isinstance(first, list) and _is_a_row(first, lines, named_lines=named_lines):
            return Kind.LINES
        return Kind.ARRAY
    if first is not None and len(lines) == 1 and not named_lines:
        return Kind.VALUES
    if first is not None or any(line.startswith(b"{") and _value(line) is not None for line in lines):
        return Kind.LINES
    spread_over_lines = len(lines) > 1 and _MEMBER.match(lines[1])
    if text.startswith(b"{") and (spread_over_lines or not named_lines):
        return Kind.VALUES
    return None


def _is_surely_json(first: object, lines: list[bytes]) -> bool:
    """Whether a file that is named as text or as a table is JSON nevertheless; `first`: what its first line says."""
    if isinstance(first, list):
        return any(isinstance(each, dict) for each in first)
    if isinstance(first, dict) or len(lines) == 1:
        return isinstance(first, dict)
    follows = {b"[": lambda line: line.lstrip().startswith(b"{"), b"{": _MEMBER.match}.get(lines[0].strip())
    return follows is not None and bool(follows(lines[1]))


def _is_a_row(first: list[object], lines: list[bytes], *, named_lines: bool) -> bool:
    """Whether a list that fills the first line is one row of many, rather than the list of all rows."""
    if len(lines) > 1:
        return named_lines or lines[1].startswith((b"[", b"{"))
    return named_lines and not all(isinstance(each, dict) for each in first)


def _text(head: bytes) -> bytes:
    return head.removeprefix(BOM).lstrip(b" \t\r\n")


def _value(line: bytes) -> object:
    """What a whole line says, or None when it is not JSON (or null)."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _shown(text: bytes) -> str:
    return ascii(text[:24].decode("utf-8", "replace"))
