"""Whether a server starts, answers, has failed or is gone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from data.errors import BurnishError
from engine.chat.endpoint import connect
from engine.jobs.events import Note
from engine.serving.ending import end_processes
from engine.serving.failures import FETCHING, latest_log, reason, stage
from engine.serving.registry import Server, endpoint_of

PATIENCE = 900.0
"""Seconds a start may take: a large model is read from a slow disk."""
_ANSWER_SECONDS = 5.0
_BETWEEN = 0.25


@dataclass(frozen=True, slots=True)
class Health:
    """How a server is."""

    state: Literal["starting", "ready", "failed", "gone"]
    """`failed`: it ended and its log says why. `gone`: it ended without a word (killed, or the machine restarted)."""
    detail: str
    """What it is doing, or what happened and what to do."""


async def probe(server: Server) -> Health:
    """Ask a server how it is. Takes milliseconds, at most 5 s when it hangs; raises nothing."""
    import httpx  # takes 60 to 110 ms, which the first paint must not wait for

    if not server.alive():
        return _ended(server)
    try:
        async with connect(endpoint_of(server), read_seconds=_ANSWER_SECONDS) as client:
            status = (await client.get("/health")).status_code
    except httpx.ConnectError:
        # Nobody listens yet, or it has just ended.
        return Health("starting", stage(latest_log(server.log))) if server.alive() else _ended(server)
    except httpx.TimeoutException:
        return Health("starting", f"it has not answered for {_ANSWER_SECONDS:.0f} s; it is busy, or hangs")
    except httpx.HTTPError:
        # Docker listens on a published port before the server does.
        doing = stage(latest_log(server.log)) if server.container else "it closed the connection"
        return Health("starting", doing) if server.alive() else _ended(server)
    if status == 200:
        return Health("ready", f"answers on 127.0.0.1:{server.port}")
    why = reason(latest_log(server.log)) or f"it reports status {status}"
    return Health("failed", f"{why}; stop it and start it again")


async def wait_until_ready(server: Server, report: Callable[[Note], None]) -> None:
    """Return when the server answers; `report` gets each stage of the start.

    Raises BurnishError with the reason when it fails or takes longer than `PATIENCE`; it is then ended, and stays in
    the list with its log. Cancelling leaves it starting.
    """
    deadline = time.monotonic() + PATIENCE
    said = ""
    while True:
        health = await probe(server)
        if health.detail != said:
            said = health.detail
            report(Note(f"{server.label}: {said}"))
        if health.state == "ready":
            return
        if health.detail == FETCHING:
            deadline = time.monotonic() + PATIENCE
        late = time.monotonic() > deadline
        if health.state != "starting" or late:
            await asyncio.to_thread(end_processes, server)
            why = f"it was not ready after {PATIENCE / 60:.0f} minutes ({said})" if late else said
            raise BurnishError(
                f"{server.label[0].upper()}{server.label[1:]} did not start: {why}. Its log is {server.log}.",
                title="Server not started",
            )
        await asyncio.sleep(_BETWEEN)


def _ended(server: Server) -> Health:
    why = reason(latest_log(server.log))
    if why is not None:
        return Health("failed", why)
    return Health("gone", "its process ended without a word: stopped from outside, or for want of memory")
