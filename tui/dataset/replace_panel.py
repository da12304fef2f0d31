"""Find and replace, with every row that would change shown before anything does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from data.errors import BurnishError
from data.search.query import QueryError, Text, parse
from data.search.replace import Changed, Replacement
from data.store import RowStore
from data.wording import counted
from tui.dataset.slices import Slices
from tui.literal import literal
from tui.messages import Flashed

_SHOWN = 500
"""Rows of the preview; all are counted and replaced."""


class ReplacePanel(Vertical):
    """Two inputs above the rows that would change. Nothing changes before ctrl+s."""

    BINDING_GROUP_TITLE = "Find and replace"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+s,ctrl+j",
            "replace",
            "Replace",
            key_display="^s",
            id="replace.all",
            tooltip="Replace in all rows listed, as one change that u takes back",
        ),
        Binding("tab", "next_input", "Other input", show=False, id="replace.tab", priority=True, tooltip="Find or put"),
        Binding("down", "move(1)", "Next", show=False, id="replace.down", priority=True, tooltip="One row down"),
        Binding("up", "move(-1)", "Previous", show=False, id="replace.up", priority=True, tooltip="One row up"),
        Binding(
            "ctrl+x",
            "leave_out",
            "Leave out",
            key_display="^x",
            id="replace.leave-out",
            priority=True,
            tooltip="Leave the row at the cursor as it is, or take it in again",
        ),
        Binding("escape", "leave", "Leave", id="replace.leave", tooltip="Back to the rows; nothing is replaced"),
    ]
    DEFAULT_CSS = """
    ReplacePanel {
        display: none; height: 1fr;
        &.-open { display: block; }
        & > Horizontal { height: 1; background: $surface; }
        & .replace-label { width: 14; color: $dim; padding: 0 1; }
        & Input {
            width: 1fr; height: 1; border: none; padding: 0; background: $surface; color: $foreground;
            &:focus { border: none; background: $panel; }
        }
        & > .replace-word { height: 1; padding: 0 1; color: $dim; text-wrap: nowrap; text-overflow: ellipsis; }
        & > OptionList {
            height: 1fr; border: none; padding: 0; background: $background; scrollbar-size-vertical: 1;
            &:focus { border: none; }
        }
    }
    """

    class Accepted(Message):
        """Replace."""

        def __init__(self, changes: Mapping[int, Mapping[str, Any]], places: int) -> None:
            super().__init__()
            self.changes = changes
            """The fields to set, by the row's index."""
            self.places = places

    class Left(Message):
        """Nothing is to be replaced."""

    def __init__(self) -> None:
        super().__init__()
        self._store: RowStore | None = None
        self._rows: Collection[int] | None = None
        self._fields: Collection[str] = ()
        self._scope = ""
        self._found: list[Changed] = []
        self._left_out: set[int] = set()
        self._complete = False
        self._find = Input(id="replace-find", compact=True)
        self._put = Input(id="replace-put", compact=True)
        self._word = Static("", classes="replace-word", markup=False)
        self._list = OptionList(markup=False)
        self._list.can_focus = False

    def compose(self) -> ComposeResult:
        """What is found, what is put, a word about it, the rows."""
        yield Horizontal(Static("find", classes="replace-label", markup=False), self._find)
        yield Horizontal(Static("replace with", classes="replace-label", markup=False), self._put)
        yield self._word
        yield self._list

    def on_mount(self) -> None:
        """No blinking over SSH."""
        self._find.cursor_blink = self._put.cursor_blink = False

    def open(self, store: RowStore, fields: Collection[str], rows: Collection[int] | None, scope: str) -> None:
        """Ask; only in these rows, or in all. `scope`: those rows in words, as in "12 marked rows"."""
        self._store, self._fields, self._rows, self._scope = store, fields, rows, scope
        self.add_class("-open")
        self._look()
        self._find.focus()

    def close(self) -> None:
        """Hide; whoever called gives the focus to something else."""
        self.workers.cancel_group(self, "look")
        self.remove_class("-open")
        self._found = []
        self._list.clear_options()

    def focus_input(self) -> None:
        """Take the keyboard."""
        self._find.focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.has_class("-open"):
            self._look()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_next_input()

    @work(exclusive=True, group="look")
    async def _look(self) -> None:
        """Find the rows that would change."""
        self._found, self._left_out, self._complete = [], set(), False
        self._list.clear_options()
        store = self._store
        try:
            replacement = self._replacement()
        except QueryError as error:
            self._word.update(f"! {literal(str(error), one_line=True)}")
            return
        if store is None or replacement is None:
            self._word.update(f"in {self._scope} · field:words looks in one field, ~ takes a regular expression")
            return
        slices = Slices()
        rows = None if self._rows is None else set(self._rows)
        try:
            for index, changed in enumerate(replacement.run(store.snapshot())):
                if changed is not None and (rows is None or index in rows):
                    self._found.append(changed)
                    if len(self._found) <= _SHOWN:
                        self._list.add_option(Option(self._line(changed)))
                if index % 8 == 0 and slices.due:
                    if slices.tells:
                        self._tell()
                    await slices.pause()
        except BurnishError as error:
            self.post_message(Flashed(error.sentence, severity="error"))
            return
        self._complete = True
        if self._found:
            self._list.highlighted = 0
        self._tell()

    def _replacement(self) -> Replacement | None:
        terms = parse(self._find.value, self._fields).terms
        if not terms:
            return None
        term = terms[0]
        if len(terms) > 1 or not isinstance(term, Text) or term.negated:
            raise QueryError("only words, field:words or ~pattern can be replaced")
        field = term.field if term.field in self._fields else None
        if term.field is not None and field is None:
            raise QueryError(f"there is no field {term.field} to replace in")
        return Replacement(term.words, self._put.value, field=field, pattern=term.is_pattern)

    def _line(self, changed: Changed) -> Content:
        out = changed.index in self._left_out
        more = f"  ×{changed.count}" if changed.count > 1 else ""
        words = [
            (f"{'-' if out else ' '}{changed.index + 1:>7}  ", "$dim"),
            literal(changed.before, one_line=True),
            (literal(changed.found, one_line=True), "$disagrees strike"),
            ("→", "$dim"),
            (literal(changed.put, one_line=True), "$agrees underline"),
            literal(changed.after, one_line=True),
            (more, "$dim"),
        ]
        line = Content.assemble(*words)
        return line.stylize("$dim") if out else line

    def _tell(self) -> None:
        places = sum(changed.count for changed in self._found)
        rows = len(self._found)
        shown = f" · the first {_SHOWN} are listed" if rows > _SHOWN else ""
        out = f" · {len(self._left_out)} left out" if self._left_out else ""
        state = "" if self._complete else " …"
        self._word.update(f"{counted(places, 'place')} in {rows:,} of {self._scope}{state}{out}{shown}")

    def action_next_input(self) -> None:
        """To the other input."""
        (self._put if self._find.has_focus else self._find).focus()

    def action_move(self, step: int) -> None:
        """Up or down in the list."""
        if step > 0:
            self._list.action_cursor_down()
        else:
            self._list.action_cursor_up()

    def action_leave_out(self) -> None:
        """Leave the row at the cursor as it is, or take it in again."""
        place = self._list.highlighted
        if place is None:
            return
        self._left_out ^= {self._found[place].index}
        self._list.replace_option_prompt_at_index(place, self._line(self._found[place]))
        self._tell()
        self._list.action_cursor_down()

    def action_replace(self) -> None:
        """Hand the changes over."""
        chosen = [changed for changed in self._found if changed.index not in self._left_out]
        if not self._complete:
            self.post_message(Flashed("wait until all rows were looked at", severity="warning"))
        elif chosen:
            changes = {changed.index: changed.fields for changed in chosen}
            self.post_message(self.Accepted(changes, sum(changed.count for changed in chosen)))

    def action_leave(self) -> None:
        """Back to the rows."""
        self.post_message(self.Left())
