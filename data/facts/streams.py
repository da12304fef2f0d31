"""Answers that are still being written."""

from __future__ import annotations

from data.facts.patterns import lazy

_LOOSE_END = lazy(r"(?:\S*[\d½¼¾]\S*\s+)?\S*$")


def settled(text: str) -> str:
    """The start of a streamed answer that later chunks can no longer change.

    It goes without its last word, and without a number in front of that, which may still get its unit. Compare this
    while an answer streams, lest "15" of "150 MHz" is marked as wrong for a moment; offsets stay valid.
    """
    m = _LOOSE_END.search(text)
    return text[: m.start()] if m else text
