"""Question, answers and facts: everything of the compare pane that is read, laid out in the room there is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from engine.chat.arms import MAX_ARMS, Arm
from tui.compare.answer import AnswerBody, Span
from tui.compare.arm_state import server_of
from tui.compare.certainty import Chances, chances
from tui.compare.exchange import Exchange
from tui.compare.facts_table import FactsTable
from tui.compare.marks import Mark, marks
from tui.compare.question import QuestionLine
from tui.compare.serving import Serving, explain
from tui.compare.side import AnswerSide
from tui.compare.word_diff import differing_words

if TYPE_CHECKING:
    from data.facts import MarkedFact

STACKED_BELOW = 90
"""Cells of width below which one answer stands above the other."""
COLUMNS_FROM = 160
"""Cells of width from which three or four answers stand beside each other; below that the first and one more."""

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
    AnswerArea AnswerSide {
        padding: 0 1 0 0;
    }
    AnswerArea AnswerSide.-further {
        border-left: solid $border-blurred;
        padding: 0 1;
    }
    AnswerArea AnswerSide.-last {
        padding: 0 0 0 1;
    }
    AnswerArea #side-0.-last {
        padding: 0;
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
        self._sides = tuple(AnswerSide(place) for place in range(MAX_ARMS))
        self._table = FactsTable()
        self._stacked = False
        self._arms: tuple[Arm, ...] = ()
        self._pair: tuple[int, ...] = (0, 1)
        self._again: Callable[[], None] | None = None
        """Shows the same once more."""

    def compose(self) -> ComposeResult:
        """The question on top, the answers, the facts."""
        yield self._question
        with Container(id="sides"):
            yield from self._sides
        yield self._table

    def show(
        self, exchange: Exchange, arms: tuple[Arm, ...], serving: Serving, workspace: Path, *, words: bool, plain: bool
    ) -> None:
        """Show an exchange and the servers.

        With `words`, the words that the other answer has not are underlined; with `plain`, Markdown is not drawn.
        """
        self._again = partial(self.show, exchange, arms, serving, workspace, words=words, plain=plain)
        report = exchange.report
        if report is not None:
            question = report.question
            self._question.show(question.prompt, question.reference, question.reference_row)
        self._arms, self._pair = arms, tuple(place for place in exchange.pair if place < len(arms))
        self._choose_sides()
        underlined = _differing(exchange) if words else {}
        for place in self._visible:
            arm, side = arms[place], self._sides[place]
            answer = exchange.answers[place] if exchange.answers else None
            side.focus_mark(place == exchange.focused and len(arms) > 1)
            side.number("" if len(self._visible) == len(arms) else f"{place + 1} of {len(arms)}")
            server = server_of(arm, serving)
            marked = _marks(exchange, place)
            likely = _chances(exchange, place)
            least = f"p {min(likely.values()):.2f}" if likely else ""
            side.show_tally(" · ".join(filter(None, (_right(exchange, place), least))))
            idle = explain(server, workspace)
            side.show(arm, answer, server, marked, underlined.get(place, ()), idle, plain=plain)
        comparison = None if exchange.shown is None else exchange.shown.comparison(exchange.beside)
        names = tuple(arms[place].name for place in self._pair)
        agrees = None if comparison is None else comparison.agrees
        likely = tuple(_chances(exchange, place) for place in self._pair)
        self._table.show(exchange.rows, exchange.selected, names, agrees, likely)
        row = exchange.row
        pointed = {} if row is None else dict(zip(exchange.pair, (row.first, row.other), strict=False))
        for place in self._visible:
            fact = pointed.get(place)
            self._sides[place].body.select(None if fact is None else (fact.fact.start, fact.fact.end))
        self._fit()

    def show_place(self, place: str) -> None:
        """Say which turn or sample is shown."""
        self._question.show_place(place)
        self._fit()

    def show_question(self, question: str, reference: str | None, row: int | None) -> None:
        """Show a question that could not be asked yet."""
        self._question.show(question, reference, row)

    def scroll(self, *, lines: int = 0, views: int = 0) -> None:
        """Scroll all answers, by lines and by whole views."""
        for place in self._visible:
            body = self._sides[place].body
            body.move(lines + views * max(1, body.size.height - 1))

    def on_resize(self) -> None:
        """Answers side by side, or one above the other."""
        self._stacked = self.outer_size.width < STACKED_BELOW
        self.set_class(self._stacked, "-stacked")
        for side in self._sides:
            side.set_dense(self._stacked)
        if self._again is not None:
            self._again()  # another width may have room for sides that were not there
        self._fit()

    @property
    def _visible(self) -> tuple[int, ...]:
        """The places of the arms that there is room for."""
        all_places = tuple(range(len(self._arms)))
        return all_places if len(all_places) <= 2 or self.outer_size.width >= COLUMNS_FROM else self._pair

    def _choose_sides(self) -> None:
        visible = self._visible
        for place, side in enumerate(self._sides):
            side.display = place in visible
            side.set_class(place in visible[1:], "-further")
            side.set_class(place in visible[-1:], "-last")

    @on(AnswerBody.Rewrapped)
    def _fit(self) -> None:
        """Give each answer the lines it takes, up to what question and facts leave; blank lines from what is left."""
        sides = [self._sides[place] for place in self._visible]
        if not sides:
            return
        least = _LEAST_BODY[self._stacked]
        wanted = [max(least, side.body.room) + side.margin_lines for side in sides]
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
        given = _shared(wanted, room) if self._stacked else [max(1, min(max(wanted), room))] * len(sides)
        for side, lines in zip(sides, given, strict=True):
            side.give(lines)


def _shared(wanted: list[int], room: int) -> list[int]:
    """Lines for answers one above the other: a short one leaves the rest to the other."""
    if sum(wanted) <= room or len(wanted) == 1:
        return [max(1, min(lines, room)) for lines in wanted]
    first, second = wanted
    half = max(1, room // 2)
    if first <= half:
        return [first, max(1, room - first)]
    if second <= half:
        return [max(1, room - second), second]
    return [max(1, room - half), half]


def _marks(exchange: Exchange, place: int) -> tuple[Mark, ...]:
    return marks(_facts(exchange, place), len(exchange.answers[place].text)) if exchange.answers else ()


def _chances(exchange: Exchange, place: int) -> Chances:
    return chances(exchange.answers[place], _facts(exchange, place)) if exchange.answers else {}


def _facts(exchange: Exchange, place: int) -> tuple[MarkedFact, ...]:
    """The facts of one side: of the first as it is compared with the one beside it, of the others with the first."""
    comparison = None if exchange.shown is None else exchange.shown.comparison(place or exchange.beside)
    return () if comparison is None else comparison.b if place else comparison.a


def _right(exchange: Exchange, place: int) -> str:
    """How many of several samples the dataset's answer calls right."""
    report = exchange.report
    verdicts = () if report is None or len(report.samples) == 1 else report.verdicts(place)
    return f"{verdicts.count('right')} of {len(verdicts)} right" if verdicts else ""


def _differing(exchange: Exchange) -> dict[int, tuple[Span, ...]]:
    """The words of the pair that the other one has not, by place."""
    texts = [exchange.answers[place].text for place in exchange.pair] if exchange.answers else []
    if len(texts) < 2 or not all(texts):
        return {}
    return dict(zip(exchange.pair, differing_words(*texts), strict=True))
