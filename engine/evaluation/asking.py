"""Asking what a batch has not asked yet: a few requests a server at a time, stopped when a server is gone."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from urllib.parse import urlsplit

from data.errors import BurnishError
from engine.chat.arms import Arm
from engine.chat.client import ChatDelta, EmptyAnswerError, stream_chat
from engine.chat.endpoint import Endpoint
from engine.chat.examples import ExampleRows, arm_messages
from engine.chat.refusals import BusyError
from engine.chat.sampling import Sampling
from engine.evaluation.asked_rows import AskedRow
from engine.evaluation.judging import Answered, judge_answer
from engine.evaluation.results import ResultLog, Results

AT_ONCE = 4
"""Requests in flight at one server: two CPU servers gave 104 tokens a second with four each, 124 with eight."""
MOST_FAILURES = 20
"""Requests that may fail in a row at one server before the batch is stopped."""
STOPPED = "Evaluation stopped"
PATIENCE = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before a request is made again, each time that a server says it is busy; then it has failed."""
_CONNECT_SECONDS = 3.0


class Asking:
    """Fills the results of one batch.

    `endpoints` and `examples` are by the names of the arms; arms at the same address share its requests.
    """

    def __init__(
        self,
        results: Results,
        log: ResultLog,
        endpoints: Mapping[str, Endpoint],
        examples: Mapping[str, ExampleRows | None],
        *,
        at_once: int = AT_ONCE,
        read_seconds: float = 60.0,
    ) -> None:
        self._results = results
        self._log = log
        self._endpoints = endpoints
        self._examples = examples
        self._at_once = at_once
        self._read_seconds = read_seconds
        self._arms = results.batch.arms
        self._failures: dict[str, int] = {}
        """Requests in a row that failed, by address."""

    async def run(self) -> None:
        """Ask all that is missing. Raises BurnishError when a server is gone, refuses everything, or the disk is full.

        What was answered until then is kept; what was in flight is asked again when the batch is gone on with.
        """
        queues: dict[str, deque[tuple[AskedRow, Arm]]] = {}
        for question, place in self._results.missing():
            arm = self._arms[place]
            queues.setdefault(self._endpoints[arm.name].url, deque()).append((question, arm))
        workers = [
            asyncio.create_task(self._work(queue))
            for queue in queues.values()
            for _ in range(min(self._at_once, len(queue)))
        ]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, queue: deque[tuple[AskedRow, Arm]]) -> None:
        while queue:
            question, arm = queue.popleft()
            endpoint = self._endpoints[arm.name]
            answered = await self._ask(question, arm, endpoint)
            self._keep(answered, question)
            if answered.error:
                await self._consider(endpoint, answered.error)
            else:
                self._failures[endpoint.url] = 0

    async def _ask(self, question: AskedRow, arm: Arm, endpoint: Endpoint) -> Answered:
        pauses = iter(PATIENCE)
        while True:
            try:
                return await self._ask_once(question, arm, endpoint)
            except BurnishError as error:
                pause = next(pauses, None) if isinstance(error, BusyError) else None
                if pause is None:
                    return Answered(question.number, arm.name, error=error.sentence)
            await asyncio.sleep(pause)

    async def _ask_once(self, question: AskedRow, arm: Arm, endpoint: Endpoint) -> Answered:
        """Raises BurnishError when the request fails."""
        # The nearest of many thousand rows take some milliseconds to find.
        messages = await asyncio.to_thread(arm_messages, arm, question.messages, self._examples[arm.name])
        sampling: Sampling = self._results.batch.sampling
        text: list[str] = []
        last: ChatDelta | None = None
        started = time.monotonic()
        try:
            async for delta in stream_chat(endpoint, messages, sampling, read_seconds=self._read_seconds):
                text.append(delta.text)
                last = delta
        except EmptyAnswerError:
            pass
        said = "".join(text)
        # Judged beside the requests in flight: a long answer takes some milliseconds.
        verdict, reason = await asyncio.to_thread(judge_answer, question, said)
        return Answered(
            question.number,
            arm.name,
            said,
            verdict=verdict,
            reason=reason,
            tokens=last.completion_tokens if last else 0,
            finish_reason=(last.finish_reason or "") if last else "stop",
            first_token_seconds=_rounded(last.first_token_seconds) if last else None,
            seconds=round(time.monotonic() - started, 3),
        )

    def _keep(self, answered: Answered, question: AskedRow) -> None:
        self._log.write(answered)
        self._results.take(answered)
        for compared in self._results.comparisons(question.number):
            self._log.write(compared)
            self._results.take(compared)

    async def _consider(self, endpoint: Endpoint, sentence: str) -> None:
        """After a failure: go on, or stop the whole batch because nothing will be answered there."""
        self._failures[endpoint.url] = self._failures.get(endpoint.url, 0) + 1
        resume = "what was answered is kept, and the evaluation can be resumed"
        if endpoint.local and not await _listening(endpoint):
            name = endpoint.name
            raise BurnishError(f"Stopped: {name} is gone; {resume} once it is back.", title="Evaluation stopped")
        if self._failures[endpoint.url] >= MOST_FAILURES:
            raise BurnishError(
                f"Stopped after {MOST_FAILURES} failed requests in a row ({sentence.rstrip('.')}); {resume}.",
                title=STOPPED,
            )


async def _listening(endpoint: Endpoint) -> bool:
    """Whether anything takes connections at an address of this machine."""
    parts = urlsplit(endpoint.url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(parts.hostname, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 4)
