"""How a job that computes on the processors makes way for whoever types on the machine."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

NICENESS = 10
"""What a job yields to everything else: beside one other process it keeps a tenth of a processor, alone all of it."""
_AGAIN = 0.11
"""The kernel takes one change of a group in a tenth of a second, and answers EAGAIN in between."""


def give_way(pid: int) -> None:
    """Let a process that has just been started as the leader of a session, and all that it starts, yield to others.

    A screen needs a few milliseconds, a run takes every processor it gets. The niceness of a process counts only among
    those of its own session where the kernel groups tasks by session, as it does on most desktops and on Ubuntu; the
    group has a niceness of its own (sched(7), the autogroup feature). A process that has ended already is no error.
    """
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, NICENESS)
    group = Path(f"/proc/{pid}/autogroup")
    with suppress(OSError):
        try:
            group.write_text(str(NICENESS))
        except BlockingIOError:
            time.sleep(_AGAIN)
            group.write_text(str(NICENESS))
