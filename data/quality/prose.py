"""Telling sentences from code, lists and verse."""

from __future__ import annotations

import re

from data.facts.patterns import lazy

_CODE_LINE = lazy(
    r"^(?: {4,}|\t)\S|[;{}]\s*$|^\s*(?:#include|import |from \w+ import |def |class |function |var |let |const "
    r"|return\b|SELECT |<\/?[a-zA-Z][^>]*>|[\w.]+\s*[-+*/]?=\s)|\\begin\{|^\s*\$ ",
)
_ITEM = lazy(r"^\s*(?:[-*+•‣◦▪●–—]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.):])\s|^\s*\d{1,2}[.、)）](?!\d)")
_FENCE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)", re.DOTALL)
_MATHS = re.compile(r"\$\$.*?\$\$|\\\[.*?\\\]", re.DOTALL)


def without_code(text: str) -> str:
    """A text without its fenced code and set-off formulas."""
    if "```" in text or "~~~" in text:
        text = _FENCE.sub("\n\n", text)
    return _MATHS.sub(" ", text) if "$$" in text or "\\[" in text else text


def is_code(text: str) -> bool:
    """Whether a text is mostly code or markup rather than sentences."""
    lines = [line for line in text.split("\n") if line.strip()]
    return bool(lines) and 3 * sum(bool(_CODE_LINE.search(line)) for line in lines) >= len(lines)


def is_item(line: str) -> bool:
    """Whether a line is an item of a list."""
    return bool(_ITEM.match(line))
