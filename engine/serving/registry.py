"""The servers of a workspace as their files tell: `.burnish/servers/NAME/` with server.toml, process.json, log, key.

Nothing else knows about a server, so a workbench opened later finds what an earlier one started. A server answers for
one side of a comparison, or for both: then it serves the base model and, under a second name, the adapter of a run.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from data.atomic import write_atomically
from data.errors import InputError
from data.toml_value import toml_value
from engine.chat.endpoint import Endpoint
from engine.jobs.detached import LOG_FILE
from engine.jobs.process import PROCESS_FILE, ProcessIdentity, read_identity
from engine.serving.environment import DeviceName, EngineName
from engine.training.runs import RUNS

SERVER_FILE = "server.toml"
KEY_FILE = "key"
SHARED = "shared"
"""Name of the server that answers for both sides."""
Role = Literal["base", "tuned"]
"""The side of a comparison that a server answers for."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Served:
    """One model of a server."""

    path: Path
    """Directory of the model, or of an adapter on the server's model."""
    fingerprint: str
    """Of its files as they were when they were loaded; another one means that the server is out of date."""
    name: str
    """What requests must give as `model`."""


@dataclass(frozen=True, slots=True)
class Server:
    """One server, as it was started."""

    name: str
    """Unique in its workspace."""
    role: Role
    folder: Path
    """Where its files are."""
    model: Path
    """Directory of the model that it serves."""
    fingerprint: str
    """Of the model's files as they were at the start; another one means that the server is out of date."""
    served_name: str
    """The name that requests must give as `model`."""
    port: int
    """On 127.0.0.1."""
    engine: EngineName
    device: DeviceName
    started: float
    """Seconds since the epoch."""
    scratch: Path
    """Its own temporary folder (sockets), removed when it is stopped."""
    adapter: Served | None = None
    """The adapter that answers as `tuned` beside the model; None for a server of one model."""
    rank: int = 0
    """The highest rank of an adapter that can be loaded into it while it runs; 0 for none."""
    container: str = ""
    """Name of the container that it runs in; empty for a process of this machine."""

    @property
    def roles(self) -> tuple[Role, ...]:
        """The sides that it answers for."""
        return (self.role, "tuned") if self.adapter is not None else (self.role,)

    def served(self, role: Role) -> Served:
        """What answers for a side."""
        if role == "tuned" and self.adapter is not None:
            return self.adapter
        return Served(self.model, self.fingerprint, self.served_name)

    @property
    def url(self) -> str:
        """Where its API is, without `/v1`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Everything that it printed."""
        return self.folder / LOG_FILE

    @property
    def label(self) -> str:
        """How a sentence calls it: "the base server"."""
        return f"the {self.name} server"

    def identity(self) -> ProcessIdentity | None:
        """Its process; None when it has none any more."""
        return read_identity(self.folder)

    def alive(self) -> bool:
        """Whether its main process runs."""
        identity = self.identity()
        return identity is not None and identity.alive()


def servers_folder(workspace: Path) -> Path:
    """Where a workspace keeps its servers."""
    return workspace.absolute() / ".burnish" / "servers"


def server_folder(workspace: Path, name: str) -> Path:
    """The folder of one server. Raises InputError for a name that is no plain word."""
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} cannot name a server: use letters, digits, dots, dashes and underscores.")
    return servers_folder(workspace) / name


def list_servers(workspace: Path) -> list[Server]:
    """The servers that were started and not stopped since, running or not, by name."""
    folder = servers_folder(workspace)
    if not folder.is_dir():
        return []
    found = (read_server(each) for each in sorted(folder.iterdir()))
    return [server for server in found if server is not None]


def read_server(folder: Path) -> Server | None:
    """The server of a folder; None where there is none, or where its file is of another make."""
    try:
        values = tomllib.loads((folder / SERVER_FILE).read_text(encoding="utf-8"))
        return _server(folder, values)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _server(folder: Path, values: dict[str, Any]) -> Server:
    role, engine, device = values["role"], values["engine"], values["device"]
    for value, allowed in ((role, Role), (engine, EngineName), (device, DeviceName)):
        if value not in get_args(allowed):
            raise ValueError(value)
    return Server(
        name=str(values["name"]),
        role=role,
        folder=folder,
        model=Path(values["model"]),
        fingerprint=str(values["fingerprint"]),
        served_name=str(values["served_name"]),
        port=int(values["port"]),
        engine=engine,
        device=device,
        started=float(values["started"]),
        scratch=Path(values["scratch"]),
        adapter=_adapter(values.get("adapter")),
        rank=int(values.get("rank", 0)),
        container=str(values.get("container", "")),
    )


def _adapter(values: dict[str, Any] | None) -> Served | None:
    if values is None:
        return None
    return Served(Path(values["path"]), str(values["fingerprint"]), str(values["name"]))


def write_server(server: Server) -> None:
    """Keep a server's description in its folder."""
    values: dict[str, str | int | float] = {
        "name": server.name,
        "role": server.role,
        "model": str(server.model),
        "fingerprint": server.fingerprint,
        "served_name": server.served_name,
        "port": server.port,
        "engine": server.engine,
        "device": server.device,
        "started": server.started,
        "scratch": str(server.scratch),
        "rank": server.rank,
        "container": server.container,
    }
    lines = _toml_lines(values)
    if (adapter := server.adapter) is not None:
        named = {"path": str(adapter.path), "fingerprint": adapter.fingerprint, "name": adapter.name}
        lines += ["", "[adapter]", *_toml_lines(named)]
    write_atomically(server.folder / SERVER_FILE, "\n".join(lines) + "\n")


def _toml_lines(values: Mapping[str, object]) -> list[str]:
    return [f"{key} = {toml_value(value)}" for key, value in values.items()]


def forget_server(server: Server) -> None:
    """Take a stopped server out of the list; its log stays."""
    for name in (SERVER_FILE, PROCESS_FILE, KEY_FILE):
        (server.folder / name).unlink(missing_ok=True)


def new_key(folder: Path) -> str:
    """Make the key that a server's clients must show; only its owner can read the file."""
    key = secrets.token_urlsafe(24)
    path = folder / KEY_FILE
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w") as file:
        file.write(key)
    return key


def endpoint_of(server: Server, role: Role | None = None) -> Endpoint:
    """Where and how to ask a server, for one of its sides (the first without one)."""
    try:
        key = (server.folder / KEY_FILE).read_text(encoding="ascii").strip() or None
    except OSError:
        key = None
    role = role or server.role
    name = server.label if server.adapter is None else f"the {role} side of {server.label}"
    return Endpoint(server.url, server.served(role).name, api_key=key, engine=server.engine, name=name)


def model_fingerprint(model: Path) -> str:
    """Names, sizes and times of a model's files, as one short text; their content is not read."""
    seen = hashlib.sha256()
    for each in sorted(model.iterdir()):
        if each.is_file():
            state = each.stat()
            seen.update(f"{each.name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return seen.hexdigest()[:16]


def model_label(model: Path) -> str:
    """How a person calls a model directory: a run's id for what a run left, else the directory's name."""
    return model.parent.name if model.parent.parent.name == RUNS else model.name
