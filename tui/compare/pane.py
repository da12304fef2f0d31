"""The compare pane: one question to both models, and the facts in which their answers differ."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
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

from data.errors import BurnishError, InputError
from engine.chat.arms import Arm, default_arms, read_arms
from engine.chat.question import Question, new_exchange
from engine.engine import Engine
from engine.reports import AnswersAdvanced, Report, TaskAdvanced, waiting_for
from tui.compare.area import AnswerArea
from tui.compare.arm_state import askable
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
        self._held_out: NextQuestion | None = None
        self._rows: NextQuestion | None = None
        self._arms = default_arms()
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
        """Take the workspace's arms; say what to do, before anything is known."""
        try:
            self._arms = read_arms(self._workspace)
        except InputError as error:
            self._flash(error.sentence, "error")
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

    def set_questions(self, held_out: NextQuestion | None, rows: NextQuestion | None) -> None:
        """Give what n (held-out rows) and N (all rows) step through."""
        self._held_out, self._rows = held_out, rows
        self._draw()

    def ask(self, question: str, reference: str | None = None, row_number: int | None = None) -> None:
        """Ask all arms; the reference is looked up where none is given."""
        prompt = question.strip()
        if not prompt:
            return
        if reference is None and self._look_up is not None and (found := self._look_up(prompt)) is not None:
            reference, row_number = found
        self._send(Question(prompt, reference, row_number, self._arms))

    def _send(self, question: Question) -> None:
        if not askable(question.arms, self._serving):
            self._prompt.put(question.prompt)
            self._show(Exchange())
            self._area.show_question(question.prompt, question.reference, question.reference_row)
            what = self._serving.advice() or "The servers are still starting; press i and enter when they are ready."
            self._flash(f"Not asked: no model is ready. {what}", "error")
            return
        self._prompt.remember(question.prompt)
        self._show(self._exchange.after(waiting_for(question)).stepped(0))
        self.engine.ask(question).add_done_callback(self._asked)

    # -- drawing ------------------------------------------------------------------------------------------------------

    def _show(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._draw()

    def _draw(self) -> None:
        self._area.show(self._exchange, self._shown_arms, self._serving, self._workspace, words=self._show_words)
        self._notice.show(self._advice())
        possible = tuple(bool(self.check_action(*action)) for action in CHANGING)
        if possible != self._possible:
            # Only then: a new footer costs a whole line.
            self._possible = possible
            self.refresh_bindings()

    @property
    def _shown_arms(self) -> tuple[Arm, ...]:
        """Those that were asked, or would be."""
        return self._arms if self._exchange.report is None else self._exchange.report.question.arms

    @property
    def _askable(self) -> bool:
        return askable(self._arms, self._serving)

    def _advice(self) -> Content | TaskAdvanced:
        exchange, report = self._exchange, self._exchange.report
        if self._serving.tasks:
            return self._serving.tasks[-1]
        if report is not None and report.prompt_warning:
            return Content.styled(f"! {literal(report.prompt_warning, one_line=True)}", "$differs")
        words = self._serving.advice()
        if not words and report is None and self._askable:
            following = ", or n for the next question of the dataset" if self._held_out else ""
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
            case "stop_one":
                return any(not answer.done for answer in exchange.answers[exchange.focused : exchange.focused + 1])
            case "again":
                return exchange.report is not None and not exchange.streaming and self._askable
            case "edit":
                return exchange.report is not None
            case "next":
                return self._askable and (self._held_out if parameters == ("held-out",) else self._rows) is not None
            case "serve":
                return serving.servable is not None
            case "stop_servers":
                return serving.up
            case "correct":
                return exchange.answered(0 if parameters == ("first",) else exchange.focused) is not None
            case "fact":
                return exchange.selected is not None if parameters == (0,) else bool(exchange.rows)
            case "focus_arm":
                return len(self._shown_arms) > 1
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
        """Stop all answers."""
        self.engine.stop_answers()

    def action_stop_one(self) -> None:
        """Stop the answer in focus."""
        self.engine.stop_answers(self._exchange.focused)

    def action_again(self) -> None:
        """Ask those that failed once more; where none did, all of them."""
        exchange, report = self._exchange, self._exchange.report
        if report is None:
            return
        if not exchange.failed or len(exchange.failed) == len(exchange.answers):
            self._send(replace(report.question, exchange=new_exchange()))
        for place in exchange.failed:
            self.engine.ask_again(report, place).add_done_callback(self._asked)

    def action_edit(self) -> None:
        """Put the question into the prompt line, to be changed and asked again."""
        if (report := self._exchange.report) is not None:
            self._prompt.put(report.question.prompt)
            self._prompt.focus()

    def action_next(self, of: str) -> None:
        """Ask the next held-out question, or that of the next row."""
        step = self._held_out if of == "held-out" else self._rows
        following = step() if step is not None else None
        if following is None:
            self._flash("No further question in the dataset.", "warning")
        else:
            self.ask(*following)

    def action_correct(self, which: str) -> None:
        """Turn an answer into a new row, to be put right in the dataset pane."""
        report = self._exchange.report
        answer = self._exchange.answered(0 if which == "first" else self._exchange.focused)
        if report is not None and answer is not None:
            self.post_message(CorrectionWanted(report.question.prompt, answer))

    def action_focus_arm(self, step: int) -> None:
        """Let the keys for one side act on another one, and compare that with the first."""
        self._show(self._exchange.focus_moved(step))

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
        question = report.question
        parts = [question.prompt, *([f"dataset: {question.reference}"] if question.reference else [])]
        parts += [f"{answer.arm}: {answer.text}" for answer in self._exchange.answers]
        text = "\n\n".join(parts) + "\n"
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
