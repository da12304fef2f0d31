"""The rows that a served run held out, to be asked one after the other."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import BurnishError
from engine.chat.arms import Arm
from engine.chat.question import Question
from engine.chat.sampling import Sampling

if TYPE_CHECKING:
    from engine.evaluation.asked_rows import AskedRows

MOST = 1000
"""Rows that are stepped through, spread evenly over all that a run held out."""


class HeldOutRows:
    """Goes through what a run held out, and begins again."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._run = ""
        self._rows: AskedRows | None = None
        self._place = 0

    async def next(
        self, run_id: str, dataset: Path | None, arms: tuple[Arm, ...], sampling: Sampling
    ) -> Question | None:
        """The next row of a run as it is asked; None where that is no run, or held out nothing that can be asked.

        The row's number is told where it is one of `dataset`, the file that is open.
        """
        from tui.compare.batch.chat_question import chat_question

        if run_id != self._run:
            self._rows = await asyncio.to_thread(self._read, run_id)
            self._run, self._place = run_id, 0
        if self._rows is None:
            return None
        row = self._rows.questions[self._place % len(self._rows.questions)]
        self._place += 1
        asked = chat_question(row, arms, sampling)
        here = dataset is not None and dataset.resolve() == self._rows.dataset.resolve()
        return asked if here else replace(asked, reference_row=None)

    def _read(self, run_id: str) -> AskedRows | None:
        from engine.evaluation.asked_rows import is_run, questions_of

        if not is_run(self._workspace, run_id):
            return None
        try:
            return questions_of(self._workspace, run_id, MOST)
        except BurnishError:
            return None  # its files have changed since; the rows beside the dataset are asked in their place
