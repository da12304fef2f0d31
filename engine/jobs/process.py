"""Who a process is, whether it still runs, and how it is ended.

A bare pid may belong to somebody else a minute later; pid, start time and boot id together cannot.
"""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from data.atomic import write_atomically

PROCESS_FILE = "process.json"
CGROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """A process for as long as this boot lasts."""

    pid: int
    """Also the id of its session and process group: launchers start every job in a session of its own."""
    started: int
    """Clock ticks since boot (field 22 of /proc/PID/stat, proc(5))."""
    boot_id: str
    launcher: str = "detached"
    """What started it: "systemd" or "detached"."""
    unit: str = ""
    """The systemd unit that it is; "" for none."""
    cgroup: str = ""
    """The unit's control group, below `/sys/fs/cgroup`: it also holds what left the session."""

    def alive(self) -> bool:
        """Whether this very process still runs; a zombie does not."""
        return self.boot_id == current_boot_id() and _start_time(self.pid) == self.started

    def group_alive(self) -> bool:
        """Whether any process of its session or unit still runs (a server's workers can outlive their parent)."""
        return self.boot_id == current_boot_id() and any(True for _ in self._members())

    def signal_group(self, number: int) -> None:
        """Send a signal to every living process of the session and unit; one that has just gone is no error."""
        if self.boot_id != current_boot_id():
            return
        for pid in self._members():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue

    def _members(self) -> list[int]:
        """Pids of the job's processes that are not zombies, started no earlier than the job itself."""
        of_unit = self._pids_of_unit()
        members: list[int] = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            fields = _stat_fields(int(entry.name))
            # Fields after the command: state (0), ppid, pgrp, session (3) … start time (19).
            if not fields or fields[0] == "Z" or int(fields[19]) < self.started:
                continue
            if int(fields[3]) == self.pid or int(entry.name) in of_unit:
                members.append(int(entry.name))
        return members

    def _pids_of_unit(self) -> set[int]:
        if not self.cgroup.strip("/"):
            return set()
        found: set[int] = set()
        for file in (CGROUPS / self.cgroup.strip("/")).rglob("cgroup.procs"):
            try:
                found.update(map(int, file.read_text().split()))
            except (OSError, ValueError):
                continue
        return found


def identify(pid: int) -> ProcessIdentity | None:
    """The identity of a running process, or None when there is none with this pid."""
    started = _start_time(pid)
    return None if started is None else ProcessIdentity(pid, started, current_boot_id())


def end_group(identity: ProcessIdentity, *, grace_seconds: float = 10.0) -> None:
    """End every process of a job's session: SIGTERM, then SIGKILL to what is left after the grace time. Blocks."""
    identity.signal_group(signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    while identity.group_alive() and time.monotonic() < deadline:
        time.sleep(0.05)  # the kernel offers no wait for a process that is not our child
    while identity.group_alive():
        identity.signal_group(signal.SIGKILL)
        time.sleep(0.05)


def write_identity(folder: Path, identity: ProcessIdentity) -> None:
    """Keep a job's identity in its folder."""
    write_atomically(folder / PROCESS_FILE, (json.dumps(asdict(identity)) + "\n").encode())


def read_identity(folder: Path) -> ProcessIdentity | None:
    """The identity kept in a job's folder; None where there is none that can be read."""
    try:
        values = json.loads((folder / PROCESS_FILE).read_bytes())
        more = {name: str(values[name]) for name in ("launcher", "unit", "cgroup") if name in values}
        return ProcessIdentity(int(values["pid"]), int(values["started"]), str(values["boot_id"]), **more)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def current_boot_id() -> str:
    """The id of this boot (random(4))."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _stat_fields(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The command may hold spaces and parentheses; everything after the last ")" is regular.
    return text[text.rindex(")") + 2 :].split()


def _start_time(pid: int) -> int | None:
    fields = _stat_fields(pid)
    return int(fields[19]) if fields and fields[0] != "Z" else None
