"""Waiting for a condition, with a limit that only a fault reaches."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Collection
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


async def workers_end(pilot: Pilot[Any], *, but: Collection[str] = ()) -> None:
    """Let the workers of an app end, those that they lead to as well, and draw it all; not those of the groups `but`.

    Textual's own wait takes the workers that there are at one moment, and fails where one of them is taken back.
    """

    def at_work() -> bool:
        return any(not worker.is_finished and worker.group not in but for worker in pilot.app.workers)

    await pilot.pause()
    while at_work():
        await until(pilot, lambda: not at_work(), "the end of all workers")
        await pilot.pause()
