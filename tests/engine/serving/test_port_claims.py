"""Two workspaces that start servers at once get ports of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.jobs.process import ProcessIdentity, identify
from engine.serving.port_claims import PortClaims
from engine.serving.servers import list_servers, start_server, stop_server
from tests.engine.serving.conftest import MakeModel


@pytest.fixture
def other(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], ProcessIdentity]]:
    """A process in a session of its own, as a server is one."""
    command = [sys.executable, "-c", "input()"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    identity = identify(process.pid)
    assert identity is not None
    yield process, identity
    process.kill()
    process.communicate()


def test_a_port_is_held_as_long_as_its_process_runs(
    tmp_path: Path, other: tuple[subprocess.Popen[bytes], ProcessIdentity]
) -> None:
    process, identity = other
    claims = PortClaims(tmp_path / "ports")
    with claims.choosing():
        assert claims.held() == set()
        claims.keep(8401, identity)
    assert (tmp_path / "ports").stat().st_mode & 0o777 == 0o700
    assert PortClaims(tmp_path / "ports").held() == {8401}
    process.kill()
    process.wait()
    assert claims.held() == set()
    assert not (tmp_path / "ports" / "8401").exists()


def test_a_folder_that_is_no_folder_of_ours_claims_nothing(
    tmp_path: Path, other: tuple[subprocess.Popen[bytes], ProcessIdentity]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "link").symlink_to(elsewhere)
    claims = PortClaims(tmp_path / "link")
    with claims.choosing():
        claims.keep(8401, other[1])
    assert claims.held() == set()
    assert not list(elsewhere.iterdir())


@pytest.mark.usefixtures("stand_in")
def test_servers_of_two_workspaces_that_do_not_listen_yet_have_two_ports(tmp_path: Path, make_model: MakeModel) -> None:
    workspaces = [tmp_path / "one", tmp_path / "two"]
    model = make_model("m", "wait")
    try:
        for workspace in workspaces:
            workspace.mkdir()
        ports = [start_server(workspace, "base", model, role="base").port for workspace in workspaces]
        assert len(set(ports)) == 2
    finally:
        for workspace in workspaces:
            for server in list_servers(workspace):
                stop_server(server)
