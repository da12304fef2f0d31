"""Starting, finding and stopping the servers of a workspace."""

from __future__ import annotations

import asyncio
import fcntl
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import BurnishError, InputError
from engine.chat.endpoint import Endpoint
from engine.jobs.detached import LOG_FILE
from engine.jobs.events import Note
from engine.jobs.launchers import launch
from engine.jobs.process import end_group
from engine.jobs.spec import JobSpec
from engine.serving.command import invocation
from engine.serving.environment import ServingEnvironment, find_environment
from engine.serving.health import Health, probe, wait_until_ready
from engine.serving.registry import (
    Role,
    Server,
    endpoint_of,
    forget_server,
    list_servers,
    model_fingerprint,
    new_key,
    read_server,
    server_folder,
    servers_folder,
    write_server,
)
from engine.serving.sizes import model_sizes

__all__ = [
    "Health",
    "Server",
    "endpoint_of",
    "list_servers",
    "probe",
    "ready_endpoint",
    "start_pair",
    "start_server",
    "stop_server",
    "wait_until_ready",
]

PORTS = range(8401, 8500)
"""Tried one after the other; below the range from which the kernel takes ports for outgoing connections."""
_SCRATCH = "burnish-server-"


def start_server(workspace: Path, name: str, model: Path, *, role: Role, port: int | None = None) -> Server:
    """Start a server and return at once; it survives this process. `probe` tells when it is ready.

    Raises InputError when the model cannot be served, the name is taken by a running server or the port is in use;
    BurnishError when there is no serving environment or its Python does not start.
    """
    environment, sizes = _environment(), model_sizes(model)
    folder = server_folder(workspace, name)
    try:
        with _starting(workspace):
            _make_way(folder)
            chosen = _port(port, list_servers(workspace))
            scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH))
            model = model.resolve()
            run = invocation(environment, model, sizes, name=name, port=chosen, key=new_key(folder), scratch=scratch)
            server = Server(
                name=name,
                role=role,
                folder=folder,
                model=model,
                fingerprint=model_fingerprint(model),
                served_name=run.served_name,
                port=chosen,
                engine=environment.engine,
                device=environment.device,
                started=round(time.time(), 3),
                scratch=scratch,
            )
            write_server(server)
            try:
                launch(JobSpec(server.label, folder, run.command, run.environment))
            except BurnishError:
                stop_server(server)
                raise
            return server
    except OSError as error:
        raise BurnishError(
            f"The files of the {name} server cannot be written in {folder}: {error.strerror}; it was not started.",
            title="Server not started",
        ) from error


def _make_way(folder: Path) -> None:
    """Clear what an earlier server of this name left; raises InputError when it still runs."""
    present = read_server(folder)
    if present is not None and present.alive():
        raise InputError(f"The {present.name} server runs already on port {present.port}; stop it first.")
    if present is not None:
        stop_server(present)
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / LOG_FILE
    if log.exists():
        # Put aside, so that what is shown belongs to the new start.
        log.replace(folder / "log.previous.txt")


async def start_pair(
    workspace: Path, base: Path, tuned: Path, report: Callable[[Note], None], *, port: int | None = None
) -> tuple[Server, Server]:
    """Serve two models side by side, the second started when the first is ready; gives base and tuned, both ready.

    Two that start together count each other's memory as their own. A server that already serves the same files is
    kept, so that after another run only the tuned one starts again; one that serves something else is stopped first.
    With a `port`, a base server that is started takes it, and a tuned one the next.
    Raises what `start_server` and `wait_until_ready` raise; a server that is ready by then stays.
    """
    environment = _environment()
    wanted: dict[Role, Path] = {"base": base.resolve(), "tuned": tuned.resolve()}
    for model in wanted.values():
        model_sizes(model)
    present = {server.name: server for server in list_servers(workspace)}
    for role, model in wanted.items():
        server = present.get(role)
        if server is not None and not await _usable(server, model, environment):
            report(Note(f"stopping {server.label}, which serves something else"))
            await asyncio.to_thread(stop_server, server)
            del present[role]
    ready: list[Server] = []
    for place, (role, model) in enumerate(wanted.items()):
        server = present.get(role)
        if server is None:
            report(Note(f"starting the {role} server"))
            chosen = None if port is None else port + place
            server = await asyncio.to_thread(start_server, workspace, role, model, role=role, port=chosen)
        await wait_until_ready(server, report)
        ready.append(server)
    return ready[0], ready[1]


def stop_server(server: Server) -> None:
    """End every process of a server and take it out of the list; its log stays. Blocks, at most some 5 s."""
    identity = server.identity()
    if identity is not None:
        end_group(identity, grace_seconds=5)
    if server.scratch.name.startswith(_SCRATCH):
        shutil.rmtree(server.scratch, ignore_errors=True)
    forget_server(server)


def ready_endpoint(workspace: Path, name: str) -> Endpoint:
    """Where to ask the server of that name. Raises BurnishError when it does not run or still starts."""
    server = read_server(server_folder(workspace, name))
    if server is None or not server.alive():
        raise BurnishError(f"The {name} server is not running; start the servers first.", title="No server")
    with socket.socket() as probing:
        probing.settimeout(1.0)
        if probing.connect_ex(("127.0.0.1", server.port)) != 0:
            raise BurnishError(f"The {name} server is still starting; ask again in a moment.", title="Not ready yet")
    return endpoint_of(server)


async def _usable(server: Server, model: Path, environment: ServingEnvironment) -> bool:
    """Whether a server of an earlier start serves exactly this model, and is well or on its way."""
    same = (
        server.model == model
        and server.fingerprint == model_fingerprint(model)
        and (server.engine, server.device) == (environment.engine, environment.device)
    )
    return same and (await probe(server)).state in ("ready", "starting")


def _environment() -> ServingEnvironment:
    environment = find_environment()
    if environment is None:
        raise BurnishError(
            "Serving is not set up yet; run `burnish setup serve` first.", title="No serving environment"
        )
    return environment


@contextmanager
def _starting(workspace: Path) -> Iterator[None]:
    """One start at a time in a workspace: two screens must not take the same name or port."""
    folder = servers_folder(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _port(asked: int | None, servers: list[Server]) -> int:
    if asked is not None and not 1024 <= asked <= 65535:
        raise InputError(f"{asked} is not a port for a server; give one between 1024 and 65535, or none.")
    taken = {server.port: server for server in servers}
    if asked is not None:
        if asked in taken or not _free(asked):
            by = f" by {taken[asked].label}" if asked in taken else ""
            raise InputError(
                f"Port {asked} is in use{by}; give another one, or none to have a free one chosen.", title="Port in use"
            )
        return asked
    port = next((each for each in PORTS if each not in taken and _free(each)), None)
    if port is None:
        raise BurnishError(f"No port from {PORTS[0]} to {PORTS[-1]} is free; stop a server, or name a port.")
    return port


def _free(port: int) -> bool:
    with socket.socket() as trying:
        # A connection that has just ended does not count as use; vLLM binds in the same way.
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
