"""The queue of a workspace: runs that wait, each in a process of its own, until those before them have ended.

A run that waits has a ticket in its folder, made before its process is started. Nobody hands turns out: each looks for
itself whether anything before it still lives, so a run goes on also when the one before it was killed.
"""

from __future__ import annotations

import fcntl
import os
import select
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from data.atomic import write_atomically
from engine.jobs.events import RunState, StateChanged
from engine.jobs.process import read_identity
from engine.training.runs import run_folders

TICKET_FILE = "queued"
LOOK_EVERY = 1.0
"""Seconds between looks at the request to stop; the end of a run that is waited for is noticed at once."""


def draw_ticket(run_folder: Path) -> None:
    """Put a run at the end of the queue, before its process is started. Raises BurnishError."""
    write_atomically(run_folder / TICKET_FILE, f"{time.time_ns()}\n")


def tear_ticket(run_folder: Path) -> None:
    """Take a run out of the queue: it is its turn, or it does not wait any more."""
    (run_folder / TICKET_FILE).unlink(missing_ok=True)


def queue(workspace: Path) -> list[str]:
    """The ids of the runs that wait, the next one first."""
    waiting = [
        (ticket, folder.name)
        for folder in run_folders(workspace)
        if (ticket := _ticket(folder)) is not None and _pid(folder) is not None
    ]
    return [name for _, name in sorted(waiting)]


def wait_for_turn(run_folder: Path, report: Callable[[StateChanged], None], stopped: Callable[[], bool]) -> bool:
    """Wait until nothing before this run is at work; False when it was asked to stop meanwhile.

    Returns at once for a run without a ticket.
    """
    if _ticket(run_folder) is None:
        return True
    said = ""
    while not stopped():
        blockers = _take_turn(run_folder)
        if not blockers:
            return True
        words = f"waits for {_names(list(blockers))} to end"
        if words != said:
            said = words
            report(StateChanged(RunState.QUEUED, f"{words}."))
        _sleep_until_one_ends(blockers.values())
    tear_ticket(run_folder)
    return False


def stopped_in_queue() -> StateChanged:
    """The last word of a run whose turn never came."""
    return StateChanged(RunState.STOPPED, "stopped by you while it waited.")


def _take_turn(run_folder: Path) -> dict[str, int]:
    """Take the turn where nothing is before this run; what is before it otherwise.

    One run of the workspace at a time: of two that are started at once, the second may look before the first has left
    its pid, and the first may not look before the second has given its ticket back.
    """
    descriptor = os.open(run_folder.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if not (blockers := _blockers(run_folder)):
            tear_ticket(run_folder)
        return blockers
    finally:
        os.close(descriptor)


def _blockers(run_folder: Path) -> dict[str, int]:
    """The runs that are at work or have an earlier ticket, with their pids; none for a run without a ticket."""
    own = _ticket(run_folder)
    if own is None:
        return {}
    found: dict[str, int] = {}
    for folder in reversed(run_folders(run_folder.parent.parent)):
        pid = _pid(folder) if folder.name != run_folder.name else None
        # The ticket is looked at after the process: one that is torn in between belongs to a run that is at work.
        if pid is not None and ((ticket := _ticket(folder)) is None or (ticket, folder.name) < (own, run_folder.name)):
            found[folder.name] = pid
    return found


def _ticket(run_folder: Path) -> int | None:
    try:
        return int((run_folder / TICKET_FILE).read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def _pid(run_folder: Path) -> int | None:
    identity = read_identity(run_folder)
    return identity.pid if identity is not None and identity.alive() else None


def _names(names: list[str]) -> str:
    return " and ".join(names) if len(names) <= 2 else f"{names[0]} and {len(names) - 1} others"


def _sleep_until_one_ends(pids: Iterable[int]) -> None:
    poll = select.poll()
    descriptors: list[int] = []
    try:
        for pid in pids:
            descriptors.append(os.pidfd_open(pid))
            poll.register(descriptors[-1], select.POLLIN)
        poll.poll(LOOK_EVERY * 1000)
    except ProcessLookupError:
        return  # it has just ended
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
