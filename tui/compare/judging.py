"""What a person makes of answers: a vote, open or blind, a preference pair, a row with the answer put right."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Protocol

from textual import on, work

from data.errors import BurnishError
from data.formats.conversation import Conversation
from data.preferences import Candidate, Choice, TwoAnswers, by_reference
from engine.chat.arms import Arm
from engine.chat.question import Question
from engine.engine import Engine
from tui.compare.arm_state import server_of
from tui.compare.blind import NAMES, Veil, veiled
from tui.compare.correction import Correction, CorrectionForm
from tui.compare.exchange import Exchange
from tui.compare.panels import Panels
from tui.compare.vote import VoteLine
from tui.messages import FileWritten


class OpenDataset(Protocol):
    """What the dataset pane does for this one."""

    @property
    def path(self) -> Path | None:
        """The file that is open there."""
        ...

    def take(self, said: Conversation) -> str:
        """Add a row that says this to the open file; where it went, in a sentence. Raises BurnishError."""
        ...


class Judging(Panels):
    """The keys that turn answers into data."""

    def __init__(self, engine: Engine, *, workspace: Path, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(engine, workspace=workspace, id=id)
        self.veil = Veil()
        self.votes = VoteLine()
        self._open_dataset: OpenDataset | None = None
        self._judged: tuple[str, int, int] | None = None
        """The answers that are voted on, or were last: their question, sample and second side."""
        self._correcting: tuple[Exchange, int] | None = None
        """The answer that is put right: the exchange, and the place of its arm."""

    def set_dataset(self, dataset: OpenDataset) -> None:
        """Give what knows of the file that is open."""
        self._open_dataset = dataset

    @property
    def seen(self) -> tuple[Exchange, tuple[Arm, ...]]:
        """See `CompareDesk`: without what tells the sides apart while a vote is to be blind."""
        exchange = self.exchange
        if not self.veil.hides(exchange):
            return super().seen
        hidden = veiled(exchange, self.veil.order(exchange))
        assert hidden.report is not None
        return hidden, hidden.report.question.arms

    def draw(self) -> None:
        """See `CompareDesk`; what was told of the votes on another question is taken away."""
        votes = self.votes
        if (votes.asking or votes.told) and self._judged != self._which(self.exchange):
            if votes.has_focus:
                self.focus()
            votes.tell("")
        super().draw()

    def send(self, question: Question) -> None:
        """See `Asking`; its answers are hidden if the person votes blindly."""
        self.veil.cover(question)
        super().send(question)

    def can_judge(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether there is something to vote on, to keep as a pair, or to put right."""
        exchange = self.exchange
        if self.votes.asking:
            return False
        match action:
            case "vote":
                return self._comparable
            case "history":
                # It lists answers with the names of their sides.
                return not self.veil.hiding
            case "pair":
                return self._comparable and self._by_reference in ("A", "B")
            case "correct":
                return exchange.answered(0 if parameters == ("first",) else exchange.focused) is not None
            case _:
                return True

    def take_keyboard(self) -> None:
        """See `Panels`; a vote that is asked for keeps the keyboard."""
        if self.votes.asking:
            self.votes.focus()
        else:
            super().take_keyboard()

    # -- blind --------------------------------------------------------------------------------------------------------

    def action_blind(self) -> None:
        """Hide which side is which in the answers to come, or show it again."""
        self.veil.switch()
        if self.veil.on:
            self.flash("Blind from the next question on: the sides are A and B until you vote (v).", "information")
        else:
            self.flash("The sides are shown with their names.", "information")
        self.draw()

    # -- votes --------------------------------------------------------------------------------------------------------

    def action_vote(self) -> None:
        """Say which of the two answers is better."""
        self._judged = self._which(self.exchange)
        self.votes.ask(*self._shown_names)

    @on(VoteLine.Left)
    def _leave_vote(self) -> None:
        self.focus()

    @on(VoteLine.Cast)
    def _vote(self, event: VoteLine.Cast) -> None:
        event.stop()
        self.focus()
        exchange = self.exchange
        if not self._comparable:
            return
        answers, blind = self._two_answers(), self.veil.hides(exchange)
        self._keep_vote(answers, event.choice, exchange, blind=blind)
        self.veil.reveal(exchange)
        self.draw()

    @work(group="judging")
    async def _keep_vote(self, answers: TwoAnswers, choice: Choice, exchange: Exchange, *, blind: bool) -> None:
        """Put the vote on the disk, and its pair; tell who was who, where the pair went and how the votes stand."""
        from engine.chat.votes import Vote, cast, read_votes, tally_between

        # The tally names the first arm first, whichever of the two was called A.
        first, other = sorted((answers.a, answers.b), key=lambda each: self._place_of(each))
        try:
            await asyncio.to_thread(cast, self.workspace, Vote(answers, choice, blind))
            votes = await asyncio.to_thread(read_votes, self.workspace)
        except (BurnishError, OSError) as error:
            self.flash(f"The vote was not kept: {getattr(error, 'sentence', error)}", "error")
            return
        standing = tally_between(votes, first, other, blind=blind).sentence(first.arm, other.arm)
        parts = [f"{'blind' if blind else 'open'}: {standing}"]
        if blind:
            a, b = answers.a, answers.b
            parts.insert(0, f"A was {a.arm} ({a.model}), B {b.arm} ({b.model}).")
        if choice in ("A", "B"):
            parts.append(await self._keep_pair(answers, choice, exchange))
        if self._which(exchange) == self._judged == self._which(self.exchange):
            self.votes.tell(" ".join(parts))

    def action_pair(self) -> None:
        """Keep the two answers as a preference pair, the one that agrees with the dataset chosen."""
        if (choice := self._by_reference) is not None:
            self._keep_reference_pair(self._two_answers(), choice, self.exchange)

    @work(group="judging")
    async def _keep_reference_pair(self, answers: TwoAnswers, choice: Choice, exchange: Exchange) -> None:
        said = await self._keep_pair(answers, choice, exchange)
        self.flash(f"The answer that agrees with the dataset is chosen. {said}", "information")

    async def _keep_pair(self, answers: TwoAnswers, choice: Choice, exchange: Exchange) -> str:
        """Keep the pair of a choice; where it went, or why there is none, in a sentence."""
        from engine.chat.corrections import keep_pair
        from engine.chat.judged import require_same_conversation

        assert exchange.report is not None
        try:
            require_same_conversation(exchange.report.question, (0, exchange.beside))
            kept = await asyncio.to_thread(keep_pair, self.workspace, answers, choice)
        except BurnishError as error:
            return error.sentence
        self.post_message(FileWritten(kept.path))
        return f"Pair {'added to' if kept.added else 'already in'} {kept.path.name}, row {kept.row_number:,}."

    # -- corrections --------------------------------------------------------------------------------------------------

    async def action_correct(self, which: str) -> None:
        """Put an answer right, to become a row of the dataset."""
        from engine.chat.corrections import CORRECTIONS_FILE

        exchange, report = self.exchange, self.exchange.report
        place = 0 if which == "first" else exchange.focused
        answer = exchange.answered(place)
        if report is None or answer is None:
            return
        self._correcting = exchange, place
        opened = self._open_dataset.path if self._open_dataset is not None else None
        file = CORRECTIONS_FILE if opened is None else _inside(opened, self.workspace)
        question = report.question
        begun = "the dataset's answer stands below" if question.reference else "its words stand below"
        title = f"put right what {self._shown_name(place)} said · {begun} · ^s adds the row, esc leaves"
        panel = await self.open_panel(CorrectionForm)
        await panel.open(title, Correction(question.prompt, question.reference or answer, file))

    @on(CorrectionForm.Kept)
    def _keep_correction(self, event: CorrectionForm.Kept) -> None:
        event.stop()
        self._add_row(event.draft)

    @work(exclusive=True, group="correcting")
    async def _add_row(self, draft: Correction) -> None:
        from engine.chat.corrections import keep_correction
        from engine.chat.judged import correction_of

        if self._correcting is None:
            return
        exchange, place = self._correcting
        assert exchange.report is not None
        said = correction_of(exchange.report, exchange.sample, place, draft.question, draft.right)
        path = self.workspace / Path(draft.file).expanduser()
        opened = self._open_dataset.path if self._open_dataset is not None else None
        try:
            if self._open_dataset is not None and opened is not None and opened.resolve() == path.resolve():
                sentence = self._open_dataset.take(said)
            else:
                kept = await asyncio.to_thread(keep_correction, self.workspace, path, said)
                sentence = f"The corrected answer is row {kept.row_number:,} of {_inside(kept.path, self.workspace)}."
        except BurnishError as error:
            if isinstance(self._panel, CorrectionForm):
                self._panel.warn(error.sentence)
            return
        self.close_panel()
        self.flash(sentence, "information")

    # -- what is looked at --------------------------------------------------------------------------------------------

    @property
    def _comparable(self) -> bool:
        exchange = self.exchange
        return len(exchange.pair) == 2 and all(exchange.answered(place) is not None for place in exchange.pair)

    @property
    def _by_reference(self) -> Choice | None:
        """What the dataset's answer makes of the pair, A and B as they are shown."""
        shown = self.seen[0].shown
        comparison = shown.comparison(self.seen[0].beside) if shown is not None else None
        return by_reference(comparison.agrees if comparison is not None else None)

    @property
    def _shown_names(self) -> tuple[str, str]:
        first, second = (self._shown_name(place) for place in self.veil.order(self.exchange))
        return first, second

    def _shown_name(self, place: int) -> str:
        if self.veil.hides(self.exchange):
            return NAMES[self.veil.order(self.exchange).index(place)]
        return self.shown_arms[place].name

    def _two_answers(self) -> TwoAnswers:
        from engine.chat.judged import two_answers

        exchange = self.exchange
        assert exchange.report is not None
        a, b = self.veil.order(exchange)
        return two_answers(exchange.report, exchange.sample, (a, b), (self._model(a), self._model(b)))

    def _model(self, place: int) -> str:
        arm = self.shown_arms[place]
        server = server_of(arm, self.serving)
        return server.model if server is not None and server.model else arm.target

    def _place_of(self, side: Candidate) -> int:
        return next((place for place, arm in enumerate(self.shown_arms) if arm.name == side.arm), len(self.shown_arms))

    def _which(self, exchange: Exchange) -> tuple[str, int, int] | None:
        return None if exchange.report is None else (exchange.report.exchange, exchange.sample, exchange.beside)


def _inside(path: Path, workspace: Path) -> str:
    return str(path.relative_to(workspace) if path.is_relative_to(workspace) else path)
