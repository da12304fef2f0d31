"""One row as JSON text: reading it, and changing values in it while every other byte stays.

Bytes that are not UTF-8 stand in a text as lone surrogates (`surrogateescape`), so that they survive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from data.rows.style import Style

_WHITESPACE = re.compile(r"[ \t\r\n]*")
_NEWLINE = re.compile(r"\r?\n")

_REASONS = {
    "Expecting value": "a value is missing",
    "Unterminated string starting at": "a string is not closed",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting property name enclosed in double quotes": "a field name in double quotes is missing",
    "Extra data": "there is more after its end",
    "Invalid control character at": "a string holds a raw line break, tab or other control character",
    "Invalid \\escape": "a backslash is followed by a character that means nothing after one",
    "Invalid \\uXXXX escape": "\\u is not followed by four hexadecimal digits",
}


DEEPEST = 200
"""How many lists and objects may stand inside each other: whoever walks through a row can do so without care."""


class RowError(ValueError):
    """Why a text is no usable row: the words after "Row 12 …", without a full stop."""


def read_row(raw: str) -> dict[str, Any]:
    """The fields of a row's text. Raises RowError."""
    require_utf8(raw)
    try:
        values = _DECODER.decode(raw)
        if len(raw) > 2 * DEEPEST and raw.count("[") + raw.count("{") > DEEPEST and _depth(values) > DEEPEST:
            raise RecursionError
    except json.JSONDecodeError as error:
        raise RowError(_explain(raw, error)) from error
    except RecursionError as error:
        raise RowError("is nested too deeply to be read") from error
    except RowError:
        raise
    except ValueError as error:  # an integer of more than 4,300 digits
        raise RowError("holds a number too long to be read") from error
    if not isinstance(values, dict):
        raise RowError(f"is {_KINDS.get(type(values), 'a value')}, not a JSON object with fields")
    return values


def require_utf8(raw: str) -> None:
    """Raises RowError for bytes that are not UTF-8."""
    try:
        raw.encode()
    except UnicodeEncodeError as error:
        byte = ord(raw[error.start]) - 0xDC00
        raise RowError(f"is not valid UTF-8 (byte 0x{byte:02X} at character {error.start + 1})") from error


def require_text(raw: str) -> None:
    """Raises RowError for what is no text: bytes that are not UTF-8, NUL bytes."""
    require_utf8(raw)
    if nul := raw.count("\0"):
        raise RowError(_nul_bytes(nul))


def _depth(value: Any) -> int:
    """How many lists and objects stand inside each other."""
    depth, inside = 0, [value]
    while inside := [each for each in inside if isinstance(each, dict | list)]:
        depth += 1
        inside = [each for one in inside for each in (one.values() if isinstance(one, dict) else one)]
    return depth


_KINDS = {
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    type(None): "null",
}


def _explain(raw: str, error: json.JSONDecodeError) -> str:
    if nul := raw.count("\0"):
        return _nul_bytes(nul)
    reason = _REASONS.get(error.msg.rstrip(": "), error.msg)
    if error.pos >= len(raw.rstrip()) or error.msg.startswith("Unterminated string"):
        return f"is cut off: {reason} (character {error.pos + 1})"
    return f"is not JSON: {reason} (character {error.pos + 1})"


def _nul_bytes(count: int) -> str:
    return f"holds {count} NUL byte{'s' * (count > 1)}, as files do after a power cut"


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise RowError(f'has the field "{twice}" twice')
    return values


_DECODER = json.JSONDecoder(object_pairs_hook=_distinct)


@dataclass(frozen=True, slots=True)
class _Member:
    """One value of a container in a text, and where it stands."""

    key: str
    """Empty in a list."""
    start: int
    """Of the key, or of the value in a list."""
    key_end: int
    value_start: int
    end: int
    value: Any


def style_of(raw: str, default: Style | None = None) -> Style:
    """How the text of a row that can be read is written; what it does not show is as in `default`."""
    default = (default or Style()).with_escapes_of(raw)
    start = _skip(raw, 0)
    members, close = _members(raw, start)
    if not members:
        return default
    first = members[0]
    colon = raw[first.key_end : first.value_start]
    opening = raw[start + 1 : first.start]
    if newline := _NEWLINE.search(opening):
        base = _NEWLINE.split(raw[members[-1].end : close])[-1]
        inner = _NEWLINE.split(opening)[-1]
        unit = inner[len(base) :] if inner.startswith(base) else inner
        return replace(default, colon=colon, unit=unit, base=base, newline=newline[0], padding="")
    comma = raw[first.end : members[1].start] if len(members) > 1 else ", " if colon.endswith(" ") else ","
    return replace(default, comma=comma, colon=colon, unit=None, base="", padding=opening)


