"""Asking: a question of its own, a follow-up, the dataset's next one, the same once more, and giving answers up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from textual import on, work
from textual.widgets import Input

from engine.chat.arms import Arm
from engine.chat.question import Question, Turn, new_exchange
from engine.engine import Engine
from engine.reports import waiting_for
from tui.compare.arm_state import askable
from tui.compare.conversation import Conversation
from tui.compare.desk import CompareDesk
from tui.compare.held_out import HeldOutRows
from tui.compare.prompt import QuestionInput

ReferenceLookup = Callable[[str], tuple[str, int] | None]
"""From a question to the dataset's answer and its row (counted from 1)."""

NextQuestion = Callable[[], tuple[str, str | None, int | None] | None]
"""The next question to step to, with its answer and row; None when there is none."""


class Asking(CompareDesk):
    """The keys that send questions, and the line to type them in."""

    _look_up: ReferenceLookup | None = None
    _held_out: NextQuestion | None = None
    _rows: NextQuestion | None = None
    _follows: tuple[Turn, ...] = ()
    """The turns that the question being typed follows on."""
    _follows_arms: tuple[Arm, ...] | None = None
    """The arms that said them."""

    def __init__(self, engine: Engine, *, workspace: Path, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(engine, workspace=workspace, id=id)
        self._split = HeldOutRows(workspace)

    def set_reference_lookup(self, look_up: ReferenceLookup | None) -> None:
        """Give what finds the dataset's answer to a question that a person typed."""
        self._look_up = look_up

    def set_questions(self, held_out: NextQuestion | None, rows: NextQuestion | None) -> None:
        """Give what n (held-out rows) and N (all rows) step through."""
        self._held_out, self._rows = held_out, rows
        self.draw()

    def ask(self, question: str, reference: str | None = None, row_number: int | None = None) -> None:
        """Ask all arms a question of its own; the reference is looked up where none is given."""
        self._type((), None)
        self._ask(question, reference, row_number)

    def _ask(self, question: str, reference: str | None, row_number: int | None) -> None:
        prompt = question.strip()
        if not prompt:
            return
        if reference is None and self._look_up is not None and (found := self._look_up(prompt)) is not None:
            reference, row_number = found
        settings, arms = self.settings, self._follows_arms or self.arms
        self.send(
            Question(prompt, reference, row_number, arms, settings.sampling, settings.system, earlier=self._follows)
        )
        self._type((), None)

    def send(self, question: Question) -> None:
        """Ask a question as it is, or say why nobody can be asked."""
        if not askable(question.arms, self.serving):
            self.prompt.put(question.prompt)
            self.show_conversation(Conversation())
            self.area.show_question(question.prompt, question.reference, question.reference_row)
            what = self.serving.advice() or "The servers are still starting; press i and enter when they are ready."
            self.flash(f"Not asked: no model is ready. {what}", "error")
            return
        self.prompt.remember(question.prompt)
        self.exchange = self.exchange.stepped(0)
        self.show_conversation(self.conversation.asked(waiting_for(question)))
        self.engine.ask(question).add_done_callback(self.asked)

    def _type(self, follows: tuple[Turn, ...], arms: tuple[Arm, ...] | None) -> None:
        self._follows, self._follows_arms = follows, arms
        self.prompt.say(f"follow up on {len(follows)} …" if follows else "ask all …" if len(self.arms) > 2 else "")

    def _to_prompt(self) -> None:
        # `focus` waits for a turn of the event loop, and a letter typed right after the key would be lost.
        self.screen.set_focus(self.prompt)

    # -- the line -----------------------------------------------------------------------------------------------------

    @on(Input.Submitted)
    def _ask_typed(self, event: Input.Submitted) -> None:
        if event.input is not self.prompt:
            return
        event.stop()
        if event.value.strip():
            self.prompt.put("")
            self.focus()
            self._ask(event.value, None, None)

    @on(QuestionInput.Left)
    def _leave_prompt(self) -> None:
        self._type((), None)
        self.focus()

    @on(CompareDesk.AskRefused)
    def _stop_waiting(self) -> None:
        self.show_exchange(self.exchange.given_up())

    # -- keys ---------------------------------------------------------------------------------------------------------

    def action_prompt(self) -> None:
        """Type a question of its own: a new conversation."""
        self._type((), None)
        self._to_prompt()

    def action_follow(self) -> None:
        """Type a question that follows on the turn that is shown."""
        if (report := self.exchange.report) is not None:
            self._type(self.conversation.earlier(), report.question.arms)
            self._to_prompt()

    def action_edit(self) -> None:
        """Put the question into the prompt line, to be changed and asked again in its place."""
        if (report := self.exchange.report) is not None:
            self._type(report.question.earlier, report.question.arms if report.question.earlier else None)
            self.prompt.put(report.question.prompt)
            self._to_prompt()

    def action_stop(self) -> None:
        """Stop all answers."""
        self.engine.stop_answers()

    def action_stop_one(self) -> None:
        """Stop the answer in focus."""
        self.engine.stop_answers(self.exchange.focused)

    def action_again(self) -> None:
        """Ask those that failed once more; where none did or all, the whole question with the present settings."""
        exchange, report = self.exchange, self.exchange.report
        if report is None:
            return
        if exchange.failed and len(exchange.failed) < len(exchange.answers):
            for place in exchange.failed:
                self.engine.ask_again(report, place).add_done_callback(self.asked)
            return
        settings = self.settings
        arms = report.question.arms if report.question.earlier else self.arms
        again = replace(report.question, arms=arms, sampling=settings.sampling, system=settings.system)
        self.send(replace(again, exchange=new_exchange()))

    @work(exclusive=True, group="next", description="read the next question")
    async def action_next(self, of: str) -> None:
        """Ask the next held-out question, or that of the next row.

        Held out is what the run that is served did not see; where that is not known, the file beside the dataset.
        """
        tuned = self.serving.server("tuned")
        if of == "held-out" and tuned is not None and tuned.state == "ready":
            row = await self._split.next(tuned.model, self.dataset, self.arms, self.settings.sampling)
            if row is not None:
                self._type((), None)
                self.send(row)
                return
        step = self._held_out if of == "held-out" else self._rows
        following = step() if step is not None else None
        if following is None:
            self.flash("No further question in the dataset.", "warning")
        else:
            self.ask(*following)
