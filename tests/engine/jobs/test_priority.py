"""Jobs that compute make way for whoever types, in their session's group too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.jobs.detached import launch
from engine.jobs.priority import NICENESS, give_way
from engine.jobs.spec import JobSpec
from engine.jobs.systemd import properties


@pytest.fixture
def spec(tmp_path: Path) -> JobSpec:
    return JobSpec("job", tmp_path, (sys.executable, "-c", "import signal; signal.pause()"))


def started(spec: JobSpec) -> Iterator[int]:
    pid = launch(spec).pid
    yield pid
    os.kill(pid, signal.SIGKILL)


def group_of(pid: int) -> str:
    """ "/autogroup-12 nice 0"; empty where the kernel has no such groups."""
    path = Path(f"/proc/{pid}/autogroup")
    return path.read_text().strip() if path.exists() else ""


def test_a_job_that_gives_way_is_nice_and_so_is_its_group(spec: JobSpec) -> None:
    for pid in started(replace(spec, gives_way=True)):
        assert os.getpriority(os.PRIO_PROCESS, pid) == NICENESS
        assert not group_of(pid) or group_of(pid).endswith(f" nice {NICENESS}")


def test_another_job_keeps_the_priority_that_we_have(spec: JobSpec) -> None:
    for pid in started(spec):
        assert os.getpriority(os.PRIO_PROCESS, pid) == os.getpriority(os.PRIO_PROCESS, 0)
        assert not group_of(pid) or group_of(pid).endswith(" nice 0")


def test_two_groups_give_way_within_a_tenth_of_a_second() -> None:
    command = [sys.executable, "-c", "input()"]
    jobs = [subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) for _ in range(2)]
    try:
        for job in jobs:
            give_way(job.pid)
            assert not group_of(job.pid) or group_of(job.pid).endswith(f" nice {NICENESS}")
    finally:
        for job in jobs:
            job.kill()
            job.communicate()


def test_a_process_that_has_ended_is_no_error() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    give_way(ended.pid)


def test_a_unit_is_told_of_it(spec: JobSpec) -> None:
    assert ("Nice", str(NICENESS)) in properties(replace(spec, gives_way=True))
    assert "Nice" not in dict(properties(spec))
