"""The batches of a workspace: started, gone on with, stopped, looked at; one is at work at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from data.errors import BurnishError, InputError
from engine.chat.arm_endpoint import arm_endpoint
from engine.chat.arms import Arm, read_arms
from engine.chat.comparing import load_comparison
from engine.chat.endpoint import Endpoint
from engine.chat.examples import example_rows
from engine.chat.prompt_check import check_prompts
from engine.chat.sampling import Sampling
from engine.evaluation.asked_rows import is_run, questions_of
from engine.evaluation.asking import AT_ONCE, Asking
from engine.evaluation.batch import create_batch, list_batches, read_batch
from engine.evaluation.results import Results, appending, at_work
from engine.evaluation.summary import summarise
from engine.reports import BatchAdvanced, BatchListed, Report

REPORTS_EVERY = 0.5
"""Seconds between reports while answers come in: what a table of many rows can follow over a thin line."""


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """What a new batch is to ask."""

    source: str
    """A run's id (its held-out rows) or a file, from the workspace."""
    rows: int = 0
    """How many, spread evenly; 0 for all."""
    arms: tuple[Arm, ...] = ()
    """Who is asked; empty for the arms of the workspace, as `of_source` has them."""
    sampling: Sampling = field(default_factory=Sampling)
    """For all arms; one answer is asked for, whatever it says of samples."""
    at_once: int = AT_ONCE


class Evaluator:
    """Asks one batch at a time; `report` is told how it goes on."""

    def __init__(self, workspace: Path, report: Callable[[Report], None]) -> None:
        self._workspace = workspace
        self._report = report
        self._task: asyncio.Task[None] | None = None
        self._at = ""
        """The batch of the task."""

    @property
    def busy(self) -> bool:
        """Whether a batch is at work here."""
        return self._task is not None and not self._task.done()

    async def start(self, plan: BatchPlan) -> str:
        """Make a new batch and begin to ask; gives its id.

        Raises InputError for a source that cannot be asked and BurnishError for an arm that does not answer, both
        before anything is made.
        """
        self._require_idle()
        plan.sampling.require()
        arms = plan.arms or of_source(read_arms(self._workspace), self._workspace, plan.source)
        endpoints = await self._endpoints(arms)
        asked = await asyncio.to_thread(questions_of, self._workspace, plan.source, plan.rows)
        batch = await asyncio.to_thread(
            create_batch, self._workspace, asked, arms, replace(plan.sampling, n=1, probabilities=False)
        )
        self._begin(Results(batch, asked.questions), endpoints, plan.at_once)
        return batch.id

    async def resume(self, batch_id: str, *, at_once: int = AT_ONCE) -> None:
        """Ask what a batch has not asked yet, and again what failed. Raises as `start`."""
        self._require_idle()
        batch = read_batch(self._workspace, batch_id)
        results = await asyncio.to_thread(Results.read, batch)
        self._begin(results, await self._endpoints(batch.arms), at_once)

    async def ended(self) -> None:
        """Wait until the batch at work has ended. Raises BurnishError when it was stopped by a fault."""
        if self._task is not None:
            await asyncio.wait([self._task])
            if not self._task.cancelled():
                self._task.result()

    def stop(self) -> None:
        """Give up what is in flight; the batch can be gone on with."""
        if self._task is not None:
            self._task.cancel()

    async def open(self, batch_id: str) -> BatchAdvanced:
        """A batch as its files tell. Raises InputError when there is none."""
        batch = read_batch(self._workspace, batch_id)
        here = self.busy and self._at == batch_id
        return await asyncio.to_thread(lambda: _advanced(Results.read(batch), running=here or at_work(batch)))

    async def listed(self) -> tuple[BatchListed, ...]:
        """The batches of the workspace, newest first."""
        return await asyncio.to_thread(_listed, self._workspace)

    def _require_idle(self) -> None:
        if self.busy:
            raise InputError("An evaluation is at work; wait for it, or stop it first.")

    async def _endpoints(self, arms: tuple[Arm, ...]) -> dict[str, Endpoint]:
        found = await asyncio.gather(*(arm_endpoint(self._workspace, arm) for arm in arms))
        return {arm.name: endpoint for arm, endpoint in zip(arms, found, strict=True)}

    def _begin(self, results: Results, endpoints: dict[str, Endpoint], at_once: int) -> None:
        self._at = results.batch.id
        self._task = asyncio.create_task(self._run(results, endpoints, at_once))
        # Looked at once, so that a batch that nobody waits for does not complain about what it has reported.
        self._task.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def _run(self, results: Results, endpoints: dict[str, Endpoint], at_once: int) -> None:
        pace = _Pace(results)
        warning = ""
        sentence = ""

        def send(*, running: bool) -> None:
            self._report(
                _advanced(results, running=running, per_second=pace.rate(), sentence=sentence, warning=warning)
            )

        async def keep_reporting() -> None:
            while True:
                await asyncio.sleep(REPORTS_EVERY)
                if pace.moved():
                    send(running=True)

        send(running=True)
        reporting = asyncio.create_task(keep_reporting())
        try:
            await asyncio.to_thread(load_comparison, self._workspace)
            warning = await self._prompt_warning(results, endpoints)
            examples = {
                arm.name: await asyncio.to_thread(example_rows, self._workspace, arm) for arm in results.batch.arms
            }
            with appending(results.batch) as log:
                await Asking(results, log, endpoints, examples, at_once=at_once).run()
        except asyncio.CancelledError:
            sentence = "Stopped by you; it can be resumed."
            raise
        except BurnishError as error:
            sentence = error.sentence
            raise
        finally:
            reporting.cancel()
            send(running=False)

    async def _prompt_warning(self, results: Results, endpoints: dict[str, Endpoint]) -> str:
        """How the prompts of the arms differ where they should be the same; "" where they are."""
        alike = [endpoints[arm.name] for arm in results.batch.arms if not arm.examples]
        first = next((row for row, _ in results.missing()), None)
        if first is None:
            return ""
        return await check_prompts(self._workspace, alike, first.messages) or ""


