"""Long work on the event loop, done in slices between which the screen lives."""

from __future__ import annotations

import asyncio
from time import monotonic

_FIRST = 0.03
"""Seconds before the first pause: with an ordinary dataset everything is done by then, so nothing flickers."""
_SLICE = 0.008
_PAUSE = 0.003
"""Seconds left to everything else; a pause of 0 lets one callback through after a slice, and a key takes ten."""


class Slices:
    """Tells when a pause is due, and takes it. A thread would hold the interpreter for as long, at worse moments."""

    def __init__(self) -> None:
        self._until = monotonic() + _FIRST

    @property
    def due(self) -> bool:
        """Whether the slice is used up."""
        return monotonic() > self._until

    async def pause(self) -> None:
        """Let the screen live for a moment."""
        await asyncio.sleep(_PAUSE)
        self._until = monotonic() + _SLICE
