"""The questions of a workspace: one at a time to all arms, and single arms of it once more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from data.errors import BurnishError, InputError
from engine.chat.answering import Answering
from engine.chat.arms import require_arms
from engine.chat.comparing import load_comparison
from engine.chat.history import keep
from engine.chat.question import Question
from engine.chat.trained_prompt import load_templates
from engine.reports import AnswersAdvanced, Failed, Report, waiting_for


class Comparer:
    """Asks the arms of a question; a new question gives up the one before."""

    def __init__(self, workspace: Path, report: Callable[[Report], None]) -> None:
        self._workspace = workspace
        self._report = report
        self._answering: Answering | None = None
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, question: Question) -> None:
        """Stream all answers to their end. An arm that cannot be asked says why; the others go on.

        Raises InputError for arms or settings that cannot be used.
        """
        require_arms(question.arms)
        question.sampling.require()
        await self._give_up()
        await self.prepare()
        begun = waiting_for(question)
        answering = self._answering = Answering(self._workspace, begun, self._report)
        keeping = asyncio.create_task(self._keep(begun))
        try:
            await self._follow(answering.run())
        finally:
            # Also when burnish is left in mid-answer.
            await keeping
            await self._keep(answering.state)

    async def ask_again(self, before: AnswersAdvanced, arm: int) -> None:
        """Ask one arm of a question once more; the other sides stay as they are, or go on."""
        await self.prepare()
        going = self._asking is not None and not self._asking.done()
        if going and self._answering is not None and self._answering.exchange == before.exchange:
            self._answering.again(arm)
            return
        await self._give_up()
        answering = self._answering = Answering(self._workspace, before, self._report)
        answering.again(arm)
        try:
            await self._follow(answering.follow())
        finally:
            await self._keep(answering.state)

    async def prepare(self) -> None:
        """Load what compares answers and prompts; done beforehand, it does not hold up the first answer."""
        try:
            await asyncio.to_thread(load_comparison, self._workspace)
        except InputError as error:
            self._report(Failed("Names not used", error.sentence))
        await asyncio.to_thread(load_templates, self._workspace)

    def stop(self, arm: int | None = None) -> None:
        """Give up what is still streaming, of one arm or of all; the servers are freed as the connections close."""
        if self._asking is not None and not self._asking.done() and self._answering is not None:
            self._answering.stop(arm)

    async def _keep(self, report: AnswersAdvanced) -> None:
        """Put a question into the history; a disk that takes no more does not keep a person from asking."""
        try:
            await asyncio.to_thread(keep, self._workspace, report)
        except BurnishError as error:
            self._report(Failed("Not kept", f"This question is not kept in the history: {error.sentence}"))

    async def _give_up(self) -> None:
        """Stop what streams and wait for its last report, which must not come after that of the next question."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])

    async def _follow(self, work: Coroutine[Any, Any, None]) -> None:
        self._asking = asyncio.create_task(work)
        await asyncio.wait([self._asking])
