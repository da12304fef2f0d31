"""Text that a person gives for a row, made into bytes that leave the rows around it whole."""

from __future__ import annotations

import json
import re

from data.errors import InputError
from data.rows.container import Kind
from data.rows.index import ValueIndex

_BREAK = re.compile(r"(,?)[ \t\r\n]*[\r\n][ \t\r\n]*")


class _Memory:
    """Bytes that an index can look at."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.size = len(content)

    def read(self, start: int, end: int) -> bytes:
        return self._content[start:end]


def row_bytes(text: str, kind: Kind, number: int) -> bytes:
    """The bytes of a row's text; JSON that is spread over lines is joined for a JSONL file.

    Raises InputError for a text that would be no row, or more than one, in this kind of file.
    """
    text = text.strip("\r\n")
    if not text.strip():
        raise InputError(f"Row {number} cannot be empty; delete it instead.")
    if kind is Kind.LINES and ("\n" in text or "\r" in text):
        if not _is_json(text):
            raise InputError(f"Row {number} must be one line, or valid JSON that can be joined into one line.")
        text = _BREAK.sub(lambda found: ", " if found[1] else "", text)
    elif kind is not Kind.LINES:
        text = text.strip()
    try:
        content = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        code = ord(text[error.start])
        raise InputError(f"Row {number} holds half a character (U+{code:04X}), which no file can hold.") from error
    if kind is not Kind.LINES and not _is_one_value(content):
        raise InputError(f"Row {number} must have matching brackets and quotes, or it would swallow the rows after it.")
    return content


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_one_value(content: bytes) -> bool:
    index = ValueIndex(_Memory(b"[" + content + b"]"), array_at=0)
    while index.advance(len(content) + 2) < 1:
        pass
    return index.closed and len(index) == 1 and index.text(0) == content
