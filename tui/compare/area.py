"""Question, answers and facts: everything of the compare pane that is read, laid out in the room there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from tui.compare.answer import AnswerBody, Span
from tui.compare.exchange import Exchange
from tui.compare.facts_table import FactsTable
from tui.compare.marks import marks
from tui.compare.question import QuestionLine
from tui.compare.serving import ARMS, Serving, explain
from tui.compare.side import AnswerSide
from tui.compare.word_diff import differing_words

if TYPE_CHECKING:
    from data.facts import MarkedFact

STACKED_BELOW = 90
"""Cells of width below which one answer stands above the other."""

_LEAST_BODY = {True: 3, False: 5}
"""Lines of an answer's text that are kept free (stacked or not), so that a short one moves nothing while it grows."""


class AnswerArea(Vertical):
    """The facts stand right below the answers, however long these are; what is left over is blank."""

    DEFAULT_CSS = """
    AnswerArea {
        height: 1fr;
    }
    AnswerArea #sides {
        height: auto;
        layout: horizontal;
    }
    AnswerArea #side-base {
        padding-right: 1;
    }
    AnswerArea #side-tuned {
        border-left: solid $border-blurred;
        padding-left: 1;
    }
    AnswerArea.-stacked #sides {
        layout: vertical;
    }
    AnswerArea.-stacked AnswerSide {
        border-left: none;
        padding: 0;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._question = QuestionLine()
        self._sides = tuple(AnswerSide(arm) for arm in ARMS)
        self._table = FactsTable()
        self._stacked = False

    def compose(self) -> ComposeResult:
        """The question on top, the answers, the facts."""
        yield self._question
        with Container(id="sides"):
            yield from self._sides
        yield self._table

    def show(self, exchange: Exchange, serving: Serving, workspace: Path, *, words: bool) -> None:
        """Show an exchange and the servers; with `words`, the words that the other answer has not are underlined."""
        report = exchange.report
        facts: tuple[tuple[MarkedFact, ...], ...] = ((), ())
        agrees = None
        if report is not None:
            self._question.show(report.prompt, report.reference, report.reference_row)
            if report.comparison is not None:
                facts, agrees = (report.comparison.a, report.comparison.b), report.comparison.agrees
        underlined = _differing(exchange) if words else ((), ())
        for index, side in enumerate(self._sides):
            answer = exchange.answers[index] if exchange.answers else None
            server = serving.server(side.arm)
            marked = marks(facts[index], len(answer.text)) if answer is not None else ()
            side.show(answer, server, marked, underlined[index], explain(server, workspace))
        self._table.show(exchange.rows, exchange.selected, agrees)
        row = exchange.row
        for side, fact in zip(self._sides, (None, None) if row is None else (row.base, row.tuned), strict=True):
            side.body.select(None if fact is None else (fact.fact.start, fact.fact.end))
        self._fit()

    def show_question(self, question: str, reference: str | None, row: int | None) -> None:
        """Show a question that could not be asked yet."""
        self._question.show(question, reference, row)

    def scroll(self, *, lines: int = 0, views: int = 0) -> None:
        """Scroll both answers, by lines and by whole views."""
        for side in self._sides:
            side.body.move(lines + views * max(1, side.body.size.height - 1))

    def on_resize(self) -> None:
        """Two answers side by side, or one above the other."""
        self._stacked = self.outer_size.width < STACKED_BELOW
        self.set_class(self._stacked, "-stacked")
        for side in self._sides:
            side.set_dense(self._stacked)
        self._fit()

    @on(AnswerBody.Rewrapped)
    def _fit(self) -> None:
        """Give each answer the lines it takes, up to what question and facts leave; blank lines from what is left."""
        least = _LEAST_BODY[self._stacked]
        wanted = [max(least, side.body.lines) + side.margin_lines for side in self._sides]
        taken = sum(wanted) if self._stacked else max(wanted)
        height = self.outer_size.height - self._question.lines
        # The facts get a quarter at least, and what the answers leave, but for three blank lines.
        self._table.allow(max(3, height // 4, height - taken - 4))
        spare = height - self._table.lines - taken
        above, below_question, above_table = (int(spare >= lines) for lines in (3, 2, 1))
        below_question *= self._question.lines > 0
        self.styles.padding = (above, 0, 0, 0)
        self._question.styles.margin = (0, 0, below_question, 0)
        self._table.styles.margin = (above_table, 0, 0, 0)
        room = height - self._table.lines - above - below_question - above_table
        given = _shared(wanted, room) if self._stacked else [max(1, min(max(wanted), room))] * 2
        for side, lines in zip(self._sides, given, strict=True):
            side.give(lines)


def _shared(wanted: list[int], room: int) -> list[int]:
    """Lines for two answers one above the other: a short one leaves the rest to the other."""
    first, second = wanted
    if first + second <= room:
        return wanted
    half = max(1, room // 2)
    if first <= half:
        return [first, max(1, room - first)]
    if second <= half:
        return [max(1, room - second), second]
    return [max(1, room - half), half]


def _differing(exchange: Exchange) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    base, tuned = (answer.text for answer in exchange.answers) if exchange.answers else ("", "")
    return differing_words(base, tuned) if base and tuned else ((), ())
