"""Rows that are JSON texts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from data.rows.codec import EMPTY, EditError
from data.rows.source import Memory
from data.rows.style import Escapes, Style
from data.rows.text import change, read_row, style_of
from data.rows.value_index import ValueIndex

_BREAK = re.compile(r"(,?)[ \t\r\n]*[\r\n][ \t\r\n]*")


class JsonCodec:
    """JSON objects, one a line (JSONL) or laid out in any way (JSON)."""

    json = True

    def __init__(self, *, lines: bool, head: str) -> None:
        """`head`: the beginning of the file, which shows how characters are escaped."""
        self.lines = lines
        self.fields: tuple[str, ...] | None = None
        self._style = Style(escapes=Escapes.seen_in(head))

    def read(self, raw: str) -> dict[str, Any]:
        return read_row(raw)

    def change(self, raw: str, changes: Mapping[str, Any]) -> str:
        return change(raw, changes, self._style)

    def encode(self, values: Mapping[str, Any], neighbour: str | None) -> str:
        style = self._style if neighbour is None else style_of(neighbour, self._style)
        return style.encode_row(dict(values))

    def given(self, text: str) -> str:
        """JSON that is spread over lines is joined for a JSONL file."""
        if not text.strip():
            raise EditError(EMPTY)
        if not self.lines:
            text = text.strip()
            if not _is_one_value(text.encode("utf-8", "surrogatepass")):
                raise EditError("must have matching brackets and quotes, or it would swallow the rows after it")
        elif "\n" in text or "\r" in text:
            if not _is_json(text):
                raise EditError("must be one line, or valid JSON that can be joined into one line")
            text = _BREAK.sub(lambda found: ", " if found[1] else "", text)
        return text


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_one_value(content: bytes) -> bool:
    index = ValueIndex(Memory(b"[" + content + b"]"), array_at=0)
    while index.advance(len(content) + 2) < 1:
        pass
    return index.closed and len(index) == 1 and index.text(0) == content
