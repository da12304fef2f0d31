"""Which words of two answers are not in the other: a plain second layer beneath the facts."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

MAX_WORDS = 600
"""Words of each side that are looked at: matching is quadratic, and this many take about 20 ms at worst."""

Span = tuple[int, int]

_WORD = re.compile(r"\S+")


@lru_cache(maxsize=1)
def differing_words(a: str, b: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The character spans of the words of `a` that `b` has not, and the other way round, in the order of the text.

    Only the first `MAX_WORDS` of each side are compared; what comes after is left plain.
    """
    a_spans, b_spans = _spans(a), _spans(b)
    matcher = SequenceMatcher(
        None, [a[start:end] for start, end in a_spans], [b[start:end] for start, end in b_spans], autojunk=False
    )
    only_a: list[Span] = []
    only_b: list[Span] = []
    for tag, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if tag != "equal":
            only_a += a_spans[a_from:a_to]
            only_b += b_spans[b_from:b_to]
    return tuple(only_a), tuple(only_b)


def _spans(text: str) -> list[Span]:
    spans: list[Span] = []
    for word in _WORD.finditer(text):
        if len(spans) == MAX_WORDS:
            break
        spans.append(word.span())
    return spans
