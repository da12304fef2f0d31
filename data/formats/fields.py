"""Fields of a row as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.formats.pair import PairError


def text(values: Mapping[str, Any], field: str) -> str:
    """A field as text: empty when it is missing, null or only whitespace. Raises PairError when it is no text."""
    value = values.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise PairError(f"has {field} that is no text")
    return value if value.strip() else ""


def joined(values: Mapping[str, Any], *fields: str) -> str:
    """The texts of several fields with a blank line between them, without those that are empty. Raises PairError."""
    return "\n\n".join(part for part in (text(values, field) for field in fields) if part)


def needed(values: Mapping[str, Any], *fields: str) -> str:
    """`joined`, where something must come out. Raises PairError naming the first field otherwise."""
    found = joined(values, *fields)
    if not found:
        raise PairError(f"has no {fields[0]}")
    return found
