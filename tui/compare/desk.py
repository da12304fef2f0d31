"""What all parts of the compare pane work on: the conversation, the servers, the settings, and how they are drawn."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

from textual.content import Content
from textual.message import Message

from data.errors import InputError
from engine.chat.arms import Arm, default_arms, read_arms
from engine.chat.settings import ChatSettings, read_settings
from engine.engine import Engine
from engine.reports import TaskAdvanced
from tui.compare.area import AnswerArea
from tui.compare.arm_state import askable
from tui.compare.conversation import Conversation
from tui.compare.exchange import Exchange
from tui.compare.keys import CHANGING
from tui.compare.notice import Notice
from tui.compare.prompt import QuestionInput
from tui.compare.serving import Serving
from tui.compare.settings_line import SettingsLine
from tui.literal import literal
from tui.messages import Flashed
from tui.pane import Pane


class CompareDesk(Pane):
    """The state of the pane; everything that changes it draws it anew."""

    class AskRefused(Message):
        """The engine could not send the question."""

    def __init__(self, engine: Engine, *, workspace: Path, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(engine, id=id)
        self.workspace = workspace
        self.dataset: Path | None = None
        """The file that is open, from which questions are picked."""
        self.serving = Serving()
        self.conversation = Conversation()
        self.exchange = Exchange()
        """The turn of the conversation that is shown."""
        self.arms: tuple[Arm, ...] = default_arms()
        """Those that the next question is for."""
        self.settings = ChatSettings()
        """Those of the next question."""
        self.show_words = False
        self.show_plain = False
        self.area = AnswerArea()
        self.notice = Notice()
        self.prompt = QuestionInput()
        self.settings_line = SettingsLine()
        self._possible: tuple[bool, ...] = ()

    def read_files(self) -> None:
        """Take the arms and settings that the workspace keeps; a file that cannot be read is told, and not taken."""
        try:
            self.arms = read_arms(self.workspace)
            self.settings = read_settings(self.workspace)
        except InputError as error:
            self.flash(error.sentence, "error")

    @property
    def shown_arms(self) -> tuple[Arm, ...]:
        """Those that were asked, or would be."""
        return self.arms if self.exchange.report is None else self.exchange.report.question.arms

    @property
    def seen(self) -> tuple[Exchange, tuple[Arm, ...]]:
        """What is drawn: the exchange, and the arms that its answers are from."""
        return self.exchange, self.shown_arms

    @property
    def askable(self) -> bool:
        """Whether any arm can answer."""
        return askable(self.arms, self.serving)

    def show_conversation(self, conversation: Conversation) -> None:
        """Show another turn, or the same one as it has advanced."""
        self.conversation = conversation
        self.show_exchange(self.exchange.after(conversation.shown))

    def show_exchange(self, exchange: Exchange) -> None:
        """Point at something else in the turn that is shown."""
        self.exchange = exchange
        self.draw()

    def draw(self) -> None:
        """Draw what has changed."""
        exchange, arms = self.seen
        self.area.show(exchange, arms, self.serving, self.workspace, words=self.show_words, plain=self.show_plain)
        self.area.show_place(self._place())
        self.notice.show(self._advice())
        report = self.exchange.report
        settings = self.settings
        if report is not None and self.prompt.value == "":
            settings = replace(settings, sampling=report.question.sampling, system=report.question.system)
        self.settings_line.show(settings, report, self.size.width)
        possible = tuple(bool(self.check_action(*action)) for action in CHANGING)
        if possible != self._possible:
            # Only then: a new footer costs a whole line.
            self._possible = possible
            self.refresh_bindings()

    def flash(self, text: str, severity: str) -> None:
        """Tell the person in one line."""
        self.post_message(Flashed(text, severity=severity))

    def asked(self, asked: Future[None]) -> None:
        """On the engine's thread: the engine tells the reason itself, the pane only stops waiting."""
        if asked.cancelled() or asked.exception() is not None:
            self.post_message(self.AskRefused())

    def _place(self) -> str:
        """Which turn and which sample is shown, where there are several."""
        turns, report = len(self.conversation.turns), self.exchange.report
        parts = [f"turn {self.conversation.place + 1} of {turns}"] if turns > 1 else []
        if report is not None and len(report.samples) > 1:
            parts.append(f"sample {self.exchange.sample + 1} of {len(report.samples)}")
        return " · ".join(parts)

    def _advice(self) -> Content | TaskAdvanced:
        exchange, _ = self.seen
        report = exchange.report
        if self.serving.tasks:
            return self.serving.tasks[-1]
        if report is not None and report.prompt_warning:
            return Content.styled(f"! {literal(report.prompt_warning, one_line=True)}", "$differs")
        served = any(not arm.is_url for arm in self.shown_arms)
        words = self.serving.advice() if served else ""
        if not words and report is None and self.askable:
            following = (
                ", or n for the next question of the dataset" if self.check_action("next", ("held-out",)) else ""
            )
            words = f"Press i to type a question{following}."
        if not words and exchange.has_text and not exchange.rows and not exchange.streaming:
            words = "No checkable facts in these answers."
        return Content.styled(words, "$text-muted")