def change(raw: str, changes: Mapping[str, Any], default: Style | None = None) -> str:
    """The text of a row with some fields set, in the row's own style; a field it does not have is added at the end.

    Inside a changed list or object only the parts that differ are written anew. Raises RowError when `raw` is not an
    object, TypeError for a value that JSON has no word for.
    """
    values = read_row(raw)
    style = style_of(raw, default)
    start = _skip(raw, 0)
    return raw[:start] + _change_object(raw, start, values | dict(changes), style, style.base) + raw[_end(raw, start) :]


def _change(raw: str, member: _Member, new: Any, style: Style, base: str | None) -> str:
    old = member.value
    if _same(old, new):
        return raw[member.value_start : member.end]
    if isinstance(old, dict) and isinstance(new, dict) and old:
        return _change_object(raw, member.value_start, new, style, base)
    if isinstance(old, list) and isinstance(new, list) and old:
        return _change_list(raw, member.value_start, new, style, base)
    return style.encode(new, base)


def _change_object(raw: str, start: int, new: Mapping[str, Any], style: Style, base: str | None) -> str:
    members, close = _members(raw, start)
    colon = raw[members[-1].key_end : members[-1].value_start] if members else style.colon
    comma, inner = _between(raw, start, members, style, base)
    parts: list[str] = []
    for place, member in enumerate(members):
        if member.key in new:
            parts.append(_separator(raw, members, place, comma) if parts else "")
            parts.append(raw[member.start : member.value_start] + _change(raw, member, new[member.key], style, inner))
    known = {member.key for member in members}
    for key in (key for key in new if key not in known):
        parts.append(comma if parts else "")
        parts.append(style.encode(key) + colon + style.encode(new[key], inner))
    return _wrapped(raw, start, members, close, "".join(parts), style, base)


def _change_list(raw: str, start: int, new: Sequence[Any], style: Style, base: str | None) -> str:
    members, close = _members(raw, start)
    comma, inner = _between(raw, start, members, style, base)
    old = [member.value for member in members]
    head = 0
    while head < min(len(old), len(new)) and _same(old[head], new[head]):
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and _same(old[-1 - tail], new[-1 - tail]):
        tail += 1
    paired = min(len(old), len(new)) - tail
    parts: list[str] = []
    for place, value in enumerate(new):
        was = place if place < paired else place - len(new) + len(old) if place >= len(new) - tail else None
        parts.append((comma if was is None else _separator(raw, members, was, comma)) if parts else "")
        parts.append(style.encode(value, inner) if was is None else _change(raw, members[was], value, style, inner))
    return _wrapped(raw, start, members, close, "".join(parts), style, base)


def _wrapped(
    raw: str, start: int, members: list[_Member], close: int, inside: str, style: Style, base: str | None
) -> str:
    """The brackets of a container around its new inside, with the whitespace that it had next to them."""
    if not members and not inside:
        return raw[start : close + 1]
    if members and inside:
        return raw[start : members[0].start] + inside + raw[members[-1].end : close + 1]
    if inside and base is not None and style.unit is not None:
        line = style.newline + base
        return raw[start] + line + style.unit + inside + line + raw[close]
    return raw[start] + inside + raw[close]


def _between(raw: str, start: int, members: list[_Member], style: Style, base: str | None) -> tuple[str, str | None]:
    """What separates the members of a container, and the indentation of their lines (None when it has one line)."""
    if len(members) > 1:
        comma = raw[members[-2].end : members[-1].start]
    elif members and "\n" in raw[start : members[0].start]:
        comma = "," + raw[start + 1 : members[0].start]
    elif not members and base is not None and style.unit is not None:
        comma = "," + style.newline + base + style.unit
    else:
        comma = style.comma if style.unit is None else ", "
    return comma, _NEWLINE.split(comma)[-1].partition(",")[0] if "\n" in comma else None


def _separator(raw: str, members: list[_Member], place: int, comma: str) -> str:
    """What stood before a member; `comma` when it was the first."""
    return raw[members[place - 1].end : members[place].start] if place else comma


def _members(raw: str, start: int) -> tuple[list[_Member], int]:
    """The members of the object or list that begins at `start`, and where its closing bracket is. The text is valid."""
    members: list[_Member] = []
    here = _skip(raw, start + 1)
    while raw[here] not in "}]":
        begin, key, key_end = here, "", here
        if raw[start] == "{":
            key, key_end = _DECODER.raw_decode(raw, here)
            here = _skip(raw, _skip(raw, key_end) + 1)
        value, end = _DECODER.raw_decode(raw, here)
        members.append(_Member(key, begin, key_end, here, end, value))
        here = _skip(raw, end)
        if raw[here] == ",":
            here = _skip(raw, here + 1)
    return members, here


def _end(raw: str, start: int) -> int:
    return _DECODER.raw_decode(raw, start)[1]


def _skip(raw: str, here: int) -> int:
    found = _WHITESPACE.match(raw, here)
    return found.end() if found else here


def _same(one: Any, other: Any) -> bool:
    """Equal as JSON: 1, 1.0 and true are three different things; the order of keys does not count."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other or (one != one and other != other)
