"""The `systemd` launcher: a job as a transient unit of the person's own systemd manager."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from data.errors import BurnishError
from engine.jobs.detached import LOG_FILE, OOM_SCORE, begin_log, surroundings
from engine.jobs.priority import NICENESS, give_way
from engine.jobs.process import ProcessIdentity, identify, write_identity
from engine.jobs.spec import JobSpec

STOP_SECONDS = 900
"""How long a job may take to save what it has when systemd stops it (at shutdown, too)."""
_OWN = frozenset(
    {"INVOCATION_ID", "JOURNAL_STREAM", "LISTEN_FDS", "LISTEN_PID", "MAINPID", "MANAGERPID", "NOTIFY_SOCKET"}
)
"""Variables that belong to the unit that set them."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool of systemd said."""

    code: int
    out: str
    err: str


Tool = Callable[..., Answer]
"""Called as `run_tool` is: the one seam to systemctl, systemd-run and loginctl."""


def run_tool(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Answer:
    """Run a tool and wait for it; one that is not there or does not answer has the code 127."""
    try:
        done = subprocess.run(
            arguments,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=30,
            check=False,
            env=None if environment is None else dict(environment),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Answer(127, "", str(error))
    return Answer(done.returncode, done.stdout, done.stderr)


def launch(spec: JobSpec, tool: Tool = run_tool) -> ProcessIdentity:
    """Start a job as a unit of the user manager. Raises BurnishError when it does not start."""
    unit = unit_name(spec)
    begin_log(spec)
    environment = _passed_on(surroundings(spec))
    started = tool(run_command(spec, unit, environment), {**os.environ, **environment})
    if started.code:
        said = started.err.strip().splitlines()
        raise BurnishError(
            f"{spec.name} could not be started by systemd: {said[-1] if said else 'it did not say why'}; "
            "BURNISH_LAUNCHER=detached starts it without.",
            title="Not started",
        )
    shown = tool(("systemctl", "--user", "show", unit, "--property=MainPID", "--property=ControlGroup"))
    values = dict(line.split("=", 1) for line in shown.out.splitlines() if "=" in line)
    pid = values.get("MainPID", "0")
    identity = identify(int(pid)) if pid.isdecimal() and pid != "0" else None
    if identity is None:
        raise BurnishError(
            f"{spec.name} ended as soon as it was started; see {spec.folder / LOG_FILE}.", title="Not started"
        )
    if spec.gives_way:
        give_way(identity.pid)
    identity = replace(identity, launcher="systemd", unit=unit, cgroup=values.get("ControlGroup", ""))
    write_identity(spec.folder, identity)
    return identity


def unit_name(spec: JobSpec) -> str:
    """A name that no other job has, of this workspace or another, now or earlier."""
    place = hashlib.sha256(os.fsencode(spec.folder.absolute())).hexdigest()[:8]
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", spec.name)[:80]
    return f"burnish-{plain}-{place}-{secrets.token_hex(3)}.service"


def run_command(spec: JobSpec, unit: str, names: Sequence[str] | Mapping[str, str]) -> tuple[str, ...]:
    """The systemd-run line of a job. Variables are named in it, their values are not: everybody can read a line."""
    return (
        "systemd-run",
        "--user",
        "--collect",
        "--quiet",
        f"--unit={unit}",
        f"--description=burnish: {spec.name}",
        *(f"--property={name}={value}" for name, value in properties(spec)),
        *(f"--setenv={name}" for name in sorted(names)),
        "--",
        # A dollar sign would be replaced by a variable (systemd.service(5), command lines).
        *(part.replace("$", "$$") for part in spec.command),
    )


def properties(spec: JobSpec) -> tuple[tuple[str, str], ...]:
    """What the unit is told (systemd.service(5), systemd.exec(5), systemd.kill(5))."""
    log = f"append:{spec.folder.absolute() / LOG_FILE}"
    return (
        # The line ends when the program runs, and fails when it cannot.
        ("Type", "exec"),
        ("WorkingDirectory", str(spec.folder.absolute())),
        ("StandardInput", "null"),
        ("StandardOutput", log),
        ("StandardError", log),
        # The job itself is asked to save; whatever it started is ended when it is gone.
        ("KillMode", "mixed"),
        ("TimeoutStopSec", str(STOP_SECONDS)),
        ("OOMPolicy", "stop"),
        ("OOMScoreAdjust", str(OOM_SCORE)),
        ("Restart", "no"),
        *((("Nice", str(NICENESS)),) if spec.gives_way else ()),
    )


def _passed_on(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that a unit can be given: its manager takes UTF-8 under plain names."""
    return {
        name: value
        for name, value in environment.items()
        if _NAME.fullmatch(name) and name not in _OWN and _is_utf8(value)
    }


def _is_utf8(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
