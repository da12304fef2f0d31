"""The layout of two servers: the base model in one, the tuned model in the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from engine.jobs.events import Note
from engine.serving.backend import Backend, backend_of
from engine.serving.health import probe, wait_until_ready
from engine.serving.registry import SHARED, Role, Server, list_servers, model_fingerprint
from engine.serving.room import RELEASE_SECONDS
from engine.serving.servers import start_server, stop_server
from engine.serving.sizes import model_sizes


async def start_pair(
    workspace: Path,
    base: Path,
    tuned: Path,
    report: Callable[[Note], None],
    *,
    port: int | None = None,
    backend: Backend | None = None,
    template: str | None = None,
    force: bool = False,
) -> tuple[Server, Server]:
    """Serve two models side by side, the second started when the first is ready; gives base and tuned, both ready.

    Two that start together count each other's memory as their own. A server that already serves the same files is
    kept, so that after another run only the tuned one starts again; one that serves something else is stopped first.
    With a `port`, a base server that is started takes it, and a tuned one the next. `template` is that of the run's
    training, for a tuned model without one.
    Raises what `start_server` and `wait_until_ready` raise; a server that is ready by then stays.
    """
    backend = backend or backend_of()
    wanted: dict[Role, Path] = {"base": base.resolve(), "tuned": tuned.resolve()}
    for model in wanted.values():
        model_sizes(model)
    present = {server.name: server for server in list_servers(workspace)}
    patience = 0.0
    if (shared := present.get(SHARED)) is not None:
        report(Note(f"stopping {shared.label}"))
        await asyncio.to_thread(stop_server, shared)
        patience = RELEASE_SECONDS
    for role, model in wanted.items():
        server = present.get(role)
        if server is not None and not await usable(server, model, backend):
            report(Note(f"stopping {server.label}, which serves something else"))
            await asyncio.to_thread(stop_server, server)
            del present[role]
            patience = RELEASE_SECONDS
    ready: list[Server] = []
    for place, (role, model) in enumerate(wanted.items()):
        server = present.get(role)
        if server is None:
            report(Note(f"starting the {role} server"))
            server = await asyncio.to_thread(
                start_server,
                workspace,
                role,
                model,
                role=role,
                port=None if port is None else port + place,
                backend=backend,
                template=template if role == "tuned" else None,
                force=force,
                patience=patience,
            )
        await wait_until_ready(server, report)
        ready.append(server)
    return ready[0], ready[1]


async def usable(server: Server, model: Path, backend: Backend) -> bool:
    """Whether a server of an earlier start serves exactly this model, and is well or on its way."""
    same = (
        server.model == model
        and server.fingerprint == model_fingerprint(model)
        and (server.engine, server.device) == (backend.engine, backend.device)
        and bool(server.container) == backend.contained
    )
    return same and (await probe(server)).state in ("ready", "starting")
