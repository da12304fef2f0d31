"""Which kind of file holds the rows: told from its first bytes, never from its name alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from data.errors import InputError
from data.rows.index import Index, LineIndex, ValueIndex
from data.rows.source import Source

_LOOK = 256 << 10
_BOM = b"\xef\xbb\xbf"
_MEMBER = re.compile(rb'[ \t]*["}]')
_LINE_SUFFIXES = {".jsonl", ".ndjson", ".jsonlines"}


class Kind(StrEnum):
    """How rows are put together; the value is what a person reads."""

    LINES = "JSONL"
    ARRAY = "JSON array"
    VALUES = "JSON"


@dataclass(frozen=True, slots=True)
class Container:
    """A recognised file."""

    kind: Kind
    index: Index


def recognise(path: Path, source: Source) -> Container:
    """Decide what the file is. Raises InputError when it holds no JSON at all."""
    head = source.read(0, _LOOK)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{path} is UTF-16; turn it into UTF-8 first (iconv -f UTF-16 -t UTF-8).", title="Not UTF-8")
    text = head.removeprefix(_BOM).lstrip(b" \t\r\n")
    lines = [line for line in text.split(b"\n") if line.strip()]
    if source.size > len(head) and len(lines) > 1:
        lines.pop()  # cut off by the look, not by its writer
    named_lines = path.suffix.lower() in _LINE_SUFFIXES
    if not text:
        if path.suffix.lower() == ".json":
            return Container(Kind.VALUES, ValueIndex(source, array_at=None))
        return Container(Kind.LINES, LineIndex(source))
    first = _value(lines[0])
    if text.startswith(b"["):
        if isinstance(first, list) and _is_a_row(first, lines, named_lines=named_lines):
            return Container(Kind.LINES, LineIndex(source))
        return Container(Kind.ARRAY, ValueIndex(source, array_at=head.index(b"[")))
    if first is not None and len(lines) == 1 and not named_lines:
        return Container(Kind.VALUES, ValueIndex(source, array_at=None))
    if first is not None or any(line.startswith(b"{") and _value(line) is not None for line in lines):
        return Container(Kind.LINES, LineIndex(source))
    spread_over_lines = len(lines) > 1 and _MEMBER.match(lines[1])
    if text.startswith(b"{") and (spread_over_lines or not named_lines):
        return Container(Kind.VALUES, ValueIndex(source, array_at=None))
    if named_lines:
        return Container(Kind.LINES, LineIndex(source))
    raise InputError(f"{path} is neither JSON nor JSONL: it begins with {_shown(text)}.", title="Not JSON")


def describe(kind: Kind, rows: Sequence[Mapping[str, Any] | None], *, whole: bool) -> str:
    """The evidence for a person, from the first rows (None for one that cannot be read); `whole`: those are all."""
    part = {Kind.LINES: "line", Kind.ARRAY: "element", Kind.VALUES: "value"}[kind]
    good = [row for row in rows if row is not None]
    if not rows:
        return "the file has no rows"
    if not good:
        return f"no {part} of the first {len(rows)} is a JSON object"
    fields = [field for field in good[0] if all(field in row for row in good)]
    named = f" with {', '.join(fields[:8])}" if fields else ""
    if len(rows) == 1 and whole:
        return f"one JSON object{named}"
    each = f"each {part}" if whole else f"each of the first {len(rows)} {part}s"
    bad = f", except {len(rows) - len(good)}" if len(good) < len(rows) else ""
    return f"{each} is a JSON object{named}{bad}"


def _is_a_row(first: list[object], lines: list[bytes], *, named_lines: bool) -> bool:
    """Whether a list that fills the first line is one row of many, rather than the list of all rows."""
    if len(lines) > 1:
        return named_lines or lines[1].startswith((b"[", b"{"))
    return named_lines and not all(isinstance(each, dict) for each in first)


def _value(line: bytes) -> object:
    """What a whole line says, or None when it is not JSON (or null)."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _shown(text: bytes) -> str:
    return ascii(text[:24].decode("utf-8", "replace"))
