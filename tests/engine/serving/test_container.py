"""A server in a container: how docker is called, and that nothing of it stays."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from data.errors import BurnishError, InputError
from engine.jobs.events import Note
from engine.serving.backend import Order, backend_of
from engine.serving.container import IMAGE, ContainerBackend, readable_folders
from engine.serving.pair import start_pair
from engine.serving.servers import (
    Server,
    endpoint_of,
    list_servers,
    probe,
    start_server,
    stop_server,
    wait_until_ready,
)
from engine.serving.sizes import ModelSizes
from engine.serving.supervisor import ServerSupervisor
from tests.engine.serving.conftest import MakeModel
from tests.waiting import wait_for

SIZES = ModelSizes(weight_bytes=1 << 30, context=8192, cache_bytes_per_token=1 << 14)


def quiet(note: Note) -> None:
    """Nobody reads along."""


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A command `docker`; gives the folder of what it was called with."""
    state, programs = tmp_path / "docker", tmp_path / "bin"
    for folder in (state, programs):
        folder.mkdir()
    script = Path(__file__).with_name("stand_in_docker.py")
    command = programs / "docker"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    monkeypatch.setenv("DOCKER_STATE", str(state))
    return state


def started(docker: Path, server: Server) -> dict[str, Any]:
    return json.loads((docker / f"{server.container}.json").read_bytes())


def options(words: list[str], name: str) -> list[str]:
    return [words[place + 1] for place, word in enumerate(words) if word == name]


def lives(docker: Path, server: Server) -> bool:
    """Whether the container's own process runs."""
    try:
        pid = int((docker / f"{server.container}.pid").read_text())
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_a_container_starts_is_asked_and_ends(docker: Path, workspace: Path, make_model: MakeModel) -> None:
    model = make_model("m, with a comma")
    server = start_server(workspace, "base", model, role="base", backend=ContainerBackend())
    await wait_until_ready(server, quiet)
    assert list_servers(workspace) == [server]
    call = started(docker, server)
    words: list[str] = call["words"]
    assert {"--rm", "--init", "--ipc=host"} <= set(words)
    assert options(words, "--gpus") == ["all"]
    assert options(words, "--ulimit") == ["memlock=-1", "stack=67108864"]
    assert options(words, "--publish") == [f"127.0.0.1:{server.port}:8000"]
    assert options(words, "--mount") == [f'type=bind,"source={model}","target={model}",readonly']
    assert words[words.index("--entrypoint") :][:5] == ["--entrypoint", "vllm", IMAGE, "serve", str(model)]
    # The key: known to the container and to who asks, and in no argument.
    key = endpoint_of(server).api_key
    assert call["key"] == key
    assert key
    assert "VLLM_API_KEY" in options(words, "--env")
    assert not any(key in word for word in words)
    identity = server.identity()
    assert identity is not None
    assert key not in Path(f"/proc/{identity.pid}/cmdline").read_text()
    assert key not in server.log.read_text()

    stop_server(server)
    assert not lives(docker, server)
    assert not identity.group_alive()
    assert list_servers(workspace) == []
    calls = (docker / "calls").read_text().splitlines()
    assert calls[1:] == [f"stop --time 10 {server.container}", f"rm --force {server.container}"]


async def test_a_container_whose_program_was_killed_is_ended_all_the_same(
    docker: Path, workspace: Path, make_model: MakeModel
) -> None:
    server = start_server(workspace, "base", make_model("m"), role="base", backend=ContainerBackend())
    await wait_until_ready(server, quiet)
    identity = server.identity()
    assert identity is not None
    os.kill(identity.pid, signal.SIGKILL)
    wait_for(lambda: not identity.alive(), what="the end of docker's program")
    assert lives(docker, server)
    assert (await probe(server)).state == "gone"
    stop_server(server)
    assert not lives(docker, server)


async def test_what_docker_cannot_remove_stays_in_the_list(
    docker: Path, workspace: Path, make_model: MakeModel
) -> None:
    server = start_server(workspace, "base", make_model("m"), role="base", backend=ContainerBackend())
    await wait_until_ready(server, quiet)
    (docker / "stuck").write_text(server.container)
    with pytest.raises(
        BurnishError, match=rf"could not be removed: .*permission denied; try `docker rm --force {server.container}`"
    ):
        stop_server(server)
    # All others are stopped all the same.
    other = start_server(workspace, "other", make_model("o"), role="base", backend=ContainerBackend())
    await wait_until_ready(other, quiet)
    (docker / "stuck").write_text(server.container)
    with pytest.raises(BurnishError, match=server.container):
        await ServerSupervisor(workspace, lambda report: None).stop_all()
    assert list_servers(workspace) == [server]
    (docker / "stuck").unlink()


async def test_a_pair_of_containers_has_names_of_its_own(docker: Path, workspace: Path, make_model: MakeModel) -> None:
    base, tuned = await start_pair(workspace, make_model("b"), make_model("t"), quiet, backend=ContainerBackend())
    assert base.container != tuned.container
    assert await start_pair(workspace, base.model, tuned.model, quiet, backend=ContainerBackend()) == (base, tuned)


def test_links_out_of_the_model_are_readable_inside(tmp_path: Path) -> None:
    """As in a hub's cache, where the files of a model are links into a folder beside it."""
    snapshot, blobs = tmp_path / "snapshots" / "main", tmp_path / "blobs"
    for folder in (snapshot, blobs):
        folder.mkdir(parents=True)
    for name in ("config.json", "model.safetensors"):
        (blobs / f"{name}-sha").write_text("{}")
        (snapshot / name).symlink_to(f"../../blobs/{name}-sha")
    (snapshot / "tokenizer.json").write_text("{}")
    order = Order("base", snapshot, SIZES, 8401, "k", tmp_path, readable=(tmp_path / "runs",))
    assert readable_folders(order) == (snapshot, tmp_path / "runs", blobs)


@pytest.mark.usefixtures("docker")
def test_room_for_adapters(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    order = Order("base", tmp_path / "m", SIZES, 8401, "k", tmp_path, rank=64, container="c")
    run = ContainerBackend("vllm/vllm-openai:latest").invocation(order)
    assert "VLLM_ALLOW_RUNTIME_LORA_UPDATING=True" in options(list(run.command), "--env")
    assert options(list(run.command), "--max-lora-rank") == ["64"]
    assert "vllm/vllm-openai:latest" in run.command
    assert Path(run.command[0]).is_absolute()


def test_without_docker_it_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, make_model: MakeModel) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("docker") is None
    with pytest.raises(BurnishError, match=r"^A container needs docker, which is not installed here"):
        start_server(tmp_path, "base", make_model("m"), role="base", backend=backend_of("container"))
    assert list_servers(tmp_path) == []


def test_an_image_needs_a_container() -> None:
    assert backend_of("container", image="mine:1") == ContainerBackend("mine:1")
    with pytest.raises(InputError, match="goes with --backend container"):
        backend_of("auto", image="mine:1")
