"""The layout of one server with the adapter: base and tuned are two names of it, and the base's weights are there once.

Another run's adapter takes the place of the first while the server runs, in seconds. The layout is trusted only after
the canary, with every adapter anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from data.errors import BurnishError, InputError
from data.templates import Template
from engine.chat.refusals import said_in
from engine.chat.request import request
from engine.jobs.events import Note
from engine.serving.adapters import adapter_rank, loadable_copy, room_for_rank
from engine.serving.backend import Backend, backend_of
from engine.serving.canary import canary
from engine.serving.health import probe, wait_until_ready
from engine.serving.pair import usable
from engine.serving.registry import (
    SHARED,
    Served,
    Server,
    endpoint_of,
    list_servers,
    model_fingerprint,
    write_server,
)
from engine.serving.room import RELEASE_SECONDS
from engine.serving.servers import start_server, stop_server

TUNED = "tuned"
_LOAD_SECONDS = 300.0


class LayoutRefusedError(BurnishError):
    """One server cannot be trusted with both sides here; two servers can."""

    def __init__(self, why: str) -> None:
        super().__init__(f"One server for both sides is not used: {why}.", title="Two servers instead")


async def start_shared(
    workspace: Path,
    base: Path,
    adapter: Path,
    report: Callable[[Note], None],
    *,
    prompts: Sequence[str] = (),
    port: int | None = None,
    backend: Backend | None = None,
    force: bool = False,
) -> Server:
    """Serve a base model and an adapter on it from one server, and try with the canary whether they are kept apart.

    A server that serves this base already gets the adapter in the place of the one before. `prompts` are questions on
    which the two should differ. Raises LayoutRefusedError when the layout cannot be used (the server is stopped then),
    and what `start_server` and `wait_until_ready` raise.
    """
    backend = backend or backend_of()
    base = base.resolve()
    rank = _checked_rank(base, adapter, backend)
    server = await _running(workspace, base, rank, backend, report)
    if server is None:
        report(Note("starting one server for base and tuned"))
        server = await asyncio.to_thread(
            start_server,
            workspace,
            SHARED,
            base,
            role="base",
            port=port,
            backend=backend,
            rank=room_for_rank(rank),
            force=force,
            patience=RELEASE_SECONDS,
        )
    await wait_until_ready(server, report)
    fingerprint = model_fingerprint(adapter)
    if server.adapter is not None and (server.adapter.path, server.adapter.fingerprint) == (adapter, fingerprint):
        return server
    return await _exchange(server, Served(adapter, fingerprint, TUNED), prompts, report)


async def _exchange(server: Server, served: Served, prompts: Sequence[str], report: Callable[[Note], None]) -> Server:
    """Load an adapter, try it, and say who answers as tuned from now on."""
    loaded = replace(server, adapter=served)
    base, tuned = endpoint_of(loaded, "base"), endpoint_of(loaded, "tuned")
    report(Note(f"{server.label}: loading the adapter of {served.path.parent.name}"))
    # Until the canary has passed nobody may take the new adapter for the old one.
    write_server(replace(server, adapter=None))
    try:
        await load_adapter(server, served)
        report(Note(f"{server.label}: checking that base and tuned are kept apart"))
        why = await canary(base, tuned, prompts)
    except BurnishError:
        await asyncio.to_thread(stop_server, server)
        raise
    if why is not None:
        await asyncio.to_thread(stop_server, server)
        raise LayoutRefusedError(why)
    write_server(loaded)
    return loaded


async def load_adapter(server: Server, served: Served) -> None:
    """Have the server load an adapter under the tuned name, in the place of the one before.

    Raises LayoutRefusedError when the server does not take it, BurnishError when it cannot be asked.
    """
    endpoint = endpoint_of(server)
    path = await asyncio.to_thread(loadable_copy, served.path, server.folder)
    body = {"lora_name": served.name, "lora_path": str(path), "load_inplace": True}
    response = await request(endpoint, "POST", "/v1/load_lora_adapter", body, read_seconds=_LOAD_SECONDS)
    if response.status_code != 200:
        said = said_in(response.text).rstrip(".") or f"it answers with status {response.status_code}"
        raise LayoutRefusedError(f"the server does not load the adapter ({said})")


async def _running(
    workspace: Path, base: Path, rank: int, backend: Backend, report: Callable[[Note], None]
) -> Server | None:
    """The shared server that can take the adapter; every other server of the pane is stopped, to make room."""
    kept = None
    for server in list_servers(workspace):
        if server.name not in (SHARED, "base", TUNED):
            continue
        if server.name == SHARED and server.rank >= rank and await usable(server, base, backend):
            kept = server
            continue
        report(Note(f"stopping {server.label}"))
        await asyncio.to_thread(stop_server, server)
    return kept


def _checked_rank(base: Path, adapter: Path, backend: Backend) -> int:
    """The adapter's rank. Raises LayoutRefusedError when this adapter cannot be served beside its base."""
    if backend.engine != "vllm":
        raise LayoutRefusedError("only vLLM loads an adapter beside its base model")
    try:
        rank = adapter_rank(adapter)
        if Template.from_model(adapter).source != Template.from_model(base).source:
            raise LayoutRefusedError(
                "the run was trained with another prompt template than the base model's, and one server has one"
            )
    except InputError as error:
        raise LayoutRefusedError(error.sentence.rstrip(".")) from error
    return rank


async def shared_server(workspace: Path, base: Path) -> bool:
    """Whether a shared server of this base is up and trusted, so that another adapter takes seconds."""
    for server in list_servers(workspace):
        if server.name == SHARED and server.adapter is not None and server.model == base.resolve():
            return (await probe(server)).state == "ready"
    return False
