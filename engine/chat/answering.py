"""One question to all arms at once: their streams, the proof that all got the same prompt, and what is reported."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from data.errors import BurnishError
from engine.chat.arm_endpoint import arm_endpoint
from engine.chat.client import ChatDelta, stream_chat
from engine.chat.comparing import Comparing
from engine.chat.endpoint import Endpoint
from engine.chat.examples import arm_messages, example_rows
from engine.chat.prompt_check import check_prompts
from engine.reports import Answer, AnswersAdvanced, Report

REPORTS_EVERY = 0.1
"""Seconds between reports while answers stream: what a person can read, and what a thin line can carry."""
STOPPED = "stopped by you"
"""The reason of an answer that was given up."""


class Answering:
    """The answers to one question; single arms of it can be stopped, and asked again."""

    def __init__(self, workspace: Path, begun: AnswersAdvanced, report: Callable[[Report], None]) -> None:
        self._workspace = workspace
        self._question = begun.question
        self._report = report
        self._samples = [list(sample.answers) for sample in begun.samples]
        self._comparing = Comparing(begun.question)
        self._warning, self._checked = begun.prompt_warning, begun.prompt_checked
        self._streams: dict[int, asyncio.Task[None]] = {}
        self._endpoints: dict[int, Endpoint] = {}
        self._changed = True

    @property
    def exchange(self) -> str:
        """The name of the question with its answers."""
        return self._question.exchange

    @property
    def state(self) -> AnswersAdvanced:
        """The answers as far as they have come, and what they say of each other."""
        return self._state(compare=True)

    async def run(self) -> None:
        """Ask all arms; returns when nothing more comes."""
        for arm in range(len(self._question.arms)):
            self.again(arm)
        await self.follow(check=True)

    async def follow(self, *, check: bool = False) -> None:
        """Report about ten times a second what changes, until all streams have come to their end."""
        beside = {asyncio.create_task(self._check_prompt())} if check else set[asyncio.Task[None]]()
        comparing: asyncio.Task[None] | None = None
        try:
            while waiting := {task for task in (*beside, *self._streams.values()) if not task.done()}:
                if self._changed:
                    self._send()
                if (comparing is None or comparing.done()) and self._comparing.lags(self._samples):
                    comparing = asyncio.create_task(self._catch_up())
                    beside.add(comparing)
                await asyncio.wait(waiting, timeout=REPORTS_EVERY)
            self._send()
            if self._comparing.lags(self._samples, soon=True):
                await self._catch_up()
        except asyncio.CancelledError:
            self.stop()
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, *self._streams.values(), return_exceptions=True)
            raise
        finally:
            self._send()

    async def _catch_up(self) -> None:
        """Compare what takes long, while the streams go on."""
        await self._comparing.catch_up([tuple(answers) for answers in self._samples])
        self._changed = True

    def again(self, arm: int) -> None:
        """Ask one arm anew; what it said is given up."""
        self.stop(arm)
        name = self._question.arms[arm].name
        for answers in self._samples:
            answers[arm] = Answer(name)
        self._endpoints.pop(arm, None)
        self._streams[arm] = asyncio.create_task(self._stream(arm))
        self._changed = True

    def stop(self, arm: int | None = None) -> None:
        """Give up what is still to come, of one arm or of all; a server is freed when the connection closes."""
        for place in range(len(self._question.arms)) if arm is None else (arm,):
            if (stream := self._streams.get(place)) is not None:
                stream.cancel()
            self._end(place, lambda answer: replace(answer, finish_reason=STOPPED))

    async def _stream(self, arm: int) -> None:
        try:
            async with aclosing(self._deltas(arm)) as deltas:
                async for delta in deltas:
                    self._take(arm, delta)
            self._end(arm, lambda answer: answer)
        except BurnishError as error:
            # What was said stays on the screen, and the other sides go on.
            sentence = error.sentence
            self._end(arm, lambda answer: replace(answer, error=sentence))

    async def _deltas(self, arm: int) -> AsyncGenerator[ChatDelta, None]:
        asked, sampling = self._question.arms[arm], self._question.sampling
        rows = await asyncio.to_thread(example_rows, self._workspace, asked)
        messages = arm_messages(asked, self._question.messages(arm), rows)
        endpoint = self._endpoints[arm] = await arm_endpoint(self._workspace, asked)
        if sampling.n == 1 or endpoint.engine == "vllm":
            async with aclosing(stream_chat(endpoint, messages, sampling)) as deltas:
                async for delta in deltas:
                    yield delta
            return
        for sample in range(sampling.n):
            # Each with a seed of its own, or all would be the same.
            seed = None if sampling.seed is None else sampling.seed + sample
            async with aclosing(stream_chat(endpoint, messages, replace(sampling, n=1, seed=seed))) as deltas:
                async for delta in deltas:
                    yield replace(delta, sample=sample)

    def _take(self, arm: int, delta: ChatDelta) -> None:
        before = self._samples[delta.sample][arm]
        answer = replace(
            before,
            text=before.text + delta.text,
            completion_tokens=delta.completion_tokens,
            prompt_tokens=delta.prompt_tokens,
            first_token_seconds=delta.first_token_seconds,
            tokens_per_second=delta.tokens_per_second,
            finish_reason=delta.finish_reason,
            tokens=before.tokens + delta.tokens,
        )
        if delta.finish_reason is not None:
            answer = self._comparing.judged(replace(answer, done=True))
        self._samples[delta.sample][arm] = answer
        self._changed = True
        if delta.sample == 0 and not before.text:
            # The first words are not to wait: the time to them is what a person sees.
            self._report(self._state(compare=False))

    def _end(self, arm: int, ended: Callable[[Answer], Answer]) -> None:
        """Mark what has not come to its end as done."""
        for answers in self._samples:
            if not answers[arm].done:
                answers[arm] = ended(replace(answers[arm], done=True))
                self._changed = True

    async def _check_prompt(self) -> None:
        """Compare the prompts of all arms that are asked the same, once it is known where they are asked."""
        alike = [place for place, arm in enumerate(self._question.arms) if not arm.examples]
        while any(place not in self._endpoints and not self._streams[place].done() for place in alike):
            await asyncio.sleep(REPORTS_EVERY / 10)
        known = [self._endpoints[place] for place in alike if place in self._endpoints]
        if not any(endpoint.engine == "vllm" for endpoint in known):
            return
        self._warning = await check_prompts(self._workspace, known, self._question.messages(alike[0]))
        self._checked = self._warning is None and len(known) > 1 and all(each.engine == "vllm" for each in known)
        self._changed = True

    def _send(self) -> None:
        self._changed = False
        self._report(self.state)

    def _state(self, *, compare: bool) -> AnswersAdvanced:
        sets = self._comparing.sets(self._samples, compare=compare)
        return AnswersAdvanced(self._question, sets, self._warning, self._checked)
