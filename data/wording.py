"""Numbers of things in a sentence."""

from __future__ import annotations


def counted(count: int, one: str = "row", many: str = "") -> str:
    """How many of something: "1 row", "2,000 rows"; `many` where it is not `one` with an s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
