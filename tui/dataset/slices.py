"""Long work on the event loop, done in slices between which the screen lives."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import ClassVar

_FIRST = 0.03
"""Seconds before the first pause: with an ordinary dataset everything is done by then, so nothing flickers."""
_SLICE, _SHORT = 0.006, 0.003
_PAUSE, _LONG = 0.0007, 0.003
"""Seconds left to everything else; a pause of 0 lets one callback through after a slice, and a key takes ten."""
_RECENT = 0.05
_TELL_EVERY = 0.2
_TYPING = 0.3
"""Seconds after a key within which another one is likely: slices are short then, and pauses long."""


class Slices:
    """Tells when a pause is due, and takes it. A thread would hold the interpreter for as long, at worse moments."""

    _awaited_at: ClassVar[float] = 0.0
    """When somebody waited for a result last: work in the background leaves the loop to that."""
    _typed_at: ClassVar[float] = 0.0
    _waiting: ClassVar[int] = 0
    _lock: ClassVar[Lock] = Lock()

    @classmethod
    def key_pressed(cls) -> None:
        """Somebody types: leave more room to the screen for a while."""
        cls._typed_at = monotonic()

    @classmethod
    @contextmanager
    def waited_for(cls) -> Iterator[None]:
        """Somebody waits for what is done here, or in a thread: it is to have the interpreter to itself."""
        with cls._lock:
            cls._waiting += 1
        try:
            yield
        finally:
            with cls._lock:
                cls._waiting -= 1

    @classmethod
    async def until_free(cls) -> None:
        """Wait until nothing is waited for."""
        while cls._waiting:
            await asyncio.sleep(_RECENT)

    @classmethod
    async def until_quiet(cls) -> None:
        """Wait until nobody types, and nobody waits for a result."""
        while cls._busy():
            await asyncio.sleep(_RECENT)

    @classmethod
    def _busy(cls) -> bool:
        now = monotonic()
        return bool(cls._waiting) or now - cls._awaited_at < _RECENT or now - cls._typed_at < _TYPING

    def __init__(self, *, background: bool = False) -> None:
        """`background`: nobody waits for the result, so it gives way to keys and to work that somebody waits for."""
        self._background = background
        self._told = 0.0
        self._until = monotonic() + (_SHORT if background else _FIRST)

    @property
    def due(self) -> bool:
        """Whether the slice is used up."""
        return monotonic() > self._until

    @property
    def tells(self) -> bool:
        """Whether it is time to tell how far the work is: a few times a second, not after every slice."""
        now = monotonic()
        if now - self._told < _TELL_EVERY:
            return False
        self._told = now
        return True

    async def pause(self) -> None:
        """Let the screen live for a moment."""
        if self._background:
            await asyncio.sleep(_LONG)
            await self.until_quiet()
            self._until = monotonic() + _SHORT
            return
        typing = monotonic() - Slices._typed_at < _TYPING
        Slices._awaited_at = monotonic()
        await asyncio.sleep(_LONG if typing else _PAUSE)
        self._until = monotonic() + (_SHORT if typing else _SLICE)
