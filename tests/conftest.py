"""What holds for every test: nothing of the person's own is read or written, and no process is left behind."""

from __future__ import annotations

import os
import signal
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_MARK = "BURNISH_TEST_SESSION"
_SESSION = uuid.uuid4().hex


def pytest_configure() -> None:
    """Mark this process, and with it every process that a test starts."""
    os.environ[_MARK] = _SESSION
    os.environ.pop("BURNISH_THEME", None)
    # Tests in the background of a shell have SIGINT ignored, those under nohup SIGHUP, and so would what they start:
    # what is handled here, instead, is as usual there.
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, _go_on)
    # The person's own systemd manager is left alone, unless they say otherwise.
    os.environ.setdefault("BURNISH_LAUNCHER", "detached")
    # How long an example takes says how busy the machine is, not whether it holds.
    settings.register_profile("burnish", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("burnish")


def _go_on(number: int, frame: object) -> None:
    """Ignore a signal, in this process only."""


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and state go to a temporary place; caches and environments are slow to build and are shared."""
    home = tmp_path_factory.getbasetemp() / "home"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the session when a process that it started still runs."""
    left = left_processes()
    if left:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\nprocesses left behind:", *left, sep="\n  ")


def left_processes() -> list[str]:
    """Command lines of the processes, other than this one and its parents, that carry this session's mark."""
    own = {os.getpid(), os.getppid()}
    left: list[str] = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) in own:
            continue
        try:
            if f"{_MARK}={_SESSION}".encode() in (entry / "environ").read_bytes():
                left.append(f"{entry.name} {(entry / 'cmdline').read_bytes().replace(bytes(1), b' ').decode()[:200]}")
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            continue
    return left
