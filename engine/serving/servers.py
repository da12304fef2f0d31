"""Starting, finding and stopping the servers of a workspace."""

from __future__ import annotations

import fcntl
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import BurnishError, InputError
from engine.chat.endpoint import Endpoint
from engine.jobs.detached import LOG_FILE
from engine.jobs.launchers import launch
from engine.jobs.spec import JobSpec
from engine.serving.backend import Backend, Order, backend_of
from engine.serving.ending import end_processes
from engine.serving.health import probe, wait_until_ready
from engine.serving.port_claims import PortClaims
from engine.serving.ports import answers, choose_port
from engine.serving.registry import (
    Role,
    Server,
    endpoint_of,
    forget_server,
    list_servers,
    model_fingerprint,
    model_label,
    new_key,
    read_server,
    server_folder,
    servers_folder,
    write_server,
)
from engine.serving.repair import servable
from engine.serving.room import require_room
from engine.serving.sizes import model_sizes
from engine.training.runs import RUNS

__all__ = [
    "Server",
    "endpoint_of",
    "find_server",
    "list_servers",
    "probe",
    "ready_endpoint",
    "server_log",
    "start_server",
    "stop_server",
    "wait_until_ready",
]

_SCRATCH = "burnish-server-"


def start_server(
    workspace: Path,
    name: str,
    model: Path,
    *,
    role: Role,
    port: int | None = None,
    backend: Backend | None = None,
    rank: int = 0,
    template: str | None = None,
    force: bool = False,
    patience: float = 0.0,
) -> Server:
    """Start a server and return at once; it survives this process. `probe` tells when it is ready.

    With a `rank`, adapters up to it can be loaded while it runs. `template` is the chat template of the training, for
    a model that came without one. `force` starts it also where the memory does not seem to suffice; memory that is
    just being given back is waited for up to `patience` seconds.

    Raises InputError when the model cannot be served, the name is taken by a running server or the port is in use;
    BurnishError when there is no serving environment, not enough memory, or its program does not start.
    """
    backend = backend or backend_of()
    sizes = model_sizes(model)
    folder = server_folder(workspace, name)
    claims = PortClaims()
    try:
        with _starting(workspace), claims.choosing():
            _make_way(folder)
            chosen = choose_port(port, list_servers(workspace), claims.held())
            model = model.resolve()
            order = Order(
                served_name=role,
                model=servable(model, folder / "model", transformers=backend.transformers, template=template),
                sizes=sizes,
                port=chosen,
                key=new_key(folder),
                scratch=Path(tempfile.mkdtemp(prefix=_SCRATCH)),
                rank=rank,
                readable=(folder, (workspace / RUNS).absolute()) if rank else (),
                container=f"burnish-{name}-{secrets.token_hex(4)}" if backend.contained else "",
            )
            try:
                if not force:
                    require_room(workspace, name, backend, order, patience=patience)
                run = backend.invocation(order)
            except BurnishError:
                shutil.rmtree(order.scratch, ignore_errors=True)
                raise
            server = Server(
                name=name,
                role=role,
                folder=folder,
                model=model,
                fingerprint=model_fingerprint(model),
                served_name=run.served_name,
                port=chosen,
                engine=backend.engine,
                device=backend.device,
                started=round(time.time(), 3),
                scratch=order.scratch,
                rank=rank,
                container=order.container,
            )
            write_server(server)
            try:
                computes = backend.device == "cpu" and not backend.contained
                spec = JobSpec(server.label, folder, run.command, run.environment, gives_way=computes)
                claims.keep(chosen, launch(spec))
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


def stop_server(server: Server) -> None:
    """End every process of a server and take it out of the list; its log stays. Otherwise as `end_processes`."""
    end_processes(server)
    if server.scratch.name.startswith(_SCRATCH):
        shutil.rmtree(server.scratch, ignore_errors=True)
    forget_server(server)


def find_server(workspace: Path, name: str) -> tuple[Server, Role] | None:
    """The server of that name, else the one that answers for a side of that name, else the one that serves a run or
    model of that name; and the side."""
    servers = list_servers(workspace)
    sides: list[tuple[Server, Role]] = [(server, role) for server in servers for role in server.roles]
    named: list[tuple[Server, Role]] = [(server, server.role) for server in servers if server.name == name]
    # A further server of some run is no side of the comparison, although it is a tuned one.
    shared = [(server, role) for server, role in sides if role == name and server.adapter is not None]
    serving = [(server, role) for server, role in sides if name in _called(server.served(role).path)]
    found = [*named, *shared, *serving]
    return found[0] if found else None


def server_log(workspace: Path, name: str) -> Path:
    """The log of a server, by its name or a side that it answers for; also of one that was stopped.

    Raises InputError when there is none.
    """
    found = find_server(workspace, name)
    log = (found[0].folder if found else server_folder(workspace, name)) / LOG_FILE
    if not log.is_file():
        raise InputError(f"There is no log of a server {name} in {workspace}; `burnish servers` lists them.")
    return log


def _called(model: Path) -> tuple[str, str]:
    return model_label(model), str(model)


def ready_endpoint(workspace: Path, name: str) -> Endpoint:
    """Where to ask a server, by its name, its side, or the run or model that it serves.

    Raises BurnishError when it does not run or still starts.
    """
    found = find_server(workspace, name)
    if found is None or not found[0].alive():
        raise BurnishError(f"The {name} server is not running; start the servers first.", title="No server")
    server, role = found
    if not answers(server.port):
        raise BurnishError(f"The {name} server is still starting; ask again in a moment.", title="Not ready yet")
    return endpoint_of(server, role)


@contextmanager
def _starting(workspace: Path) -> Iterator[None]:
    """One start at a time in a workspace: two screens must not take the same name or port."""
    folder = servers_folder(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
