"""Values in kinds of file that hold nothing but text."""

from __future__ import annotations

import json
import re
from typing import Any

from data.rows.codec import EditError

_NOT_TEXT = re.compile("[\0\ud800-\udfff]")


def as_string(field: str, value: Any) -> str:
    """The text of a value: numbers, true and false as JSON has them, None as nothing. Raises EditError."""
    if value is None:
        return ""
    if isinstance(value, list | dict):
        kind = "a list" if isinstance(value, list) else "an object"
        raise EditError(f'cannot hold {kind} in "{field}", because this kind of file holds text only')
    text = value if isinstance(value, str) else json.dumps(value)
    if found := _NOT_TEXT.search(text):
        what = "a NUL character" if found[0] == "\0" else f"half a character (U+{ord(found[0]):04X})"
        raise EditError(f'cannot hold {what} in "{field}", because this kind of file holds text only')
    return text
