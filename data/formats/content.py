"""What a turn says: a text, or parts of several kinds.

A part is `{"type": "text", "text": …}` (OpenAI), with `content` or `value` for `text` in Axolotl and LLaMA-Factory;
LLaMA-Factory also has parts of the types `reasoning` and `tool_call`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from data.formats.pair import PairError

_TEXT = ("text", "input_text", "output_text")
_REASONING = ("reasoning", "thinking")
_CALL = "tool_call"
_KEYS = ("text", "value", "content", "thinking", "reasoning")


@dataclass(frozen=True, slots=True)
class Content:
    """The parts of a turn, by kind."""

    text: str = ""
    reasoning: str = ""
    calls: tuple[Any, ...] = ()
    """As they are written: an object, or JSON in a text."""
    media: tuple[str, ...] = ()
    """The types of all other parts."""
    shown: tuple[Any, ...] = ()
    """The parts that are texts or media, where there are media; as they are written."""


def read_content(content: Any, where: str) -> Content:
    """A text, a list of parts, or null for nothing. Raises PairError; `where` is the turn's name in it.

    Texts are put together as they are, as chat templates do.
    """
    if content is None or isinstance(content, str):
        return Content(content or "")
    if not isinstance(content, list):
        raise PairError(f"has {where} that is no text")
    texts: list[str] = []
    thoughts: list[str] = []
    calls: list[Any] = []
    media: list[str] = []
    shown: list[Any] = []
    for part in content:
        kind = _kind(part, where)
        if kind not in (*_REASONING, _CALL):
            shown.append(part)
        if kind in _TEXT:
            texts.append(_said(part, where))
        elif kind in _REASONING:
            thoughts.append(_said(part, where))
        elif kind == _CALL:
            calls.append(part.get("value", part))
        else:
            media.append(kind)
    return Content("".join(texts), "".join(thoughts), tuple(calls), tuple(media), tuple(shown) if media else ())


def _kind(part: Any, where: str) -> str:
    if isinstance(part, str):
        return "text"
    kind = part.get("type") if isinstance(part, dict) else None
    if not isinstance(kind, str) or not kind:
        raise PairError(f"has {where} with a part that names no type")
    return kind


def _said(part: Any, where: str) -> str:
    if isinstance(part, str):
        return part
    said = next((part[key] for key in _KEYS if isinstance(part.get(key), str)), None)
    if said is None:
        raise PairError(f"has {where} with a part without text")
    return said
