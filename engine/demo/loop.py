"""The demo without a screen: train, serve, ask both models every trained question, and count."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.errors import BurnishError
from data.facts import Verdict, judge
from data.formats.pair import Pair
from data.formats.reading import each_pair
from engine.chat.client import EmptyAnswerError, Endpoint, Sampling, stream_chat
from engine.demo.files import copy_demo, demo_job
from engine.jobs.events import Note, RunState
from engine.models.resolve import resolve
from engine.reports import RunSnapshot
from engine.serving.pair import start_pair
from engine.serving.servers import Server, endpoint_of, stop_server
from engine.training.control import RunControl
from engine.training.history import RunHistory
from engine.training.job import TrainingJob
from engine.training.runs import served_model

QUESTIONS = 48
"""Trained questions that are asked; enough that one answer is two per cent."""
AT_ONCE = 8
"""Questions in flight: two CPU servers gave 104 tokens a second with four requests each, 124 with eight."""


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """What a headless demo is to do."""

    workspace: Path
    model: str
    dataset: Path | None = None
    """A dataset of the person's own; None: the bundled one is copied into the workspace."""
    questions: int = QUESTIONS
    keep_servers: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, what both sides said, and how that stands to the dataset's answer."""

    question: str
    reference: str
    base: str
    base_verdict: Verdict
    tuned: str
    tuned_verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        """The question's part of the demo's result."""
        return {
            "question": self.question,
            "reference": self.reference,
            "base": {"answer": self.base, "verdict": self.base_verdict.value},
            "tuned": {"answer": self.tuned, "verdict": self.tuned_verdict.value},
        }


class DemoLoop:
    """Goes once around the loop. `step` is told each thing that happens, `note` the progress within it."""

    def __init__(self, plan: DemoPlan, step: Callable[[str], None], note: Callable[[Note], None]) -> None:
        self._plan = plan
        self._step = step
        self._note = note

    async def run(self) -> dict[str, Any]:
        """Train, serve, ask; gives the result as JSON. Raises BurnishError when a step cannot be done."""
        job = self._prepare()
        snapshot = await self._train(job)
        servers: Sequence[Server] = ()
        try:
            servers = await self._serve(job, snapshot)
            asked = await self._ask(job, servers)
        finally:
            if not self._plan.keep_servers:
                for server in servers:
                    await asyncio.to_thread(stop_server, server)
        return self._result(job, snapshot, servers, asked)

    def _prepare(self) -> TrainingJob:
        copied = copy_demo(self._plan.workspace)
        dataset = copied if self._plan.dataset is None else self._plan.dataset.resolve()
        name = copied.name if self._plan.dataset is None else str(dataset)
        job = demo_job(self._plan.model, name)
        self._step(f"dataset {name}, its first {job.dataset.max_rows} rows; model {job.model}")
        return job

    async def _train(self, job: TrainingJob) -> RunSnapshot:
        control = RunControl(self._plan.workspace)
        await asyncio.to_thread(control.prepare, job, self._note)
        run_id = await asyncio.to_thread(control.start, job)
        self._step(f"training run {run_id}")
        history = RunHistory(control.folder(run_id))
        try:
            while history.active:
                if history.refresh():
                    self._note(_training_note(history.snapshot(with_progress=False)))
                await asyncio.sleep(0.2)
        except asyncio.CancelledError:
            control.stop(run_id)
            raise
        history.refresh(with_log=True)
        snapshot = history.snapshot()
        if snapshot.state is not RunState.FINISHED:
            raise BurnishError(f"The training run {run_id} {snapshot.state}: {snapshot.reason}")
        return snapshot

    async def _serve(self, job: TrainingJob, run: RunSnapshot) -> Sequence[Server]:
        self._step("starting two servers, one after the other")
        tuned = served_model(run.folder)
        if tuned is None:
            raise BurnishError(f"The run {run.run_id} left no model to serve; its log is {run.folder / 'log.txt'}.")
        base = await asyncio.to_thread(resolve, job.model, report=self._note)
        return await start_pair(self._plan.workspace, base, tuned, report=self._note)

    async def _ask(self, job: TrainingJob, servers: Sequence[Server]) -> list[Asked]:
        path = self._plan.workspace / job.dataset.path
        usable = [each for each in each_pair(path, job.dataset.mapping) if isinstance(each, Pair)]
        chosen = usable[: job.dataset.max_rows][: self._plan.questions]
        self._step(f"asking both models {len(chosen)} trained questions")
        base, tuned = (endpoint_of(server) for server in servers)
        gate = asyncio.Semaphore(AT_ONCE)
        done = 0

        async def one(pair: Pair) -> Asked:
            nonlocal done
            async with gate:
                answers = await asyncio.gather(*(_answer(endpoint, pair.question) for endpoint in (base, tuned)))
            done += 1
            self._note(Note(f"asked {done} of {len(chosen)}", done / len(chosen)))
            verdicts = [judge(answer, pair.answer, question=pair.question).verdict for answer in answers]
            return Asked(pair.question, pair.answer, answers[0], verdicts[0], answers[1], verdicts[1])

        return list(await asyncio.gather(*(one(pair) for pair in chosen)))

    def _result(
        self, job: TrainingJob, run: RunSnapshot, servers: Sequence[Server], asked: Sequence[Asked]
    ) -> dict[str, Any]:
        last = run.progress[-1]
        right = Verdict.RIGHT
        return {
            "model": job.model,
            "dataset": job.dataset.path,
            "train": {
                "run": run.run_id,
                "seconds": round(run.progress[-1].t - run.progress[0].t, 1),
                "steps": last.step,
                "tokens": last.tokens,
                "tokens_per_second": round(last.tokens_per_second, 1),
                "final_loss": round(last.loss, 4),
            },
            "servers": {
                server.role: {"engine": server.engine, "port": server.port, "model": str(server.model)}
                for server in servers
            },
            "questions": [each.as_json() for each in asked],
            "accuracy": {
                "base": round(sum(each.base_verdict is right for each in asked) / len(asked), 4),
                "tuned": round(sum(each.tuned_verdict is right for each in asked) / len(asked), 4),
            },
        }


def _training_note(run: RunSnapshot) -> Note:
    last = run.last
    if last is None or run.reason:
        return Note(run.reason or ("measuring the untrained model" if run.state is RunState.RUNNING else "starting"))
    left = f", {last.eta_seconds:.0f} s left" if last.eta_seconds else ""
    text = f"step {last.step} of {last.total_steps}, loss {last.loss:.3f}, {last.tokens_per_second:.0f} tokens/s{left}"
    return Note(text, last.step / last.total_steps)


async def _answer(endpoint: Endpoint, question: str) -> str:
    """The whole answer of one server, greedy."""
    text = ""
    try:
        async for delta in stream_chat(endpoint, [{"role": "user", "content": question}], Sampling(max_tokens=64)):
            text += delta.text
    except EmptyAnswerError:
        return ""
    return text
