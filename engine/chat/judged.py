"""Answers of the screen as what is voted on, corrected and kept."""

from __future__ import annotations

from data.errors import InputError
from data.formats.conversation import Conversation, Role, Turn
from data.preferences import Candidate, TwoAnswers
from engine.chat.corrections import corrected
from engine.chat.question import Question
from engine.reports import AnswersAdvanced

_ROLES: dict[str, Role] = {"system": "system", "user": "user", "assistant": "assistant"}


def two_answers(report: AnswersAdvanced, sample: int, places: tuple[int, int], models: tuple[str, str]) -> TwoAnswers:
    """One sample of two arms by their places, as A and B; `models` answered there.

    The conversation is that of A: what B was told before may be another one, see `require_same_conversation`.
    """
    question, answers = report.question, report.samples[sample].answers
    a, b = (
        Candidate(question.arms[place].name, model, answers[place].text)
        for place, model in zip(places, models, strict=True)
    )
    return TwoAnswers(_turns(question, places[0]), a, b, question.system or None, question.reference)


def require_same_conversation(question: Question, places: tuple[int, int]) -> None:
    """Raise InputError where the two arms had said different things before: their answers then have two prompts."""
    if question.messages(places[0]) != question.messages(places[1]):
        raise InputError(
            "There is no preference pair of these: the two sides said different things before, so they answered two "
            "different conversations.",
            title="No pair",
        )


def correction_of(report: AnswersAdvanced, sample: int, place: int, question: str, right: str) -> Conversation:
    """An arm's answer put right, after what that arm was asked before; `question` is what the last turn asks."""
    asked = report.question
    turns = (*_turns(asked, place)[:-1], Turn("user", question))
    return corrected(turns, right, report.samples[sample].answers[place].text, asked.system or None)


def _turns(question: Question, place: int) -> tuple[Turn, ...]:
    """What an arm was sent, without the system prompt."""
    sent = question.messages(place)
    return tuple(Turn(_ROLES[each["role"]], each["content"]) for each in sent if each["role"] != "system")
