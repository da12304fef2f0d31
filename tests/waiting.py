"""Waiting for a condition, with a limit that only a fault reaches."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

_PAUSE = threading.Event()


def wait_for(condition: Callable[[], Value], *, seconds: float = 180.0, what: str = "the condition") -> Value:
    """The first true value of `condition`, which is asked again until then. Fails the test after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s for {what}")
        _PAUSE.wait(0.02)
