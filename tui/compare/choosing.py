"""Choosing a question: of the history, to read its answers again, or of the dataset, to ask it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.content import Content
from textual.message import Message

from data.errors import BurnishError
from data.formats.mapping_file import mapping_of
from data.formats.pair import Pair
from data.formats.reading import each_pair
from tui.compare.choice_list import MOST_SHOWN, ChoiceList
from tui.compare.conversation import Conversation
from tui.compare.panels import Panels
from tui.literal import literal
from tui.widgets.figures import count
from tui.workspace import held_out_beside

if TYPE_CHECKING:
    from engine.chat.history import PastExchange
    from engine.reports import AnswersAdvanced

MOST_ROWS = 20_000
"""Rows of a file that questions are picked from; more take longer than a person waits."""


class Choosing(Panels):
    """The lists of the history and of the dataset's questions."""

    class ExchangesRead(Message):
        """The history is there."""

        def __init__(self, exchanges: list[PastExchange]) -> None:
            super().__init__()
            self.exchanges = exchanges

    class QuestionsRead(Message):
        """The questions of the dataset are there."""

        def __init__(self, rows: list[tuple[str, Pair]]) -> None:
            super().__init__()
            self.rows = rows
            """Each with the word of its file: "" for the dataset, "held-out" for the file beside it."""

    class PastOpened(Message):
        """An exchange of the history is compared anew."""

        def __init__(self, turns: tuple[AnswersAdvanced, ...]) -> None:
            super().__init__()
            self.turns = turns

    _past: list[PastExchange] | None = None
    """Those of the history while that is listed."""
    _found_past: list[PastExchange]
    _pairs: list[tuple[str, Pair]] | None = None
    """The questions of the dataset while these are listed."""
    _found_pairs: list[tuple[str, Pair]]

    def dataset_opened(self, path: Path) -> None:
        """Pick questions from this file from now on."""
        self.dataset = path

    async def action_history(self) -> None:
        """Look for an earlier question."""
        self._past, self._pairs = [], None
        await self._open_list("reading the history …")
        self._read_history()

    async def action_pick(self) -> None:
        """Pick a question of the dataset."""
        self._past, self._pairs = None, []
        await self._open_list("reading the dataset …")
        if self.dataset is not None:
            self._read_questions(self.dataset)

    async def _open_list(self, title: str) -> None:
        (await self.open_panel(ChoiceList)).open(title)

    @work(thread=True, exclusive=True, group="compare-list")
    def _read_history(self) -> None:
        from engine.chat.history import past_exchanges

        self.post_message(self.ExchangesRead(past_exchanges(self.workspace)))

    @work(thread=True, exclusive=True, group="compare-list")
    def _read_questions(self, dataset: Path) -> None:
        rows: list[tuple[str, Pair]] = []
        held_out = held_out_beside(dataset)
        for word, path in (("", dataset), ("held-out", held_out)):
            if path is not None:
                rows += [(word, pair) for pair in _pairs_of(path)]
        self.post_message(self.QuestionsRead(rows))

    @work(thread=True, exclusive=True, group="compare-list")
    def _open_past(self, past: PastExchange) -> None:
        self.post_message(self.PastOpened(past.opened()))

    @on(PastOpened)
    def _show_past(self, event: PastOpened) -> None:
        event.stop()
        self.exchange = self.exchange.stepped(0)
        self.show_conversation(Conversation(event.turns, len(event.turns) - 1))

    @on(ExchangesRead)
    def _list_history(self, event: ExchangesRead) -> None:
        event.stop()
        if self._past is not None:
            self._past = event.exchanges
            self._narrow()

    @on(QuestionsRead)
    def _list_questions(self, event: QuestionsRead) -> None:
        event.stop()
        if self._pairs is not None:
            self._pairs = event.rows
            self._narrow()

    @on(ChoiceList.Typed)
    def _narrow_typed(self, event: ChoiceList.Typed) -> None:
        event.stop()
        self._narrow()

    def _narrow(self) -> None:
        """List what there is of the words that stand in the panel, which may have been typed before it could be."""
        from engine.chat.history import matching

        panel = self._panel
        if not isinstance(panel, ChoiceList):
            return
        words = panel.words
        if self._past is not None:
            self._found_past = matching(self._past, words)
            title = _title("the history", len(self._found_past), len(self._past))
            panel.show(title, [_past_line(each) for each in self._found_past[:MOST_SHOWN]])
        elif self._pairs is not None:
            wanted = words.casefold().split()
            self._found_pairs = [
                (word, pair) for word, pair in self._pairs if all(each in _words(word, pair) for each in wanted)
            ]
            title = _title("questions of the dataset", len(self._found_pairs), len(self._pairs))
            panel.show(title, [_pair_line(*each) for each in self._found_pairs[:MOST_SHOWN]])

    @on(ChoiceList.Taken)
    def _take_line(self, event: ChoiceList.Taken) -> None:
        event.stop()
        self.close_panel()
        if self._past is not None:
            self._open_past(self._found_past[event.place])
        else:
            word, pair = self._found_pairs[event.place]
            self.ask(pair.question, pair.answer, None if word else pair.row_number)


def _pairs_of(path: Path) -> list[Pair]:
    found: list[Pair] = []
    try:
        for row in each_pair(path, mapping_of(path)):
            if isinstance(row, Pair):
                found.append(row)
            if len(found) == MOST_ROWS:
                break
    except BurnishError:
        return found  # the dataset pane says what is wrong with the file
    return found


def _title(what: str, found: int, of: int) -> str:
    shown = f", the first {MOST_SHOWN}" if found > MOST_SHOWN else ""
    return f"{what} · {count(found)} of {count(of)}{shown}"


def _words(word: str, pair: Pair) -> str:
    return f"{word}\n{pair.question}\n{pair.answer}".casefold()


def _pair_line(word: str, pair: Pair) -> Content:
    place = word or str(pair.row_number)
    question, answer = (literal(text, one_line=True) for text in (pair.question, pair.answer))
    return Content.assemble((f"{place:>9}  ", "$text-muted"), question, ("   " + answer, "$text-muted"))


def _past_line(past: PastExchange) -> Content:
    names = " · ".join(arm.name for arm in past.question.arms)
    prompt = literal(past.question.prompt, one_line=True)
    said = "   ".join(literal(answer.text.strip(), one_line=True) for answer in past.samples[0] if answer.text)
    return Content.assemble(
        (f"{time.strftime('%d %b %H:%M', time.localtime(past.t))}  ", "$text-muted"),
        prompt,
        (f"   {names}   {said}", "$text-muted"),
    )
