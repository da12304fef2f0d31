"""Watches the servers of a workspace, and starts and stops them as a pair."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from data.errors import BurnishError, InputError
from data.templates import chosen_template
from engine.jobs.events import Note
from engine.models.resolve import resolve
from engine.reports import Failed, Report, ServersChanged, ServerStatus, TaskAdvanced
from engine.serving.backend import Backend, backend_of
from engine.serving.environment import build_environment, find_environment
from engine.serving.health import Health, probe, wait_until_ready
from engine.serving.pair import start_pair
from engine.serving.questions import telling_questions
from engine.serving.registry import Role, Server, list_servers, model_label
from engine.serving.servers import find_server, start_server, stop_server
from engine.serving.shared import LayoutRefusedError, shared_server, start_shared
from engine.serving.wish import Wish, read_wish
from engine.training.job import TrainingJob, read_job
from engine.training.methods.registry import method_of
from engine.training.runs import ADAPTER, JOB_FILE, RUNS, served_model

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
        told = await asyncio.gather(*(self._statuses(server) for server in servers))
        found = tuple(status for statuses in told for status in statuses)
        if found != self._told:
            self._told = found
            self._report(ServersChanged(found))

    async def serve_run(self, run_id: str, wish: Wish | None = None) -> None:
        """Serve a run's base model and its tuned model; sets serving up and prepares the base where needed.

        Without a `wish` it is served as the workspace keeps it.
        Where one server for both is refused, that is reported, and two are started. Raises BurnishError (a start that
        is under way, a run without a model, a port in use, too little memory, a server that failed).
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
        wish = wish or read_wish(self._workspace)
        backend = await self._backend(wish)
        base = await self._resolved(job.model)
        try:
            if not await self._served_by_one(folder, job, base, backend, wish):
                template = chosen_template(job.template, base, self._workspace).source
                await start_pair(
                    self._workspace,
                    base,
                    tuned,
                    self._teller(STARTING),
                    port=wish.port,
                    backend=backend,
                    template=template,
                    force=wish.force,
                )
        finally:
            self._report(TaskAdvanced(STARTING, "", done=True))
            await self.look()

    async def serve_alone(self, target: str, name: str, wish: Wish | None = None) -> None:
        """Serve the tuned model of a run, or any model, by itself under a name of its own, beside what is served.

        Raises BurnishError as `serve_run` does, InputError for what is neither a run nor a model.
        """
        folder = self._workspace / RUNS / target
        is_run = (folder / JOB_FILE).is_file()
        tuned = served_model(folder) if is_run else None
        if is_run and tuned is None:
            raise InputError(f"Run {target} has left no model to serve.")
        wish = wish or read_wish(self._workspace)
        backend = await self._backend(wish)
        model = tuned or await self._resolved(target)
        try:
            server = await asyncio.to_thread(
                start_server,
                self._workspace,
                name,
                model,
                role="tuned" if is_run else "base",
                port=wish.port,
                backend=backend,
                force=wish.force,
            )
            await wait_until_ready(server, self._teller(STARTING))
        finally:
            self._report(TaskAdvanced(STARTING, "", done=True))
            await self.look()

    async def _backend(self, wish: Wish) -> Backend:
        """What serves; the serving environment is built where it is wanted and not there."""
        if wish.backend != "container" and find_environment() is None:
            await self._work(SETTING_UP, lambda note: build_environment(note))
        return await self._work(SETTING_UP, lambda note: backend_of(wish.backend, image=wish.image, report=note))

    async def _resolved(self, model: str) -> Path:
        return await self._work(PREPARING, lambda note: resolve(model, report=note, workspace=self._workspace))

    async def _served_by_one(self, run: Path, job: TrainingJob, base: Path, backend: Backend, wish: Wish) -> bool:
        """Whether one server answers for both sides now; where that was asked for and cannot be, the reason is told."""
        asked = wish.layout == "one"
        if not asked and (wish.layout == "two" or not await shared_server(self._workspace, base)):
            return False
        if not method_of(job.method).vllm_adapter:
            if asked:
                why = f"{job.method.kind} leaves no adapter that vLLM can load beside the base model"
                self._tell_refused(LayoutRefusedError(why))
            return False
        questions = await asyncio.to_thread(telling_questions, job, self._workspace)
        try:
            await start_shared(
                self._workspace,
                base,
                run / ADAPTER,
                self._teller(STARTING),
                prompts=questions,
                port=wish.port,
                backend=backend,
                force=wish.force,
            )
        except LayoutRefusedError as error:
            self._tell_refused(error)
            return False
        return True

    def _tell_refused(self, error: LayoutRefusedError) -> None:
        self._report(Failed(error.title, f"{error.sentence} Base and tuned get a server each."))

    async def stop(self, name: str) -> str:
        """Stop one server, by its name or a side that it answers for; gives its name. Raises InputError."""
        found = find_server(self._workspace, name)
        if found is None:
            known = ", ".join(server.name for server in list_servers(self._workspace))
            raise InputError(f"There is no server {name} in {self._workspace}; there is {known or 'none'}.")
        await asyncio.to_thread(stop_server, found[0])
        await self.look()
        return found[0].name

    async def stop_all(self) -> None:
        """Give up a start that is under way, and stop every server of the workspace.

        Raises BurnishError for the first one that could not be stopped, after the others were.
        """
        if self._starting is not None and not self._starting.done():
            self._starting.cancel()
        problems: list[BurnishError] = []
        for server in await asyncio.to_thread(list_servers, self._workspace):
            try:
                await asyncio.to_thread(stop_server, server)
            except BurnishError as error:
                problems.append(error)
        await self.look()
        if problems:
            raise problems[0]

    async def _work(self, name: str, work: Callable[[Callable[[Note], None]], Result]) -> Result:
        try:
            return await asyncio.to_thread(work, self._teller(name))
        finally:
            self._report(TaskAdvanced(name, "", done=True))

    def _teller(self, name: str) -> Callable[[Note], None]:
        return lambda note: self._report(TaskAdvanced(name, note.text, note.fraction))

    async def _statuses(self, server: Server) -> list[ServerStatus]:
        """What a server is to each of its sides."""
        health = await probe(server)
        if len(server.roles) == 1:
            return [_status(server, server.role, server.name, health)]
        return [_status(server, role, role, health) for role in server.roles]


def _status(server: Server, role: Role, name: str, health: Health) -> ServerStatus:
    return ServerStatus(
        name=name,
        state=health.state,
        detail=health.detail,
        model=model_label(server.served(role).path),
        engine=server.engine,
        port=server.port,
        log=server.log,
        server=server.name,
    )