def of_source(arms: tuple[Arm, ...], workspace: Path, source: str) -> tuple[Arm, ...]:
    """The arms, the model of the run whose rows are asked standing for whatever is served as tuned."""
    if not is_run(workspace, source):
        return arms
    return tuple(replace(arm, target=source) if arm.target == "tuned" else arm for arm in arms)


class _Pace:
    """Whether there is something to report, and how many answers a second there are."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._begun = time.monotonic()
        self._before = results.answered
        self._told = (results.answered, results.failed)

    def moved(self) -> bool:
        """Whether there are answers or failures that the last call did not know."""
        told, self._told = self._told, (self._results.answered, self._results.failed)
        return told != self._told

    def rate(self) -> float | None:
        """Answers a second since the beginning; None while there are none."""
        done, seconds = self._results.answered - self._before, time.monotonic() - self._begun
        return done / seconds if done and seconds > 0 else None


def _advanced(
    results: Results,
    *,
    running: bool,
    per_second: float | None = None,
    sentence: str = "",
    warning: str = "",
) -> BatchAdvanced:
    rows = results.rows
    return BatchAdvanced(
        batch=results.batch,
        rows=rows,
        answered=results.answered,
        failed=results.failed,
        running=running,
        summary=summarise(results.batch, rows),
        per_second=per_second,
        sentence=sentence,
        warning=warning,
    )


def _listed(workspace: Path) -> tuple[BatchListed, ...]:
    found: list[BatchListed] = []
    for batch in list_batches(workspace):
        try:
            results = Results.read(batch)
        except InputError:
            continue
        tallies = summarise(batch, results.rows).arms
        found.append(BatchListed(batch, results.answered, results.failed, at_work(batch), tallies))
    return tuple(found)
