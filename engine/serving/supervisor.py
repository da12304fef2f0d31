"""Watches the servers of a workspace, and starts and stops them as a pair."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from data.errors import BurnishError, InputError
from engine.jobs.events import Note
from engine.models.resolve import resolve
from engine.reports import Report, ServersChanged, ServerStatus, TaskAdvanced
from engine.serving.environment import build_environment, find_environment
from engine.serving.health import probe
from engine.serving.registry import Server, list_servers, model_label
from engine.serving.servers import start_pair, stop_server
from engine.training.job import read_job
from engine.training.methods.registry import method_of
from engine.training.runs import JOB_FILE, RUNS, served_model

LOOK_EVERY = 1.0
"""Seconds between looks at the servers."""
SETTING_UP = "setting up serving"
PREPARING = "preparing the base model"
STARTING = "starting the servers"

Result = TypeVar("Result")


class ServerSupervisor:
    """What a screen knows and can do about the servers of its workspace, whoever started them."""

    def __init__(self, workspace: Path, report: Callable[[Report], None]) -> None:
        self._workspace = workspace
        self._report = report
        self._told: tuple[ServerStatus, ...] | None = None
        self._starting: asyncio.Task[None] | None = None

    async def watch(self) -> None:
        """Report the servers now and whenever one of them changes; never ends by itself."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Probe every server and report when anything is different."""
        try:
            servers = await asyncio.to_thread(list_servers, self._workspace)
        except OSError:
            return  # a folder that went away; the runs' supervisor says so
        found = tuple(await asyncio.gather(*(self._status(server) for server in servers)))
        if found != self._told:
            self._told = found
            self._report(ServersChanged(found))

    async def serve_run(self, run_id: str, *, port: int | None = None) -> None:
        """Serve a run's base model and its tuned model; sets serving up and prepares the base where needed.

        Free ports are chosen, or `port` and the next are taken. Raises BurnishError (a start that is under way, a run
        without a model, a port in use, a server that failed).
        """
        if self._starting is not None and not self._starting.done():
            raise BurnishError("The servers are being started already; watch them on the compare pane.")
        self._starting = asyncio.current_task()
        folder = self._workspace / RUNS / run_id
        job = read_job(folder / JOB_FILE)
        if not method_of(job.method).merged:
            raise InputError(
                f"Run {run_id} cannot be served: {job.method.kind} leaves vectors that stand before every prompt, and "
                "vLLM cannot load them; train with lora to serve the result."
            )
        tuned = served_model(folder)
        if tuned is None:
            raise InputError(f"Run {run_id} has left no model yet; serve it when it has finished.")
        if find_environment() is None:
            await self._work(SETTING_UP, lambda note: build_environment(note))
        base = await self._work(PREPARING, lambda note: resolve(job.model, report=note, workspace=self._workspace))
        note = self._teller(STARTING)
        try:
            await start_pair(self._workspace, base, tuned, note, port=port)
        finally:
            self._report(TaskAdvanced(STARTING, "", done=True))
            await self.look()

    async def stop_all(self) -> None:
        """Give up a start that is under way, and stop every server of the workspace."""
        if self._starting is not None and not self._starting.done():
            self._starting.cancel()
        for server in await asyncio.to_thread(list_servers, self._workspace):
            await asyncio.to_thread(stop_server, server)
        await self.look()

    async def _work(self, name: str, work: Callable[[Callable[[Note], None]], Result]) -> Result:
        try:
            return await asyncio.to_thread(work, self._teller(name))
        finally:
            self._report(TaskAdvanced(name, "", done=True))

    def _teller(self, name: str) -> Callable[[Note], None]:
        return lambda note: self._report(TaskAdvanced(name, note.text, note.fraction))

    async def _status(self, server: Server) -> ServerStatus:
        health = await probe(server)
        return ServerStatus(
            name=server.name,
            state=health.state,
            detail=health.detail,
            model=model_label(server.model),
            engine=server.engine,
            port=server.port,
            log=server.log,
        )
