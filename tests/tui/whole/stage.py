"""The whole workbench over a copy of the workspace, with a real engine and two model servers that answer."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from textual.dom import DOMNode
from textual.pilot import Pilot

import tui.app
from engine.chat.arms import write_arms
from engine.chat.sampling import Sampling
from engine.chat.settings import ChatSettings, write_settings
from engine.engine import Engine
from engine.jobs.events import RunState
from engine.jobs.process import identify, write_identity
from engine.reports import AnswersAdvanced, AnswerSet, Failed, HardwareSampled, Report
from engine.training.job import TrainingJob
from tests.engine.evaluation.answering import Answering, answering
from tests.tui.whole.workspace import HOSTS, MODEL, RUNNING, right, write_run, wrong
from tui.app import BurnishApp
from tui.messages import EngineWoke
from tui.pane import Pane


class QuietEngine(Engine):
    """Does everything but start processes: those are another test's subject."""

    def serve(self, run_id: str) -> Future[None]:
        """Refuse."""
        return self._refuse(f"{run_id} is not served here.")

    def start_run(self, job: TrainingJob, *, queued: bool = False) -> Future[str]:
        """Refuse."""
        return self._refuse(f"A run on {job.dataset.path} is not {'queued' if queued else 'started'} here.")

    def resume_run(self, run_id: str, changes: Sequence[str] = (), *, queued: bool = False) -> Future[int]:
        """Refuse."""
        return self._refuse(f"{run_id} is not {'queued' if queued else 'resumed'} here{', '.join(changes)}.")

    def tell(self, report: Report) -> None:
        """Report something as if it had been found out."""
        self._mailbox.put(report)

    def take_reports(self) -> list[Report]:
        """What it is to show, with the load of a quiet machine and the speed of a usual one."""
        return [_usual(report) for report in super().take_reports()]

    def _refuse(self, sentence: str) -> Future[Any]:
        self.tell(Failed("Not here", sentence))
        future: Future[Any] = Future()
        future.cancel()
        return future


def _usual(report: Report) -> Report:
    match report:
        case HardwareSampled():
            return HardwareSampled(memory_used=61 << 30, memory_total=122 << 30, cpu_share=0.12)
        case AnswersAdvanced():
            return replace(report, samples=tuple(map(_timed, report.samples)))
        case _:
            return report


def _timed(answers: AnswerSet) -> AnswerSet:
    timed = (
        replace(
            each,
            first_token_seconds=None if each.first_token_seconds is None else 0.12,
            tokens_per_second=None if each.tokens_per_second is None else 47.0,
        )
        for each in answers.answers
    )
    return replace(answers, answers=tuple(timed))


class WatchedApp(BurnishApp):
    """Writes down which actions ran, and on what."""

    CSS_PATH = Path(tui.app.__file__).with_name("app.tcss")

    def __init__(self, workspace: Path, **settings: Any) -> None:
        super().__init__(workspace, **settings)
        self.engine._loop.close()
        self.engine = QuietEngine(workspace, self._wake)
        self.ran: list[tuple[DOMNode, str]] = []

    async def _dispatch_action(self, namespace: DOMNode, action_name: str, params: Any) -> bool:
        done = await super()._dispatch_action(namespace, action_name, params)
        if done:
            self.ran.append((namespace, action_name))
        return done


@dataclass
class Workbench:
    """An app that is driven by keys, and the two servers that it asks."""

    app: WatchedApp
    pilot: Pilot[int]
    workspace: Path
    servers: tuple[Answering, Answering]
    _ended: list[bool] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything on the screen."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips(self.app.size))

    async def until(self, condition: Callable[[], object], what: str, patience: float = 60) -> None:
        """Let the app work until a condition holds."""
        try:
            async with asyncio.timeout(patience):
                while not condition():
                    await self.pilot.pause()
        except TimeoutError:
            raise AssertionError(f"waited for {what}; the screen shows\n{self.text}") from None

    async def sees(self, words: str, patience: float = 60) -> None:
        """Wait until the screen has some words."""
        await self.until(lambda: words in self.text, repr(words), patience)

    def tell(self, report: Report) -> None:
        """Report something as the engine would."""
        assert isinstance(self.app.engine, QuietEngine)
        self.app.engine.tell(report)
        self.app.post_message(EngineWoke())


@asynccontextmanager
async def workbench(
    template: Path,
    folder: Path,
    *,
    size: tuple[int, int] = (120, 40),
    dataset: str = "pairs.jsonl",
    samples: int = 1,
    arms: int = 2,
    port: int = 0,
    running: bool = False,
    empty: bool = False,
) -> AsyncIterator[Workbench]:
    """Open the workbench over a copy of a workspace in `folder`.

    `port` is that of both servers, 0 for any; with `running` a run is at work; with `empty` there is nothing at all.
    """
    if empty:
        folder.mkdir()
    else:
        shutil.copytree(template, folder)
    async with answering(wrong, port, HOSTS[0]) as base, answering(right, port, HOSTS[1]) as tuned:
        (folder / ".burnish").mkdir(exist_ok=True)
        if arms:
            write_arms(folder, (base.arm("base"), tuned.arm("tuned"), base.arm("third"))[:arms])
        if samples > 1:
            write_settings(folder, ChatSettings(Sampling(temperature=1.0, n=samples)))
        with at_work(folder) if running else _nothing():
            app = WatchedApp(folder, dataset=None if empty else folder / dataset, model=MODEL)
            async with app.run_test(size=size) as pilot:
                found = Workbench(app, pilot, folder, (base, tuned))
                await found.until(lambda: len(app.query(Pane)) == 3, "three panes")
                await found.until(lambda: app.focused is not None or len(app.screen_stack) > 1, "a focus")
                if not empty:
                    await found.until(lambda: app._dataset.desk.tokens.ready, "the tokens")
                await pilot.pause()
                yield found


@contextmanager
def at_work(workspace: Path) -> Iterator[None]:
    """A run with a process of its own, which may be ended."""
    files = write_run(workspace, RUNNING, RunState.RUNNING, done=118, age=-3600)
    worker = subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        identity = identify(worker.pid)
        assert identity is not None
        write_identity(files.folder, identity)
        yield
    finally:
        worker.kill()
        worker.communicate()


@contextmanager
def _nothing() -> Iterator[None]:
    yield
