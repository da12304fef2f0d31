"""The table of rows and what is typed to find rows in it."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message

from data.errors import BurnishError
from data.store import RowStore
from tui.dataset.columns import Format
from tui.dataset.finder import Finder
from tui.dataset.prompt_line import PromptLine
from tui.dataset.search import Wanted
from tui.dataset.table import RowTable
from tui.messages import Flashed


class RowBrowser(Vertical):
    """Looks at rows, never changes them: filter, next match, go to."""

    BINDING_GROUP_TITLE = "Finding rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="dataset.filter", tooltip="Show rows with a text, or field:text"),
        Binding("colon", "go_to", "Go to row", show=False, id="dataset.go-to", tooltip="Go to a row by its number"),
        Binding("n", "next(1)", "Next match", show=False, id="dataset.next-match", tooltip="To the next row found"),
        Binding("N", "next(-1)", "Last match", show=False, id="dataset.previous-match", tooltip="To the one before"),
        Binding("escape", "clear", "All rows", show=False, id="dataset.clear", tooltip="Take filter and marks away"),
    ]
    DEFAULT_CSS = """
    RowBrowser { height: 1fr; }
    """

    class ViewChanged(Message):
        """Other rows are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.store: RowStore | None = None
        self.table = RowTable()
        self.prompt = PromptLine()
        self.filtered = False
        """Whether only the rows found are shown."""
        self._finder = Finder()
        self._typed_last = ""
        self._start: int | None = None

    def compose(self) -> ComposeResult:
        """The table, and the line under it."""
        yield self.table
        yield self.prompt

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What cannot be done now is not offered."""
        match action:
            case "filter" | "go_to":
                return self.table.has_focus and self.store is not None
            case "next":
                return self.table.has_focus and self._finder.wanted is not None
            case "clear":
                return self.table.has_focus and (self.filtered or bool(self.table.marked))
        return True

    @property
    def filter_words(self) -> str:
        """What is shown, for a heading: empty when all rows are."""
        if not self.filtered:
            return ""
        more = "" if self._finder.complete else " …"
        return f"{self._typed_last} · {len(self._finder.found):,} of {len(self.store or ()):,}{more}"

    def show(self, store: RowStore | None, format: Format | None) -> None:  # noqa: A002 - the word for it
        """Show all rows of a file."""
        self.workers.cancel_group(self, "find")
        self.store = store
        self._finder = Finder()
        self.filtered = False
        self.table.needle = None
        self.table.show(store, format)
        self.prompt.close()

    def rows_came(self) -> None:
        """The file is being indexed: there are more rows."""
        if not self.filtered:
            self.table.rows_changed()

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
        self._finder.forget()
        if self.filtered and self._finder.wanted is not None:
            self._look(self._finder.wanted, here)
        else:
            self.table.rows_changed(here)

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
            self._find(event.text, self._start)

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

    def _find(self, typed: str, here: int | None) -> None:
        """Show only the rows with what was typed, as they are found."""
        wanted = Wanted.typed(typed, self.table.format.fields if self.table.format is not None else ())
        if not wanted.text:
            self.show_all(here)
            return
        self._typed_last = typed
        self._look(wanted, here)

    @work(exclusive=True, group="find")
    async def _look(self, wanted: Wanted, here: int | None) -> None:
        store = self.store
        if store is None:
            return
        self.table.needle = wanted.pattern
        self.filtered = True
        shown_at = -1

        def tell() -> None:
            nonlocal shown_at
            if shown_at < 0:
                self.table.choose(self._finder.found, here)
            else:
                self.table.rows_changed(here if self.table.position == shown_at else None)
            shown_at = self.table.position
            self.prompt.say(f"{len(self._finder.found):,} of {len(store):,}" + ("" if self._finder.complete else " …"))
            self.post_message(self.ViewChanged())

        try:
            await self._finder.look(store, wanted, tell)
        except BurnishError as error:
            self.post_message(Flashed(error.sentence, severity="error"))

    def show_all(self, here: int | None) -> None:
        """Take the filter away; the cursor goes to row `here`."""
        self.workers.cancel_group(self, "find")
        self.filtered = False
        self.table.needle = None
        self.table.choose(None, here)
        self.prompt.say("")
        self.post_message(self.ViewChanged())

    def action_next(self, step: int) -> None:
        """To the next row found, or the one before."""
        if self.filtered:
            self.table.move_to((self.table.position + step) % max(len(self.table), 1))
        else:
            self._next(step)

    @work(exclusive=True, group="find")
    async def _next(self, step: int) -> None:
        """Among all rows; what was found is looked for again where rows have moved since."""
        store, wanted, here = self.store, self._finder.wanted, self.table.index
        if store is None or wanted is None or here is None:
            return
        if not self._finder.complete:
            await self._finder.look(store, wanted, lambda: None)
        index = self._finder.after(here) if step > 0 else self._finder.before(here)
        if index is None:
            self.post_message(Flashed(f"no row has {wanted.text}", severity="warning"))
        else:
            self.table.needle = wanted.pattern
            self.table.move_to(index)

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

    def action_clear(self) -> None:
        """All rows, none marked."""
        self.table.unmark()
        if self.filtered:
            self.show_all(self.table.index)
