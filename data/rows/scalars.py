"""Values in kinds of file that hold nothing but text."""

from __future__ import annotations

import json
import re
from typing import Any

from data.rows.codec import EditError

_SURROGATE = re.compile("[\ud800-\udfff]")


def as_string(field: str, value: Any) -> str:
    """The text of a value: numbers, true and false as JSON has them, None as nothing. Raises EditError."""
    if value is None:
        return ""
    if isinstance(value, list | dict):
        kind = "a list" if isinstance(value, list) else "an object"
        raise EditError(f'cannot hold {kind} in "{field}", because this kind of file holds text only')
    text = value if isinstance(value, str) else json.dumps(value)
    if half := _SURROGATE.search(text):
        raise EditError(f'cannot hold half a character (U+{ord(half[0]):04X}) in "{field}"; no file can')
    return text
