"""Waiting for a condition, with a limit that only a fault reaches."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from textual.pilot import Pilot

Value = TypeVar("Value")

_PAUSE = threading.Event()


def wait_for(condition: Callable[[], Value], *, seconds: float = 600.0, what: str = "the condition") -> Value:
    """The first true value of `condition`, which is asked again until then. Fails the test after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s for {what}")
        _PAUSE.wait(0.02)


async def until(pilot: Pilot[Any], condition: Callable[[], object], what: str = "the condition") -> None:
    """Let an app work until a condition holds. Fails the test after ten minutes."""
    try:
        async with asyncio.timeout(600):
            while not condition():
                await pilot.pause()
    except TimeoutError:
        raise AssertionError(f"waited ten minutes for {what}") from None
