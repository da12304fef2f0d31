"""The life of a server, with real processes: a small stand-in does what vLLM does to its surroundings."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from data.errors import BurnishError, InputError
from engine.jobs.events import Note
from engine.jobs.process import ProcessIdentity
from engine.serving.pair import start_pair
from engine.serving.registry import KEY_FILE, read_server, server_folder
from engine.serving.servers import (
    Server,
    endpoint_of,
    list_servers,
    probe,
    ready_endpoint,
    start_server,
    stop_server,
    wait_until_ready,
)
from tests.engine.serving.conftest import MakeModel
from tests.waiting import wait_for

pytestmark = pytest.mark.usefixtures("stand_in")


def quiet(note: Note) -> None:
    """Nobody reads along."""


def identity_of(server: Server) -> ProcessIdentity:
    identity = server.identity()
    assert identity is not None
    return identity


async def test_a_server_starts_is_found_again_and_stops_as_a_group(workspace: Path, make_model: MakeModel) -> None:
    server = start_server(workspace, "base", make_model("m", "wait"), role="base")
    assert (await probe(server)).state == "starting"
    with pytest.raises(BurnishError, match="still starting"):
        ready_endpoint(workspace, "base")
    (server.model / "go").touch()
    await wait_until_ready(server, quiet)
    assert (await probe(server)).state == "ready"
    assert list_servers(workspace) == [server]
    # By another process, as after a restart of the workbench.
    code = "import sys; from pathlib import Path; from engine.serving.servers import list_servers as l; "
    code += "print([(s.name, s.port, s.alive()) for s in l(Path(sys.argv[1]))])"
    found = subprocess.run([sys.executable, "-c", code, str(workspace)], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str([("base", server.port, True)])
    assert ready_endpoint(workspace, "base") == endpoint_of(server)

    identity = identity_of(server)
    assert len(identity._members()) == 2
    assert server.scratch.is_dir()
    stop_server(server)
    assert not identity.group_alive()
    assert not server.scratch.exists()
    assert list_servers(workspace) == []
    assert server.log.exists()
    with pytest.raises(BurnishError, match="not running"):
        ready_endpoint(workspace, "base")


async def test_the_key_is_only_in_a_file_of_the_owner(workspace: Path, make_model: MakeModel) -> None:
    server = start_server(workspace, "base", make_model("m"), role="base")
    await wait_until_ready(server, quiet)
    path = server.folder / KEY_FILE
    key = path.read_text()
    assert endpoint_of(server).api_key == key
    assert len(key) >= 24
    assert path.stat().st_mode & 0o777 == 0o600
    for pid in identity_of(server)._members():
        assert key not in Path(f"/proc/{pid}/cmdline").read_text()
    for file in server.folder.iterdir():
        assert file == path or key not in file.read_text()
    stop_server(server)
    assert not path.exists()


async def test_a_server_whose_main_process_was_killed_is_gone_and_its_child_is_ended(
    workspace: Path, make_model: MakeModel
) -> None:
    server = start_server(workspace, "base", make_model("m"), role="base")
    await wait_until_ready(server, quiet)
    identity = identity_of(server)
    os.kill(identity.pid, signal.SIGKILL)
    wait_for(lambda: not identity.alive(), what="the end of the killed process")
    health = await probe(server)
    assert health.state == "gone"
    assert "without a word" in health.detail
    assert identity.group_alive(), "the child goes on"
    again = start_server(workspace, "base", server.model, role="base")
    assert not identity.group_alive()
    assert not server.scratch.exists()
    assert list_servers(workspace) == [again]


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("fail\nERROR: [Errno 98] error while attempting to bind: address already in use", "port is taken"),
        ("fail\nTraceback:\nValueError: odd thing", "odd thing"),
        ("silent", "without a word"),
    ],
)
async def test_a_failed_start_says_why_and_leaves_its_log(
    workspace: Path, make_model: MakeModel, behaviour: str, words: str
) -> None:
    server = start_server(workspace, "base", make_model("m", behaviour), role="base")
    with pytest.raises(BurnishError, match="The base server did not start") as caught:
        await wait_until_ready(server, quiet)
    assert words in caught.value.sentence
    assert str(server.log) in caught.value.sentence
    assert list_servers(workspace) == [server], "so that it can be looked at"


def test_a_port_in_use_is_named(workspace: Path, make_model: MakeModel) -> None:
    model = make_model("m")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(InputError, match=f"Port {port} is in use; give another one"):
            start_server(workspace, "base", model, role="base", port=port)
    server = start_server(workspace, "base", model, role="base", port=port)
    assert server.port == port
    with pytest.raises(InputError, match=f"Port {port} is in use by the base server"):
        start_server(workspace, "tuned", model, role="tuned", port=port)
    with pytest.raises(InputError, match="not a port for a server"):
        start_server(workspace, "tuned", model, role="tuned", port=80)
    other_server = start_server(workspace, "tuned", model, role="tuned")
    assert other_server.port != port


def test_a_name_runs_once(workspace: Path, make_model: MakeModel) -> None:
    server = start_server(workspace, "base", make_model("m"), role="base")
    with pytest.raises(InputError, match=f"runs already on port {server.port}"):
        start_server(workspace, "base", server.model, role="base")


@pytest.mark.parametrize("name", ["", "../x", "a b", ".hidden", "a/b"])
def test_a_name_is_a_plain_word(workspace: Path, make_model: MakeModel, name: str) -> None:
    with pytest.raises(InputError, match="cannot name a server"):
        start_server(workspace, name, make_model("m"), role="base")


def test_without_an_environment_the_command_that_makes_it_is_named(
    workspace: Path, make_model: MakeModel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "none"))
    with pytest.raises(BurnishError, match="burnish setup serve"):
        start_server(workspace, "base", make_model("m"), role="base")


def test_a_workspace_that_cannot_be_written_is_told(tmp_path: Path, make_model: MakeModel) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BurnishError, match="cannot be written"):
        start_server(tmp_path / "file", "base", make_model("m"), role="base")


async def test_a_pair_starts_one_after_the_other(workspace: Path, make_model: MakeModel) -> None:
    notes: list[str] = []
    base, tuned = await start_pair(workspace, make_model("b"), make_model("t"), lambda note: notes.append(note.text))
    assert (base.role, tuned.role) == ("base", "tuned")
    assert float((base.folder / "ready").read_text()) <= tuned.started
    assert notes[0] == "starting the base server"
    assert notes[-1] == f"the tuned server: answers on 127.0.0.1:{tuned.port}"


async def test_what_already_serves_the_same_files_is_kept(workspace: Path, make_model: MakeModel) -> None:
    model, first, second = make_model("b"), make_model("t1"), make_model("t2")
    base, tuned = await start_pair(workspace, model, first, quiet)
    assert await start_pair(workspace, model, first, quiet) == (base, tuned)
    same, other = await start_pair(workspace, model, second, quiet)
    assert same == base
    assert other.model == second
    assert not tuned.alive() or tuned.identity() == other.identity()
    # The same directory with other content, as after an export into it.
    (second / "config.json").write_text('{"new": 1}')
    same, newer = await start_pair(workspace, model, second, quiet)
    assert same == base
    assert newer.identity() != identity_of(other) or newer.started > other.started
    os.kill(identity_of(base).pid, signal.SIGKILL)
    wait_for(lambda: not base.alive(), what="the end of the killed process")
    again, kept = await start_pair(workspace, model, second, quiet)
    assert again.started > base.started
    assert kept == newer


async def test_a_pair_that_cannot_be_served_stops_nothing(workspace: Path, make_model: MakeModel) -> None:
    base, tuned = await start_pair(workspace, make_model("b"), make_model("t"), quiet)
    with pytest.raises(InputError, match="no model directory"):
        await start_pair(workspace, base.model, workspace / "missing", quiet)
    assert base.alive()
    assert tuned.alive()


@pytest.mark.parametrize("damage", [b"", b"name = 3", b"\xff", b'name = "base"\nrole = "other"'])
def test_a_damaged_description_is_no_server(workspace: Path, damage: bytes) -> None:
    folder = server_folder(workspace, "base")
    folder.mkdir(parents=True)
    (folder / "server.toml").write_bytes(damage)
    assert read_server(folder) is None
    assert list_servers(workspace) == []


async def test_odd_paths_come_back_as_they_were(workspace: Path, make_model: MakeModel) -> None:
    server = start_server(workspace, "base", make_model('a "b"\\ é\t\x7f'), role="base")
    assert list_servers(workspace) == [server]
