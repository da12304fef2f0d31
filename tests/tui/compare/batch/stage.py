"""The compare pane with its screen of evaluations, and an engine that answers from made-up batches."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from textual.pilot import Pilot

from data.errors import BurnishError
from engine.evaluation.evaluator import BatchPlan
from engine.reports import BatchAdvanced, BatchListed
from tests.tui.compare.stage import RecordingEngine, Stage, servers
from tests.waiting import workers_end
from tui.compare.batch.row_table import BatchTable
from tui.compare.batch.screen import BatchScreen
from tui.compare.pane import ComparePane

Value = TypeVar("Value")


class BatchEngine(RecordingEngine):
    """Holds batches as if they had been read from the disk, the newest first, and notes what it is told."""

    def __init__(self, *batches: BatchAdvanced) -> None:
        super().__init__()
        self.batches = list(batches)
        self.plans: list[BatchPlan] = []
        self.trouble: BurnishError | None = None

    def list_evaluations(self) -> Future[tuple[BatchListed, ...]]:
        """All of them in short."""
        return _done(tuple(BatchListed(b.batch, b.answered, b.failed, b.running, b.summary.arms) for b in self.batches))

    def open_evaluation(self, batch_id: str) -> Future[BatchAdvanced]:
        """One of them."""
        return _done(next(each for each in self.batches if each.batch.id == batch_id))

    def evaluate(self, plan: BatchPlan) -> Future[str]:
        """Note the plan; the new batch is the first one."""
        self.plans.append(plan)
        if self.trouble is not None:
            future: Future[str] = Future()
            future.set_exception(self.trouble)
            return future
        return _done(self.batches[0].batch.id)

    def resume_evaluation(self, batch_id: str) -> Future[None]:
        """Note it."""
        self.told.append(("resume", batch_id))
        return _done(None)

    def stop_evaluation(self) -> None:
        """Note it."""
        self.told.append(("stop evaluation",))

    def export_evaluation(self, batch_id: str, path: Path) -> Future[Path]:
        """Note it."""
        self.told.append(("export", batch_id, path.name))
        return _done(path)


class BatchStage(Stage):
    """The pane on a stage with a workspace."""

    def __init__(self, workspace: Path, engine: BatchEngine) -> None:
        super().__init__()
        self.engine: BatchEngine = engine
        self.pane = ComparePane(engine, workspace=workspace, id="compare")

    @property
    def evaluations(self) -> BatchScreen:
        """The screen, which must be shown."""
        assert isinstance(self.screen, BatchScreen)
        return self.screen

    @property
    def rows(self) -> list[int]:
        """The rows in the table, by their numbers in the file."""
        return [row.question.row for row in self.evaluations.query_one(BatchTable)._shown]


@asynccontextmanager
async def staged(
    workspace: Path, *batches: BatchAdvanced, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Pilot[Any], BatchStage]]:
    """The screen, opened with B, servers being ready."""
    stage = BatchStage(workspace, BatchEngine(*batches))
    async with stage.run_test(size=size) as pilot:
        stage.pane.receive(servers())
        await pilot.press("B")
        await settled(pilot)
        yield pilot, stage


async def settled(pilot: Pilot[Any]) -> None:
    """Let the workers end, but for the one that waits for the screen, and draw what they changed."""
    await workers_end(pilot, but=("evaluations",))


def _done(value: Value) -> Future[Value]:
    future: Future[Value] = Future()
    future.set_result(value)
    return future
