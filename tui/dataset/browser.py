"""The table of rows and what is typed to find rows in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message

from data.errors import BurnishError
from data.search.query import Query, QueryError, parse
from data.store import RowStore
from tui.dataset.choice import Choice
from tui.dataset.columns import Format
from tui.dataset.finder import Finder
from tui.dataset.known import KnownRows
from tui.dataset.prompt_line import PromptLine
from tui.dataset.sorting import Order, orders, sort_rows
from tui.dataset.table import RowTable
from tui.messages import Flashed


class RowBrowser(Vertical):
    """Looks at rows, never changes them: filter, sort, next match, go to."""

    BINDING_GROUP_TITLE = "Finding rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash",
            "filter",
            "Filter",
            id="dataset.filter",
            tooltip="Show rows with a text; field:text, ~regex, tokens>200, flag:name, tag:name, ! before any",
        ),
        Binding(
            "s", "sort", "Sort", show=False, id="dataset.sort", tooltip="Another order of rows; again turns it round"
        ),
        Binding("colon", "go_to", "Go to row", show=False, id="dataset.go-to", tooltip="Go to a row by its number"),
        Binding("n", "next(1)", "Next match", show=False, id="dataset.next-match", tooltip="To the next row found"),
        Binding("N", "next(-1)", "Match before", show=False, id="dataset.previous-match", tooltip="To the one before"),
        Binding(
            "f", "next_flag(1)", "Next flag", show=False, id="dataset.next-flag", tooltip="To the next row with a flag"
        ),
        Binding(
            "F", "next_flag(-1)", "Flag before", show=False, id="dataset.previous-flag", tooltip="To the one before"
        ),
        Binding("asterisk", "mark_all", "Mark all", show=False, id="dataset.mark-all", tooltip="Mark all rows shown"),
        Binding("escape", "clear", "All rows", show=False, id="dataset.clear", tooltip="Take filter and marks away"),
    ]
    DEFAULT_CSS = """
    RowBrowser { height: 1fr; }
    """

    class ViewChanged(Message):
        """Other rows are shown, or in another order."""

    def __init__(self) -> None:
        super().__init__()
        self.store: RowStore | None = None
        self.known = KnownRows()
        self.table = RowTable()
        self.prompt = PromptLine()
        self._orders = Choice()
        self.filtered = False
        """Whether only the rows found are shown."""
        self.order: Order | None = None
        """By what the rows are sorted; None for the order of the file."""
        self.finder = Finder()
        self._wanted = Query(())
        self._typed_last = ""
        self._start: int | None = None
        self._sorting = ""

    def compose(self) -> ComposeResult:
        """A question where there is one, the table, and the line under it."""
        yield self._orders
        yield self.table
        yield self.prompt

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What cannot be done now is not offered."""
        match action:
            case "filter" | "go_to" | "sort":
                return self.table.has_focus and self.store is not None
            case "mark_all":
                return self.table.has_focus and self.filtered and len(self.table) > 0
            case "next":
                return self.table.has_focus and bool(self._wanted)
            case "next_flag":
                return self.table.has_focus and bool(self.known.flagged)
            case "clear":
                return self.table.has_focus and (self.filtered or self.order is not None or bool(self.table.marked))
        return True

    @property
    def view_words(self) -> str:
        """What is shown and in which order, for a heading: empty when it is the file as it is."""
        words = []
        if self.filtered:
            finder, rows = self.finder, len(self.store or ())
            more = "" if finder.complete else f" … {100 * finder.seen // max(rows, 1)} %"
            words.append(f"{self._typed_last} · {len(finder.found):,} of {rows:,}{more}")
        if self._sorting or self.order is not None:
            words.append(self._sorting or f"by {self.order}")
        return " · ".join(words)

    def show(self, store: RowStore | None, form: Format | None, known: KnownRows) -> None:
        """Show all rows of a file."""
        self.workers.cancel_group(self, "find")
        self.store = store
        self.known = known
        self.finder, self._wanted = Finder(), Query(())
        self.filtered = False
        self.order, self._sorting = None, ""
        self.table.needle = None
        self.table.show(store, form, known)
        self.prompt.close()

    def rows_came(self) -> None:
        """The file is being indexed: there are more rows."""
        if not self.filtered and self.order is None:
            self.table.rows_grew()

    def all_rows_came(self) -> None:
        """There are rows that were not looked at."""
        self._look_again(self.table.index)

    def rows_changed(self, here: int | None, *, moved: bool) -> None:
        """Rows were edited; `moved`: some have other places now, or came, or went. The cursor goes to row `here`."""
        if moved:
            self.table.marked.clear()
            self._look_again(here)
        else:
            self.table.rows_changed(here)

    def _look_again(self, here: int | None) -> None:
        self.finder.forget()
        if self.filtered or self.order is not None:
            self._look(here)
        else:
            self.table.rows_changed(here)

    # -- the filter ---------------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        """Type what the rows are to hold."""
        self._start = self.table.index
        self.prompt.ask("/", self._typed_last if self.filtered else "")

    def action_go_to(self) -> None:
        """Type the number of a row."""
        self.prompt.ask(":")

    @on(PromptLine.Typed)
    def _typed(self, event: PromptLine.Typed) -> None:
        event.stop()
        if event.sign == "/" and self.prompt.asking:
            self.filter(event.text, self._start)

    @on(PromptLine.Accepted)
    def _accepted(self, event: PromptLine.Accepted) -> None:
        event.stop()
        self.prompt.close()
        self.table.focus()
        if event.sign == ":":
            self._go_to(event.text.strip())
        elif not event.text.strip():
            self.show_all(self._start)

    @on(PromptLine.Left)
    def _left_prompt(self, event: PromptLine.Left) -> None:
        event.stop()
        self.prompt.close()
        self.table.focus()
        if event.sign == "/":
            self.show_all(self._start)

    def filter(self, typed: str, here: int | None) -> None:
        """Show only the rows that meet what was typed, as they are found; the cursor at row `here` or near it."""
        form = self.table.format
        try:
            wanted = parse(typed, form.fields if form is not None else ())
        except QueryError as error:
            self.prompt.say(str(error))
            if not self.prompt.asking:
                self.post_message(Flashed(str(error), severity="warning"))
            return
        if not wanted:
            self.show_all(here)
            return
        if any(not self._is_known(each) for each in wanted.measures()):
            self.prompt.say("choose a model first: nothing counts tokens yet")
        self._typed_last = typed.strip()
        self._wanted = wanted
        self.filtered = True
        self._look(here)

    def _is_known(self, measure: str) -> bool:
        return measure != "tokens" or self.known.counts_tokens

    @work(exclusive=True, group="find")
    async def _look(self, here: int | None) -> None:
        """Find the rows that are shown, then put them in order."""
        store, form, wanted = self.store, self.table.format, self._wanted
        if store is None or form is None:
            return
        try:
            if self.filtered:
                self.table.needle = wanted.highlight()
                await self.finder.look(store, wanted, self.known, _Teller(self, here).tell)
            if self.order is not None:
                rows = self.finder.found if self.filtered else None
                found = await sort_rows(store, rows, self.order, form, self.known, self._tell_sorting)
                self._sorting = ""
                self.table.choose(found, here, ascending=False)
                self.post_message(self.ViewChanged())
            elif not self.filtered:
                self.table.choose(None, here)
                self.post_message(self.ViewChanged())
        except BurnishError as error:
            self._sorting = ""
            self.post_message(Flashed(error.sentence, severity="error"))

    def tell_found(self, here: int | None, *, first: bool) -> None:
        """Show the rows found so far; the cursor goes to row `here`, or stays."""
        if first:
            self.table.choose(self.finder.found, here)
        elif here is not None or self.finder.complete:
            self.table.rows_changed(here)
        else:
            self.table.rows_grew()
        rows = len(self.store or ())
        self.prompt.say(f"{len(self.finder.found):,} of {rows:,}" + ("" if self.finder.complete else " …"))
        self.post_message(self.ViewChanged())

    def show_all(self, here: int | None) -> None:
        """Take the filter away; the cursor goes to row `here`."""
        self.workers.cancel_group(self, "find")
        self.filtered = False
        self.table.needle = None
        self.prompt.say("")
        if self.order is not None:
            self._look(here)
        else:
            self.table.choose(None, here)
        self.post_message(self.ViewChanged())

    # -- the order ----------------------------------------------------------------------------------------------------

    def action_sort(self) -> None:
        """Ask by what."""
        if self.table.format is not None:
            answers = [(key, by) for key, (by, _) in orders(self.table.format).items() if self._can_sort(by)]
            self._orders.ask("sort", "sort by", [*answers, ("escape", "leave")])

    def _can_sort(self, by: str) -> bool:
        match by:
            case "tokens":
                return self.known.counts_tokens
            case "flags":
                return bool(self.known.flagged)
            case "loss":
                return self.known.has_losses
        return True

    @on(Choice.Made)
    def _order_chosen(self, event: Choice.Made) -> None:
        event.stop()
        self.table.focus()
        if event.key == "escape" or self.table.format is None:
            return
        by, descending = orders(self.table.format)[event.key]
        if self.order is not None and self.order.by == by:
            descending = not self.order.descending
        self.order = None if (by, descending) == ("row", False) else Order(by, descending)
        self._look(self.table.index)

    def _tell_sorting(self, count: int) -> None:
        rows = len(self.finder.found) if self.filtered else len(self.store or ())
        self._sorting = f"sorting … {100 * count // max(rows, 1)} %"
        self.post_message(self.ViewChanged())

    # -- going about --------------------------------------------------------------------------------------------------

    def action_next(self, step: int) -> None:
        """To the next row found, or the one before."""
        if self.filtered:
            self.table.move_to((self.table.position + step) % max(len(self.table), 1))
        else:
            self._next(step)

    @work(exclusive=True, group="find")
    async def _next(self, step: int) -> None:
        """Among all rows; what was found is looked for again where rows have moved since."""
        store, wanted, here = self.store, self._wanted, self.table.index
        if store is None or not wanted or here is None:
            return
        if not self.finder.complete:
            try:
                await self.finder.look(store, wanted, self.known, lambda: None)
            except BurnishError as error:
                self.post_message(Flashed(error.sentence, severity="error"))
                return
        index = self.finder.after(here) if step > 0 else self.finder.before(here)
        if index is None:
            self.post_message(Flashed(f"no row has {self._typed_last}", severity="warning"))
        else:
            self.table.needle = wanted.highlight()
            self.go_to_row(index)

    def action_next_flag(self, step: int) -> None:
        """To the next row with a flag, or the one before."""
        flagged, here = sorted(self.known.flagged), self.table.index
        if not flagged or here is None:
            return
        rest: Sequence[int] = [index for index in flagged if (index > here if step > 0 else index < here)] or flagged
        self.go_to_row(rest[0] if step > 0 else rest[-1])

    def _go_to(self, typed: str) -> None:
        store = self.store
        if store is None or not typed:
            return
        if not typed.isdecimal() or not 1 <= int(typed) <= len(store):
            self.post_message(Flashed(f"{typed} is no row number; rows are 1 to {len(store):,}", severity="warning"))
            return
        self.go_to_row(int(typed) - 1)

    def go_to_row(self, index: int) -> None:
        """Put the cursor on a row; a filter that hides it is taken away."""
        position = self.table.position_of(index)
        if self.table.index_at(position) != index:
            self.show_all(index)
        else:
            self.table.move_to(position)

    def action_mark_all(self) -> None:
        """Mark all rows that are shown."""
        self.table.mark_shown()

    def action_clear(self) -> None:
        """All rows in the order of the file, none marked."""
        here = self.table.index
        self.table.unmark()
        self.workers.cancel_group(self, "find")
        self.order, self._sorting = None, ""
        self.show_all(here)


class _Teller:
    """Shows what was found; the cursor goes to the row where one began, or the next one found, if it was not moved."""

    def __init__(self, browser: RowBrowser, here: int | None) -> None:
        self._browser = browser
        self._here = here
        self._first = True
        self._at = 0

    def tell(self) -> None:
        """More rows are known."""
        table, finder = self._browser.table, self._browser.finder
        here = self._here
        if here is not None and not self._first and table.position != self._at:
            here = self._here = None  # the person went on
        passed = finder.complete or (here is not None and bool(finder.found) and finder.found[-1] >= here)
        self._browser.tell_found(here if passed else 0 if self._first else None, first=self._first)
        if passed:
            self._here = None
        self._first = False
        self._at = table.position
