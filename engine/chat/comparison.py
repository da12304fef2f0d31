"""One prompt to both servers at once, and the facts of the two answers compared while they stream."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import BurnishError
from engine.chat.client import Endpoint, Sampling, stream_chat
from engine.chat.prompt_check import same_prompt
from engine.reports import Answer, AnswersAdvanced, Report
from engine.serving.servers import ready_endpoint

if TYPE_CHECKING:
    from data.facts import Comparison

REPORTS_EVERY = 0.1
"""Seconds between reports while answers stream: what a person can read, and what a thin line can carry."""
ARMS = ("base", "tuned")
COMPARED = 8000
"""Characters of each answer that are compared: two pages; beyond that a model repeats itself."""
COMPARE_PAUSE = 4.0
"""Times the duration of a comparison to wait before the next, so that streams are read in between."""


class Comparer:
    """Asks both servers of a workspace; a new question gives up the one before."""

    def __init__(self, workspace: Path, report: Callable[[Report], None]) -> None:
        self._workspace = workspace
        self._report = report
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, prompt: str, reference: str | None, reference_row: int | None) -> None:
        """Stream both answers to their end. Raises BurnishError when a server is not there to be asked."""
        self.stop()
        endpoints = {arm: ready_endpoint(self._workspace, arm) for arm in ARMS}
        await self.prepare()
        exchange = _Exchange(prompt, reference, reference_row, self._report)
        self._asking = asyncio.create_task(exchange.run(endpoints))
        await asyncio.wait([self._asking])

    async def prepare(self) -> None:
        """Load what compares answers; done beforehand, it does not hold up the first answer."""
        await asyncio.to_thread(_load_comparison)

    def stop(self) -> None:
        """Give up what is still streaming; the servers are freed when the connections close."""
        if self._asking is not None and not self._asking.done():
            self._asking.cancel()


class _Exchange:
    """One prompt and its two answers."""

    def __init__(self, prompt: str, reference: str | None, row: int | None, report: Callable[[Report], None]) -> None:
        self._prompt = prompt
        self._reference = reference
        self._row = row
        self._report = report
        self._answers = {arm: Answer(arm) for arm in ARMS}
        self._warning: str | None = None
        self._changed = True
        self._comparison: Comparison | None = None
        self._compare_at = 0.0

    async def run(self, endpoints: dict[str, Endpoint]) -> None:
        """Stream both, and report about ten times a second what changed."""
        streams = [asyncio.create_task(self._stream(arm, endpoints[arm])) for arm in ARMS]
        check = asyncio.create_task(self._check_prompt(endpoints))
        waiting: set[asyncio.Task[None]] = {*streams, check}
        try:
            while waiting:
                if self._changed:
                    self._send()
                _, waiting = await asyncio.wait(waiting, timeout=REPORTS_EVERY)
        except asyncio.CancelledError:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            self._give_up()
            raise
        finally:
            self._send()

    async def _stream(self, arm: str, endpoint: Endpoint) -> None:
        try:
            async for delta in stream_chat(endpoint, [{"role": "user", "content": self._prompt}], Sampling()):
                before = self._answers[arm]
                self._answers[arm] = replace(
                    before,
                    text=before.text + delta.text,
                    completion_tokens=delta.completion_tokens,
                    prompt_tokens=delta.prompt_tokens,
                    first_token_seconds=delta.first_token_seconds,
                    tokens_per_second=delta.tokens_per_second,
                    finish_reason=delta.finish_reason,
                )
                self._changed = True
            self._answers[arm] = replace(self._answers[arm], done=True)
        except BurnishError as error:
            # What was said stays on the screen, and the other side goes on.
            self._answers[arm] = replace(self._answers[arm], done=True, error=error.sentence)
        self._changed = True

    async def _check_prompt(self, endpoints: dict[str, Endpoint]) -> None:
        try:
            self._warning = await same_prompt(
                endpoints["base"], endpoints["tuned"], [{"role": "user", "content": self._prompt}]
            )
        except BurnishError as error:
            self._warning = error.sentence
        self._changed = True

    def _give_up(self) -> None:
        for arm, answer in self._answers.items():
            if not answer.done:
                self._answers[arm] = replace(answer, done=True, finish_reason="stopped by you")

    def _send(self) -> None:
        base, tuned = self._answers["base"], self._answers["tuned"]
        ended = base.done and tuned.done
        if base.text and tuned.text and (ended or time.monotonic() >= self._compare_at):
            self._compare(base.text, tuned.text)
        self._changed = False
        self._report(
            AnswersAdvanced(
                prompt=self._prompt,
                reference=self._reference,
                reference_row=self._row,
                base=base,
                tuned=tuned,
                comparison=self._comparison,
                prompt_warning=self._warning,
            )
        )

    def _compare(self, base: str, tuned: str) -> None:
        """Compare the facts said so far; a comparison that took long is not made again soon."""
        from data.facts import compare

        started = time.monotonic()
        self._comparison = compare(base[:COMPARED], tuned[:COMPARED], question=self._prompt, reference=self._reference)
        now = time.monotonic()
        self._compare_at = now + COMPARE_PAUSE * (now - started)


def _load_comparison() -> None:
    """Import the comparison and let it build its tables (some 0.3 s together)."""
    from data.facts import compare

    compare("It runs at 1.8 GHz.", "It has 2 cores.", question="How fast is it?", reference="150 MHz")
