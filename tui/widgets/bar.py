"""A share as a bar of text."""

from __future__ import annotations

_EIGHTHS = " ▏▎▍▌▋▊▉"


def bar(share: float, cells: int) -> str:
    """A bar of some cells, filled to `share` (0 to 1) in eighths of a cell: "███▌···"."""
    full, rest = divmod(round(min(1.0, max(0.0, share)) * cells * 8), 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(cells, "·")
