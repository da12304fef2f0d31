"""The engine: one background thread that does the work a screen must not wait for."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from data.errors import BurnishError
from engine.mailbox import Mailbox

if TYPE_CHECKING:
    from engine.chat.question import Question
    from engine.evaluation.evaluator import BatchPlan
    from engine.hardware.gpu import GpuLoad
    from engine.parts import Parts
    from engine.reports import AnswersAdvanced, BatchAdvanced, BatchListed, Report
    from engine.training.job import TrainingJob

RUNS_EVERY = 0.25
"""Seconds between two looks at the runs, at least; where nothing has stirred, twice as long."""
STIRRED_EVERY = 0.05
"""Seconds between two glances at whether a run has written, so that what it writes is shown at once."""
HARDWARE_EVERY = 2.0
GPUS_EVERY = 3
"""Samples of the hardware to one question to the graphics driver, which starts a process."""
PREPARE_AFTER = 2.0
"""Seconds after the start at which slow imports are made."""

Result = TypeVar("Result")


class Engine:
    """Runs, servers and answers of one workspace, worked on by one thread with an event loop of its own.

    Commands are methods that may be called from any thread and return a future at once. What happens is reported
    through a mailbox: `wake` is called (from the engine's thread, when the box was empty) and the screen takes what
    waits with `take_reports`. A command that fails puts a `Failed` report there too, so a caller may drop its future.

    The engine owns no process: runs and servers go on when it is closed, and are found again by the next one.
    """

    def __init__(self, workspace: Path, wake: Callable[[], None] = lambda: None) -> None:
        self.workspace = workspace
        self._mailbox = Mailbox(wake)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        """Start the thread; it looks at the workspace at once."""
        self._thread.start()

    def close(self) -> None:
        """Stop the thread and wait for it. Runs and servers are left as they are."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._cancel_all)
            self._thread.join(timeout=5)

    def take_reports(self) -> list[Report]:
        """What the screen has not seen yet, at most one report a key."""
        return self._mailbox.take()

    # -- training -----------------------------------------------------------------------------------------------------

    def start_run(self, job: TrainingJob, *, queued: bool = False) -> Future[str]:
        """Check a job, create its run and start it, or have it wait for those at work; gives the run's id."""

        async def start(parts: Parts) -> str:
            run_id = await asyncio.to_thread(parts.control.start, job, queued=queued)
            parts.runs.look()
            parts.runs.watch(run_id)
            return run_id

        return self._submit(start, "Run not started")

    def stop_run(self, run_id: str) -> Future[None]:
        """Ask a run to finish its step, save a checkpoint and end."""
        return self._submit(lambda parts: asyncio.to_thread(parts.control.stop, run_id), "Run not stopped")

    def kill_run(self, run_id: str) -> Future[None]:
        """End a run's processes now; what it saved stays."""
        return self._submit(lambda parts: asyncio.to_thread(parts.control.kill, run_id), "Run not killed")

    def resume_run(self, run_id: str, changes: Sequence[str] = (), *, queued: bool = False) -> Future[int]:
        """Start a run again from its newest whole checkpoint; gives that step, 0 when it starts over.

        `changes` are other values for its job, each as `training.learning_rate=0.0001`.
        """

        async def resume(parts: Parts) -> int:
            step = await asyncio.to_thread(parts.control.resume, run_id, changes, queued=queued)
            parts.runs.look()
            parts.runs.watch(run_id)
            return step

        return self._submit(resume, "Run not resumed")

    def measure_run(self, run_id: str) -> Future[int]:
        """How many bytes a run takes on the disk; asked before it is deleted."""

        async def measure(parts: Parts) -> int:
            from engine.training.deleting import run_size

            return await asyncio.to_thread(run_size, parts.control.folder(run_id))

        return self._submit(measure, "Run not measured")

    def delete_run(self, run_id: str) -> Future[int]:
        """Delete a run with everything it saved; gives the bytes that were freed. One at work or served is refused."""

        async def delete(parts: Parts) -> int:
            from engine.training.deleting import delete_run

            size = await asyncio.to_thread(delete_run, self.workspace, run_id)
            parts.runs.look()
            return size

        return self._submit(delete, "Run not deleted")

    def watch_run(self, run_id: str) -> None:
        """Report this run in full from now on; runs that are active always are."""
        self._loop.call_soon_threadsafe(lambda: self._parts.runs.watch(run_id))

    # -- serving ------------------------------------------------------------------------------------------------------

    def serve(self, run_id: str) -> Future[None]:
        """Serve a run's base model and its tuned model, one after the other; sets serving up first where needed."""

        async def serve(parts: Parts) -> None:
            await parts.servers.serve_run(run_id)
            await parts.comparer.prepare()

        return self._submit(serve, "Servers not started")

    def stop_servers(self) -> Future[None]:
        """Stop both servers, with every process of theirs."""
        return self._submit(lambda parts: parts.servers.stop_all(), "Servers not stopped")

    # -- comparing ----------------------------------------------------------------------------------------------------

    def ask(self, question: Question) -> Future[None]:
        """Send one prompt to all arms; the answers come as `AnswersAdvanced`. An earlier question is given up."""
        return self._submit(lambda parts: parts.comparer.ask(question), "Not asked")

    def ask_again(self, before: AnswersAdvanced, arm: int) -> Future[None]:
        """Ask one arm (by its place) of a question once more; the other sides stay as they are, or go on."""
        return self._submit(lambda parts: parts.comparer.ask_again(before, arm), "Not asked")

    def stop_answers(self, arm: int | None = None) -> None:
        """Give up the answers that are still coming, of one arm or of all; what was said stays."""
        self._loop.call_soon_threadsafe(lambda: self._parts.comparer.stop(arm))

    # -- evaluating ---------------------------------------------------------------------------------------------------

    def evaluate(self, plan: BatchPlan) -> Future[str]:
        """Ask every arm the rows of a file, or those that a run held out; gives the batch's id.

        How it goes on comes as `BatchAdvanced`.
        """
        return self._submit(lambda parts: parts.evaluator.start(plan), "Not evaluated")

    def resume_evaluation(self, batch_id: str) -> Future[None]:
        """Ask what a batch has not asked yet, and again what failed."""
        return self._submit(lambda parts: parts.evaluator.resume(batch_id), "Not evaluated")

    def stop_evaluation(self) -> None:
        """Give up what a batch has in flight; what was answered stays, and it can be gone on with."""
        self._loop.call_soon_threadsafe(lambda: self._parts.evaluator.stop())

    def open_evaluation(self, batch_id: str) -> Future[BatchAdvanced]:
        """A batch as its files tell."""
        return self._submit(lambda parts: parts.evaluator.open(batch_id), "Evaluation not opened")

    def list_evaluations(self) -> Future[tuple[BatchListed, ...]]:
        """The batches of the workspace, newest first."""
        return self._submit(lambda parts: parts.evaluator.listed(), "Evaluations not listed")

    def export_evaluation(self, batch_id: str, path: Path) -> Future[Path]:
        """Write a batch into a file: .jsonl, .csv, .md or .html; gives its path."""

        async def export(parts: Parts) -> Path:
            from engine.evaluation.export.writing import write_export

            await asyncio.to_thread(write_export, await parts.evaluator.open(batch_id), path)
            return path

        return self._submit(export, "Not exported")

    # -- the thread ---------------------------------------------------------------------------------------------------

    @cached_property
    def _parts(self) -> Parts:
        """Made on the engine's thread: its imports take as long as all that the screen needs for its first paint."""
        from engine.parts import Parts

        return Parts(self.workspace, self._mailbox.put)

    def _submit(self, work: Callable[[Parts], Coroutine[Any, Any, Result]], title: str) -> Future[Result]:
        async def reported() -> Result:
            from engine.reports import Failed

            try:
                return await work(self._parts)
            except BurnishError as error:
                self._mailbox.put(Failed(title, error.sentence))
                raise

        future = asyncio.run_coroutine_threadsafe(reported(), self._loop)
        # Looked at once, so that a dropped future does not complain about an exception that was reported.
        future.add_done_callback(lambda done: done.cancelled() or done.exception())
        return future

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        tasks = [
            self._loop.create_task(self._watch_runs()),
            self._loop.create_task(self._sample_hardware()),
            self._loop.create_task(self._parts.servers.watch()),
            self._loop.create_task(self._prepare()),
        ]
        try:
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(self._finish())
        finally:
            self._loop.close()

    async def _finish(self) -> None:
        """Let what was cancelled come to its end before the loop closes."""
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await self._loop.shutdown_default_executor()

    def _cancel_all(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()

    async def _watch_runs(self) -> None:
        """Look at the runs again and again; at once where there is more to read."""
        from engine.reports import Failed

        failing = ""
        runs = self._parts.runs
        while True:
            more = False
            try:
                more = runs.look()
                failing = ""
            except OSError as error:
                # A full or vanished disk must not end the watching; it is said once, until it changes.
                if failing != str(error):
                    failing = str(error)
                    self._mailbox.put(Failed("Cannot read the workspace", f"{self.workspace}: {error.strerror}."))
            await asyncio.sleep(0 if more else RUNS_EVERY)
            until = self._loop.time() + RUNS_EVERY
            while not more and self._loop.time() < until and not runs.stirred():
                await asyncio.sleep(STIRRED_EVERY)

    async def _prepare(self) -> None:
        """Load what the first question will need, once the screen has had time to come up."""
        await asyncio.sleep(PREPARE_AFTER)
        await self._parts.comparer.prepare()

    async def _sample_hardware(self) -> None:
        from engine.hardware.gpu import read_gpus
        from engine.hardware.sampler import LoadMeter, read_memory
        from engine.reports import HardwareSampled

        meter = LoadMeter()
        shown: HardwareSampled | None = None
        gpus: tuple[GpuLoad, ...] = ()
        for turn in itertools.count():
            memory, load = read_memory(), meter.read()
            if turn % GPUS_EVERY == 0:
                gpus = await asyncio.to_thread(read_gpus)
            # Nothing is sent while what a person would see stays the same.
            sampled = HardwareSampled(memory.used, memory.total, load, gpus)
            if shown is None or sampled.differs(shown):
                shown = sampled
                self._mailbox.put(sampled)
            await asyncio.sleep(HARDWARE_EVERY)
