"""Answers without what tells who gave them: called A and B, in an order of chance."""

from __future__ import annotations

import secrets
from dataclasses import replace
from hashlib import blake2b

from engine.chat.arms import Arm
from engine.chat.question import Question
from engine.reports import Answer, AnswerSet
from tui.compare.exchange import Exchange
from tui.compare.marks import fact_rows

NAMES = ("A", "B")
_NO_ANSWER = "This side gave no answer, or not all of it; the reason is shown after the vote."
_OTHER_PROMPT = "The sides did not get the same prompt; which of them did not is shown after the vote."


class Veil:
    """What is hidden, and in which order the two sides of a pair are shown.

    The order is that of a keyed hash of the question's name, so that drawing it again does not change it, the same
    question asked again has another one, and only this process knows the key. Only questions that were asked while it
    was on are hidden, and never again once their answers were shown with their names: a vote would not be blind.
    """

    def __init__(self) -> None:
        self._on = False
        self._key = secrets.token_bytes(16)
        self._covered: set[str] = set()
        self._revealed: set[tuple[str, int]] = set()

    @property
    def on(self) -> bool:
        """Whether questions from now on are answered blindly."""
        return self._on

    @property
    def hiding(self) -> bool:
        """Whether there are answers on which no vote has shown the names yet."""
        return not self._covered <= {exchange for exchange, _ in self._revealed}

    def switch(self) -> None:
        """Hide the names of what is asked from now on; or show all, also those that are hidden now."""
        self._on = not self._on
        self._covered.clear()

    def cover(self, question: Question) -> None:
        """Note that a question is asked; one that follows on nothing leaves the conversation before it behind."""
        if not question.earlier:
            self._covered.clear()
        if self._on:
            self._covered.add(question.exchange)

    def hides(self, exchange: Exchange) -> bool:
        """Whether these answers are to be shown without their names."""
        report = exchange.report
        if report is None or len(exchange.pair) != 2 or report.exchange not in self._covered:
            return False
        return _name(exchange) not in self._revealed

    def reveal(self, exchange: Exchange) -> None:
        """Show these answers with their names from now on."""
        if exchange.report is not None:
            self._revealed.add(_name(exchange))

    def order(self, exchange: Exchange) -> tuple[int, int]:
        """The places of the arms that are shown as A and B."""
        first, other = exchange.pair
        if not self.hides(exchange):
            return first, other
        drawn = blake2b(repr(_name(exchange)).encode(), key=self._key, digest_size=1).digest()[0]
        return (other, first) if drawn % 2 else (first, other)


def veiled(exchange: Exchange, order: tuple[int, int]) -> Exchange:
    """The pair of an exchange as A and B: without models, figures and what else names a side; nothing was asked: as is.

    Its arms have no target, so that no server is shown for them.
    """
    report, shown = exchange.report, exchange.shown
    if report is None or shown is None:
        return exchange
    comparison = shown.comparison(exchange.beside)
    turned = order != exchange.pair
    if comparison is not None and turned:
        from data.facts.compare import swapped

        comparison = swapped(comparison)
    answers = tuple(_nameless(shown.answers[place], name) for place, name in zip(order, NAMES, strict=True))
    hidden = replace(
        report,
        question=replace(report.question, arms=tuple(Arm(name, "") for name in NAMES)),
        samples=(AnswerSet(answers, (comparison,)),),
        prompt_warning=_OTHER_PROMPT if report.prompt_warning else None,
    )
    rows = fact_rows(comparison)
    place = None if exchange.row is None else exchange.row.place
    pointed = place[::-1] if place is not None and turned else place
    selected = next((index for index, row in enumerate(rows) if row.place == pointed), None)
    return Exchange(hidden, rows, selected, 0, order.index(exchange.focused), 1)


def _nameless(answer: Answer, name: str) -> Answer:
    error = None if answer.error is None else _NO_ANSWER
    return Answer(name, answer.text, answer.done, error, finish_reason=answer.finish_reason, verdict=answer.verdict)


def _name(exchange: Exchange) -> tuple[str, int]:
    assert exchange.report is not None
    return exchange.report.exchange, exchange.sample
