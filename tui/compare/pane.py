"""The compare pane: one question to both models, and the facts in which their answers differ."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from time import monotonic
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from data.errors import BurnishError
from engine.engine import Engine
from engine.reports import Answer, AnswersAdvanced, Report, TaskAdvanced
from tui.compare.area import AnswerArea
from tui.compare.exchange import Exchange
from tui.compare.keys import BINDINGS, CHANGING
from tui.compare.notice import Notice
from tui.compare.prompt import QuestionInput
from tui.compare.serving import Serving
from tui.literal import literal
from tui.messages import CorrectionWanted, Flashed, ServingWanted
from tui.pane import Pane
from tui.widgets.clipboard import send_to_clipboard

SURE_SECONDS = 5.0
"""How long the first x waits for the second."""

ReferenceLookup = Callable[[str], tuple[str, int] | None]
"""From a question to the dataset's answer and its row (counted from 1)."""

NextQuestion = Callable[[], tuple[str, str | None, int | None] | None]
"""The next question to step to, with its answer and row; None when there is none."""


class ComparePane(Pane, can_focus=True):
    """Asks both models the same, shows the answers as they stream, and marks their facts."""

    TITLE = "Compare"
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS

    DEFAULT_CSS = """
    ComparePane {
        padding: 0 1;
    }
    ComparePane #prompt {
        height: 1;
    }
    ComparePane #prompt-sign {
        width: 2;
        color: $text-muted;
    }
    ComparePane #prompt:focus-within #prompt-sign {
        color: $accent;
        text-style: bold;
    }
    """

    class AskRefused(Message):
        """The engine could not send the question."""

    def __init__(self, engine: Engine, *, workspace: Path, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(engine, id=id)
        self._workspace = workspace
        self._serving = Serving()
        self._exchange = Exchange()
        self._show_words = False
        self._stop_pressed = -SURE_SECONDS
        self._look_up: ReferenceLookup | None = None
        self._next_question: NextQuestion | None = None
        self._possible: tuple[bool, ...] = ()
        self._area = AnswerArea()
        self._notice = Notice()
        self._prompt = QuestionInput()

    def compose(self) -> ComposeResult:
        """A banner, the question with its two answers and their facts, the prompt line."""
        yield self._notice
        yield self._area
        with Horizontal(id="prompt"):
            yield Static("> ", id="prompt-sign", markup=False)
            yield self._prompt

    def on_mount(self) -> None:
        """Say what to do, before anything is known."""
        self._draw()

    # -- what the app calls -------------------------------------------------------------------------------------------

    def receive(self, report: Report) -> None:
        """Take note of answers, servers, runs and tasks."""
        if isinstance(report, AnswersAdvanced):
            self._show(self._exchange.after(report))
            return
        serving = self._serving.after(report)
        if serving != self._serving:
            self._serving = serving
            self._draw()

    def focus_first(self) -> None:
        """The pane itself, so that its keys work at once."""
        self.focus()

    def set_reference_lookup(self, look_up: ReferenceLookup | None) -> None:
        """Give what finds the dataset's answer to a question that a person typed."""
        self._look_up = look_up

    def set_next_question(self, next_question: NextQuestion | None) -> None:
        """Give what n steps through."""
        self._next_question = next_question
        self._draw()

    def ask(self, question: str, reference: str | None = None, row_number: int | None = None) -> None:
        """Ask both models; the reference is looked up where none is given."""
        question = question.strip()
        if not question:
            return
        if reference is None and self._look_up is not None and (found := self._look_up(question)) is not None:
            reference, row_number = found
        if not self._serving.ready:
            self._prompt.put(question)
            self._show(Exchange())
            self._area.show_question(question, reference, row_number)
            what = self._serving.advice() or "The servers are still starting; press i and enter when they are ready."
            self._flash(f"Not asked: no model is ready. {what}", "error")
            return
        self._prompt.remember(question)
        waiting = AnswersAdvanced(question, reference, row_number, Answer("base"), Answer("tuned"), None)
        self._show(Exchange(waiting))
        asked = self.engine.ask(question, reference=reference, reference_row=row_number)
        asked.add_done_callback(self._asked)

    # -- drawing ------------------------------------------------------------------------------------------------------

    def _show(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._draw()

    def _draw(self) -> None:
        self._area.show(self._exchange, self._serving, self._workspace, words=self._show_words)
        self._notice.show(self._advice())
        possible = tuple(bool(self.check_action(*action)) for action in CHANGING)
        if possible != self._possible:
            # Only then: a new footer costs a whole line.
            self._possible = possible
            self.refresh_bindings()

    def _advice(self) -> Content | TaskAdvanced:
        exchange, report = self._exchange, self._exchange.report
        if self._serving.tasks:
            return self._serving.tasks[-1]
        if report is not None and report.prompt_warning:
            return Content.styled(f"! {literal(report.prompt_warning, one_line=True)}", "$differs")
        words = self._serving.advice()
        if not words and report is None and self._serving.ready:
            following = ", or n for the next question of the dataset" if self._next_question else ""
            words = f"Press i to type a question{following}."
        if not words and exchange.has_text and not exchange.rows and not exchange.streaming:
            words = "No checkable facts in these answers."
        return Content.styled(words, "$text-muted")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the keys of what cannot be done now."""
        exchange, serving = self._exchange, self._serving
        match action:
            case "stop":
                return exchange.streaming
            case "again":
                return serving.ready and exchange.report is not None and not exchange.streaming
            case "next":
                return serving.ready and self._next_question is not None
            case "serve":
                return serving.servable is not None
            case "stop_servers":
                return serving.up
            case "correct":
                return exchange.answered(str(parameters[0])) is not None
            case "fact":
                return exchange.selected is not None if parameters == (0,) else bool(exchange.rows)
            case "copy" | "words":
                return exchange.has_text
            case _:
                return True

    # -- keys ---------------------------------------------------------------------------------------------------------

    @on(Input.Submitted)
    def _ask_typed(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self._prompt.put("")
            self.focus()
            self.ask(event.value)

    @on(QuestionInput.Left)
    def _leave_prompt(self) -> None:
        self.focus()

    def action_prompt(self) -> None:
        """Type a question."""
        self._prompt.focus()

    def action_stop(self) -> None:
        """Stop both answers."""
        self.engine.stop_answers()

    def action_again(self) -> None:
        """Ask the same again."""
        if (report := self._exchange.report) is not None:
            self.ask(report.prompt, report.reference, report.reference_row)

    def action_next(self) -> None:
        """Ask the dataset's next question."""
        following = self._next_question() if self._next_question is not None else None
        if following is None:
            self._flash("No further question in the dataset.", "warning")
        else:
            self.ask(*following)

    def action_correct(self, arm: str) -> None:
        """Turn an answer into a new row, to be put right in the dataset pane."""
        report, answer = self._exchange.report, self._exchange.answered(arm)
        if report is not None and answer is not None:
            self.post_message(CorrectionWanted(report.prompt, answer))

    def action_fact(self, step: int) -> None:
        """Go to another fact, in both answers; 0 to none."""
        self.focus()
        self._show(self._exchange.stepped(step))

    def action_words(self) -> None:
        """Underline differing words, or no longer."""
        self._show_words = not self._show_words
        self._draw()

    def action_move(self, lines: int) -> None:
        """Scroll both answers."""
        self._area.scroll(lines=lines)

    def action_page(self, views: int) -> None:
        """Scroll both answers by whole views."""
        self._area.scroll(views=views)

    def action_serve(self) -> None:
        """Serve the newest finished run."""
        if (run_id := self._serving.servable) is not None:
            self.post_message(ServingWanted(run_id))

    def action_stop_servers(self) -> None:
        """Stop both servers at the second press."""
        if monotonic() - self._stop_pressed < SURE_SECONDS:
            self._stop_pressed = -SURE_SECONDS
            self.engine.stop_servers()
            self._flash("Stopping both servers.", "information")
        else:
            self._stop_pressed = monotonic()
            self._flash("Press x again to stop both servers.", "warning")

    async def action_copy(self) -> None:
        """Send question and answers to the terminal's clipboard."""
        report = self._exchange.report
        if report is None:
            return
        reference = f"dataset: {report.reference}\n\n" if report.reference else ""
        text = f"{report.prompt}\n\n{reference}base: {report.base.text}\n\ntuned: {report.tuned.text}\n"
        try:
            await send_to_clipboard(self.app, text)
        except BurnishError as error:
            self._flash(error.sentence, "error")
        else:
            self._flash("Question and answers were sent to the terminal's clipboard.", "information")

    # -- the engine's answer ------------------------------------------------------------------------------------------

    def _asked(self, asked: Future[None]) -> None:
        """On the engine's thread: the engine tells the reason itself, the pane only stops waiting."""
        if asked.cancelled() or asked.exception() is not None:
            self.post_message(self.AskRefused())

    @on(AskRefused)
    def _stop_waiting(self) -> None:
        self._show(self._exchange.given_up())

    def _flash(self, text: str, severity: str) -> None:
        self.post_message(Flashed(text, severity=severity))
