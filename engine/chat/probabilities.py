"""How probable a model found the tokens of a span of its own answer: a hint, never a verdict."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TokenProbability:
    """One token of an answer."""

    size: int
    """Its bytes in UTF-8: a token may be a part of a character."""
    probability: float


def tokens_of(choice: dict[str, Any]) -> tuple[TokenProbability, ...]:
    """The tokens of a chunk's choice, as vLLM and OpenAI tell them (`logprobs.content`); none where they do not."""
    told = choice.get("logprobs")
    content = told.get("content") if isinstance(told, dict) else None
    found: list[TokenProbability] = []
    for each in content if isinstance(content, list) else ():
        if not isinstance(each, dict) or not isinstance(each.get("logprob"), int | float):
            return ()
        size = each.get("bytes")
        length = len(size) if isinstance(size, list) else len(str(each.get("token", "")).encode("utf-8", "replace"))
        found.append(TokenProbability(length, math.exp(min(0.0, each["logprob"]))))
    return tuple(found)


def lowest_probability(text: str, tokens: Iterable[TokenProbability], start: int, end: int) -> float | None:
    """The lowest probability of the tokens that reach into a span of characters; None where it is not told.

    The lowest tells wrong values better than the mean does: one improbable digit makes a wrong number.
    """
    first = len(text[:start].encode("utf-8", "replace"))
    last = first + len(text[start:end].encode("utf-8", "replace"))
    offset, found = 0, None
    for token in tokens:
        if offset + token.size > first and offset < last:
            found = token.probability if found is None else min(found, token.probability)
        offset += token.size
        if offset >= last:
            break
    return found
