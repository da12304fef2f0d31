"""The turns of a conversation: each a question with all its answers, one of them shown."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.chat.question import Turn
from engine.reports import AnswersAdvanced


@dataclass(frozen=True, slots=True)
class Conversation:
    """Questions that follow on each other; a question of its own is a conversation of one turn."""

    turns: tuple[AnswersAdvanced, ...] = ()
    place: int = 0
    """The turn that is shown."""

    @property
    def shown(self) -> AnswersAdvanced | None:
        """The turn on the screen; None before anything was asked."""
        return self.turns[self.place] if self.turns else None

    def asked(self, begun: AnswersAdvanced) -> Conversation:
        """The conversation with a new question: behind as many turns as it follows on, in the place of later ones."""
        kept = self.turns[: len(begun.question.earlier)]
        return Conversation((*kept, begun), len(kept))

    def after(self, report: AnswersAdvanced) -> Conversation:
        """The conversation once the answers of one turn have advanced; others change nothing."""
        turns = tuple(report if turn.exchange == report.exchange else turn for turn in self.turns)
        if report.exchange in (turn.exchange for turn in self.turns):
            return replace(self, turns=turns)
        return self.asked(report) if not self.turns else self

    def moved(self, step: int) -> Conversation:
        """The conversation with an earlier or later turn shown."""
        return replace(self, place=max(0, min(len(self.turns) - 1, self.place + step)))

    def earlier(self) -> tuple[Turn, ...]:
        """What a question that follows on the shown turn carries."""
        said = self.turns[: self.place + 1]
        return tuple(Turn(turn.question.prompt, tuple(answer.text for answer in turn.answers)) for turn in said)
