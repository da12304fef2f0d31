from __future__ import annotations

import os
import re
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from data.errors import BurnishError
from engine.jobs.detached import LOG_FILE, launch
from engine.jobs.process import end_group, identify, read_identity
from engine.jobs.spec import JobSpec
from tests.waiting import wait_for

# A parent that ignores SIGTERM, with a child of its own: what a server with workers looks like.
STUBBORN = """
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
print("child", child.pid, flush=True)
signal.pause()
"""


def spec(folder: Path, code: str, **environment: str) -> JobSpec:
    return JobSpec("job", folder, (sys.executable, "-c", code), environment)


def log(folder: Path) -> str:
    return (folder / LOG_FILE).read_text()


def child_of(folder: Path) -> int:
    """The pid that a stubborn job has printed; it prints word by word, so the line is waited for."""
    [pid] = wait_for(lambda: re.findall(r"child (\d+)\n", log(folder)), what="the child")
    return int(pid)


def test_a_job_runs_in_its_own_session_with_its_own_log(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; "
        "print('session', os.getsid(0) == os.getpid(), sys.stdin.read() == '', os.environ['WORD']); "
        # A job that has ended by the time it is looked for is one that did not start.
        "signal.pause()"
    )
    identity = launch(spec(tmp_path, code, WORD="here"))
    try:
        wait_for(lambda: "session True True here" in log(tmp_path), what="the job's output")
    finally:
        end_group(identity)


def test_a_job_is_found_again_by_its_folder_and_ended_with_its_children(tmp_path: Path) -> None:
    launch(spec(tmp_path, STUBBORN))
    child = child_of(tmp_path)
    found = read_identity(tmp_path)
    assert found is not None
    assert found.alive()
    end_group(found, grace_seconds=0.2)
    assert not found.alive()
    assert not found.group_alive()
    assert identify(child) is None


def test_the_children_of_a_dead_job_are_still_ended(tmp_path: Path) -> None:
    identity = launch(spec(tmp_path, STUBBORN))
    child_of(tmp_path)
    os.kill(identity.pid, signal.SIGKILL)
    wait_for(lambda: not identity.alive(), what="the parent's end")
    assert identity.group_alive()
    end_group(identity, grace_seconds=5)
    assert not identity.group_alive()


def test_a_pid_that_was_given_again_is_not_our_job() -> None:
    me = identify(os.getpid())
    assert me is not None
    assert me.alive()
    assert not replace(me, started=me.started - 1).alive()
    assert not replace(me, boot_id="another boot").alive()


def test_signals_never_reach_a_process_of_another_boot() -> None:
    me = identify(os.getpid())
    assert me is not None
    replace(me, boot_id="another boot").signal_group(signal.SIGKILL)


def test_a_command_that_does_not_exist_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BurnishError, match=r"could not be started: .*No such file"):
        launch(JobSpec("job", tmp_path, (str(tmp_path / "nothing"),)))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x"}'])
def test_a_torn_identity_file_is_no_identity(tmp_path: Path, content: str) -> None:
    (tmp_path / "process.json").write_text(content)
    assert read_identity(tmp_path) is None
