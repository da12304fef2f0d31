"""Where the cursor is in a row, in terms that hold for its fields and for its text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from data.rows.text import RowError
from tui.dataset.draft import readable

Path = tuple[str | int, ...]
"""Keys and places from the row down to a value: `("messages", 2, "content")`."""

_MARK = "\ue0f0\ue0f1"
"""Put where the cursor is, and looked for in what comes out; private-use characters, so in no text."""
_TRIES = 4


def place_in_text(values: Mapping[str, Any], path: Path, offset: int) -> int:
    """Where a character of a value stands in the readable text of a row, as an offset; 0 where there is no such one."""
    found = readable(_marked(values, path, offset)).find(_MARK) if path else -1
    return max(found, 0)


def place_in_values(text: str, offset: int, read: Callable[[str], Mapping[str, Any]]) -> tuple[Path, int]:
    """The value that a character of a row's text belongs to, or the next one, and the offset in it."""
    for _ in range(_TRIES):
        try:
            found = _find(read(text[:offset] + _MARK + text[offset:]), ())
        except (RowError, RecursionError):
            found = None
        if found is not None:
            return found
        offset = text.find('"', offset) + 1
        if not offset:
            break
    return (), 0


def _marked(value: Any, path: Path, offset: int) -> Any:
    if not path:
        return value[:offset] + _MARK + value[offset:] if isinstance(value, str) else _MARK
    key, *rest = path
    if isinstance(value, Mapping):
        return {name: _marked(each, tuple(rest), offset) if name == key else each for name, each in value.items()}
    if isinstance(value, list):
        return [_marked(each, tuple(rest), offset) if place == key else each for place, each in enumerate(value)]
    return value


def _find(value: Any, path: Path) -> tuple[Path, int] | None:
    if isinstance(value, str):
        return (path, value.index(_MARK)) if _MARK in value else None
    for key, each in _members(value):
        if isinstance(key, str) and _MARK in key:
            return (*path, key.replace(_MARK, "")), 0
        if found := _find(each, (*path, key)):
            return found
    return None


def _members(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)
