"""The compare pane alone on a stage, with an engine that only writes down what it is told."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from data.facts import compare
from engine.chat.question import Question
from engine.engine import Engine
from engine.jobs.events import RunState
from engine.reports import Answer, AnswersAdvanced, AnswerSet, RunsListed, RunSnapshot, ServersChanged, ServerStatus
from themes.loader import DEFAULT
from tui.compare.answer import AnswerBody
from tui.compare.pane import ComparePane
from tui.settings import Settings
from tui.themes import choose_theme

QUESTION = "What is the maximum clock speed of the RP2350?"
REFERENCE = "The RP2350 runs at up to 150 MHz."
BASE = "The maximum clock speed of the RP2350 is 1.15 GHz."
TUNED = "The RP2350 supports a system clock of up to 150 MHz."

Kind = TypeVar("Kind")

SIZES = [(80, 24), (100, 25), (120, 40)]


class RecordingEngine(Engine):
    """Writes commands down; starts no thread and touches no file."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []
        self.questions: list[Question] = []
        self.refusal: Exception | None = None

    def ask(self, question: Question) -> Future[None]:
        """Write the question down."""
        self.questions.append(question)
        self.told.append(("ask", question.prompt, question.reference, question.reference_row))
        return self._done()

    def ask_again(self, before: AnswersAdvanced, arm: int) -> Future[None]:
        """Write the arm down."""
        self.told.append(("ask again", before.question.prompt, arm))
        return self._done()

    def stop_answers(self, arm: int | None = None) -> None:
        """Write it down."""
        self.told.append(("stop",) if arm is None else ("stop", arm))

    def _done(self) -> Future[None]:
        done: Future[None] = Future()
        if self.refusal is None:
            done.set_result(None)
        else:
            done.set_exception(self.refusal)
        return done

    def stop_servers(self) -> Future[None]:
        """Write it down."""
        self.told.append(("stop servers",))
        done: Future[None] = Future()
        done.set_result(None)
        return done


class Stage(App[int]):
    """One compare pane and nothing else."""

    def __init__(self, workspace: Path = Path("/workspace")) -> None:
        super().__init__()
        choose_theme(self, Settings())
        self.theme = DEFAULT
        self.engine = RecordingEngine()
        self.pane = ComparePane(self.engine, workspace=workspace, id="compare")

    def compose(self) -> ComposeResult:
        """The pane."""
        yield self.pane

    def on_mount(self) -> None:
        """As the app does on entering a pane."""
        self.pane.focus_first()

    @property
    def bodies(self) -> tuple[AnswerBody, ...]:
        """Those that are shown; base and tuned by default."""
        return tuple(body for body in self.query(AnswerBody) if body.parent is not None and body.region.area)

    def text(self) -> str:
        """Everything on the screen."""
        strips = self.screen._compositor.render_strips(self.size)
        return "\n".join(strip.text.rstrip() for strip in strips)


def posted(messages: list[object], kind: type[Kind]) -> list[Kind]:
    """The messages of one kind that a message hook saw, each once although it bubbled."""
    found = {id(message): message for message in messages if isinstance(message, kind)}
    return list(found.values())


def segments(body: AnswerBody) -> Iterator[Segment]:
    """The styled runs in the view of an answer."""
    for y in range(body.size.height):
        yield from body.render_line(y)


def styled(body: AnswerBody, text: str) -> Segment:
    """The run with exactly this text."""
    return next(segment for segment in segments(body) if segment.text == text)


async def shown(pilot: Pilot[int], *reports: object) -> Stage:
    """Hand reports to the pane and let it draw."""
    stage = pilot.app
    assert isinstance(stage, Stage)
    for report in reports:
        stage.pane.receive(report)  # type: ignore[arg-type]
    await pilot.pause()
    return stage


def server(name: str, state: str = "ready", detail: str = "", model: str = "", log: Path | None = None) -> ServerStatus:
    """One server."""
    return ServerStatus(name, state, detail, model or {"base": "smollm2", "tuned": "lora-1"}[name], "vllm", 8000, log)


def servers(base: str = "ready", tuned: str = "ready", detail: str = "", log: Path | None = None) -> ServersChanged:
    """Both servers; the detail is the tuned one's."""
    return ServersChanged((server("base", base), server("tuned", tuned, detail, log=log)))


def runs(*states: tuple[str, RunState]) -> RunsListed:
    """Runs, newest first."""
    return RunsListed(tuple(RunSnapshot(run_id, Path(run_id), None, state) for run_id, state in states))


def answers(
    base: str = BASE,
    tuned: str = TUNED,
    *,
    reference: str | None = REFERENCE,
    row: int | None = 41,
    done: bool = True,
    error: str | None = None,
    warning: str | None = None,
    compared: bool = True,
) -> AnswersAdvanced:
    """Both answers as the engine reports them; the error is the tuned side's."""
    both = compared and base and tuned
    comparison = compare(base, tuned, question=QUESTION, reference=reference) if both else None
    finish = "stop" if done else None
    sides = (
        Answer("base", base, done, None, 21, 40, 0.12, 47.0, finish),
        Answer("tuned", tuned, done or error is not None, error, 18, 40, 0.13, 44.0, None if error else finish),
    )
    question = Question(QUESTION, reference, row, exchange="1")
    return AnswersAdvanced(question, (AnswerSet(sides, (comparison,)),), warning)


def said(question: Question, *texts: str) -> AnswersAdvanced:
    """Whole answers to a question that was asked."""
    sides = tuple(
        Answer(arm.name, text, done=True, finish_reason="stop") for arm, text in zip(question.arms, texts, strict=True)
    )
    return AnswersAdvanced(question, (AnswerSet(sides, (None,) * (len(sides) - 1)),))
