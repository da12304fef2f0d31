"""The `detached` launcher: a job in a session of its own, with no terminal and no parent that it needs."""

from __future__ import annotations

import os
import subprocess
import threading
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from data.errors import BurnishError
from engine.jobs.priority import give_way
from engine.jobs.process import ProcessIdentity, identify, write_identity
from engine.jobs.spec import JobSpec

LOG_FILE = "log.txt"
OOM_SCORE = 500
"""Raised, so that a machine out of memory ends a job before a login or a screen; needs no privilege (proc(5))."""


def launch(spec: JobSpec) -> ProcessIdentity:
    """Start a job that survives this process, its terminal and its SSH session.

    Raises BurnishError when the executable cannot be started. The folder is made when it is not there.
    """
    begin_log(spec)
    with (spec.folder / LOG_FILE).open("ab") as log:
        try:
            process = subprocess.Popen(
                spec.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=spec.folder,
                env=surroundings(spec),
                start_new_session=True,
                close_fds=True,
            )
        except OSError as error:
            raise BurnishError(
                f"{spec.name} could not be started: {spec.command[0]}: {error.strerror}.", title="Not started"
            ) from error
    # At once, while a job that fails at its first word has not been reaped: its log says why.
    identity = identify(process.pid)
    if identity is None:
        raise BurnishError(
            f"{spec.name} ended as soon as it was started; see {spec.folder / LOG_FILE}.", title="Not started"
        )
    if spec.gives_way:
        give_way(process.pid)
    with suppress(OSError):  # it has ended already
        Path(f"/proc/{process.pid}/oom_score_adj").write_text(str(OOM_SCORE))
    # Reaps the job when it ends before this process does: a zombie would otherwise stay in the table of processes.
    threading.Thread(target=process.wait, name=f"reap {spec.name}", daemon=True).start()
    write_identity(spec.folder, identity)
    return identity


def begin_log(spec: JobSpec) -> None:
    """Make a job's folder, where it is not there yet, and say in its log that it is started."""
    spec.folder.mkdir(parents=True, exist_ok=True)
    with (spec.folder / LOG_FILE).open("ab") as log:
        log.write(f"-- {datetime.now():%Y-%m-%d %H:%M:%S} starting {spec.name}\n".encode())


def surroundings(spec: JobSpec) -> dict[str, str]:
    """The environment of a job: ours, and what it asks for."""
    return {
        **os.environ,
        # Our packages have common names (data, engine, tests): nothing of the working directory may shadow them.
        "PYTHONSAFEPATH": "1",
        "PYTHONUNBUFFERED": "1",
        **spec.environment,
    }
