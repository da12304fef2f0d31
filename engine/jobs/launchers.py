"""Which launcher starts a job: a systemd user unit where that outlives a login, else a session of its own."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import Literal, get_args

from data.errors import InputError
from engine.jobs import detached, systemd
from engine.jobs.process import ProcessIdentity
from engine.jobs.spec import JobSpec
from engine.jobs.systemd import Tool, run_tool

LauncherName = Literal["systemd", "detached"]
LAUNCHERS: tuple[LauncherName, ...] = get_args(LauncherName)
VARIABLE = "BURNISH_LAUNCHER"
"""Environment variable that names a launcher; "auto" or nothing leaves the choice to `choose`."""
_ANSWERS = frozenset({"running", "degraded", "starting", "initializing", "maintenance"})
"""What a user manager says of itself while it can start units (systemctl(1), is-system-running)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A launcher, and why it is the one."""

    launcher: LauncherName
    why: str
    """A sentence: what keeps the job alive, and what would end it."""
    fix: str = ""
    """The one command after which a job would outlive the end of a login; "" where it does."""


def choose(asked: str | None = None, tool: Tool = run_tool) -> Choice:
    """The launcher that was asked for (an option, or `BURNISH_LAUNCHER`), or the one that fits this machine.

    A user manager ends with the last login of its user unless lingering is on, and takes its units with it; a detached
    process stays, where logind does not end what a login leaves (`KillUserProcesses`, logind.conf(5)). Raises
    InputError for a name that is no launcher, and for systemd where no user manager answers.
    """
    name = asked or os.environ.get(VARIABLE) or "auto"
    if name not in ("auto", *LAUNCHERS):
        raise InputError(f"There is no launcher {name}; use {', '.join(LAUNCHERS)} or auto.")
    manager = _manager_answers(tool)
    if name == "systemd" and not manager:
        raise InputError("No systemd user manager answers here; use the launcher detached, or auto.")
    if not manager:
        return Choice("detached", "A session of its own, with no terminal; no systemd user manager answers here.")
    if _property(tool, "Linger", str(os.getuid())) == "yes":
        if name == "detached":
            return Choice("detached", "A session of its own, with no terminal, as you asked.")
        return Choice("systemd", "A unit of your systemd user manager, which stays when you log out.")
    fix = "loginctl enable-linger"
    logout_kills = _property(tool, "KillUserProcesses") == "yes"
    if name == "detached" or (name == "auto" and not logout_kills):
        if logout_kills:
            return Choice("detached", "A session of its own; this machine ends it when you log out.", fix)
        return Choice(
            "detached",
            "A session of its own, with no terminal; lingering is off, so systemd would end it at logout.",
            fix,
        )
    return Choice("systemd", "A unit of your systemd user manager, which ends when you log out: lingering is off.", fix)


def launch(spec: JobSpec, asked: str | None = None, tool: Tool = run_tool) -> ProcessIdentity:
    """Start a job that survives this process, its terminal and its SSH session.

    Every launcher leaves the same files in the job's folder. Raises BurnishError when it cannot be started, InputError
    as `choose` does.
    """
    if choose(asked, tool).launcher == "systemd":
        return systemd.launch(spec, tool)
    return detached.launch(spec)


def _manager_answers(tool: Tool) -> bool:
    if not shutil.which("systemd-run"):
        return False
    return tool(("systemctl", "--user", "is-system-running")).out.strip() in _ANSWERS


def _property(tool: Tool, name: str, user: str | None = None) -> str:
    """A property of a user as logind keeps it, or of logind itself; "" when it does not answer."""
    answer = tool(("loginctl", "show-user", *([user] if user else []), f"--property={name}"))
    found = [line.partition("=")[2] for line in answer.out.splitlines() if line.startswith(f"{name}=")]
    return found[0].strip() if found else ""
