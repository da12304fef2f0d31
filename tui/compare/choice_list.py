"""A list that narrows down to what is typed above it; enter takes what is highlighted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

MOST_SHOWN = 200
"""Lines that are drawn; a person who wants another one types another word."""


class ChoiceList(Vertical):
    """In the place of the answers while it is open; whoever opened it says what belongs to the words typed."""

    BINDING_GROUP_TITLE = "Choosing from a list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Take it", id="choice-list.take", priority=True, tooltip="Take the highlighted line"),
        Binding("escape", "leave", "Leave", id="choice-list.leave", tooltip="Back to the answers"),
        Binding("down", "move(1)", "Next", show=False, id="choice-list.down", priority=True, tooltip="One line down"),
        Binding("up", "move(-1)", "Previous", show=False, id="choice-list.up", priority=True, tooltip="One line up"),
    ]
    DEFAULT_CSS = """
    ChoiceList {
        display: none;
        height: 1fr;
        &.-open { display: block; }
        & > .list-title { height: 1; color: $accent; text-wrap: nowrap; text-overflow: ellipsis; }
        & > Input {
            height: 1; border: none; padding: 0; background: $surface; color: $foreground;
            &:focus { border: none; }
        }
        & > OptionList {
            height: 1fr; border: none; padding: 0; background: $background; scrollbar-size-vertical: 1;
            text-wrap: nowrap; text-overflow: ellipsis;
            &:focus { border: none; }
        }
    }
    """

    class Typed(Message):
        """Other words are looked for."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Taken(Message):
        """The line of this place among those shown is wanted."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    class Left(Message):
        """None of them is wanted."""

    def __init__(self) -> None:
        super().__init__()
        self._title = Static("", classes="list-title", markup=False)
        self._words = Input(compact=True, select_on_focus=False, placeholder="type to narrow down …")
        self._words.cursor_blink = False
        self._lines = OptionList(markup=False)
        self._lines.can_focus = False

    def compose(self) -> ComposeResult:
        """Title, words, lines."""
        yield self._title
        yield self._words
        yield self._lines

    def open(self, title: str) -> None:
        """Show an empty list under this title and take the keyboard."""
        self._title.update(title)
        self._lines.clear_options()
        with self.prevent(Input.Changed):
            self._words.value = ""
        self.add_class("-open")
        self.take_keyboard()

    def take_keyboard(self) -> None:
        """Go on typing."""
        self._words.focus()

    def close(self) -> None:
        """Hide; whoever called gives the focus to something else."""
        self.remove_class("-open")

    def show(self, title: str, lines: Sequence[Content]) -> None:
        """Show what there is of the words."""
        self._title.update(title)
        self._lines.clear_options()
        self._lines.add_options([Option(line) for line in lines[:MOST_SHOWN]])
        if lines:
            self._lines.highlighted = 0

    @property
    def words(self) -> str:
        """What is looked for."""
        return self._words.value

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Taken(event.option_index))

    def action_take(self) -> None:
        """Take the highlighted line."""
        if self._lines.highlighted is not None:
            self.post_message(self.Taken(self._lines.highlighted))

    def action_move(self, lines: int) -> None:
        """Move the highlight while the cursor stays in the words."""
        if count := self._lines.option_count:
            self._lines.highlighted = ((self._lines.highlighted or 0) + lines) % count

    def action_leave(self) -> None:
        """Take none."""
        self.post_message(self.Left())
