"""How a value is written in TOML, by everything here that writes such a file."""

from __future__ import annotations

import json
from collections.abc import Sequence


def toml_value(value: object) -> str:
    """A text, truth value, number or list of these as it stands behind a TOML key."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # JSON's string escapes are a subset of TOML's basic strings, except that TOML also forbids a bare DEL.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Sequence):
        return f"[{', '.join(map(toml_value, value))}]"
    return repr(value)
