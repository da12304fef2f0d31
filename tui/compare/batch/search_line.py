"""Where words are typed that rows must have."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class SearchLine(Input):
    """Takes no room until it is opened; the rows follow what is typed."""

    BINDING_GROUP_TITLE = "Searching an evaluation"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "drop", "All rows", id="batch-search.drop", tooltip="Give the words up"),
        Binding("down,up", "submit", "To the rows", show=False, id="batch-search.keep", tooltip="Back to the rows"),
    ]
    DEFAULT_CSS = """
    SearchLine { display: none; height: 1; border: none; padding: 0 1; background: $surface; }
    SearchLine:focus { border: none; }
    SearchLine.-shown { display: block; }
    """

    class Typed(Message):
        """The words are others now; `done` when the person goes back to the rows."""

        def __init__(self, words: str, *, done: bool) -> None:
            super().__init__()
            self.words = words
            self.done = done

    def __init__(self) -> None:
        super().__init__(placeholder="words in question, reference or answers", compact=True)
        self.cursor_blink = False

    def open(self, words: str) -> None:
        """Go on typing."""
        self.value = words
        self.add_class("-shown")
        self.focus()

    def action_drop(self) -> None:
        """Give the words up."""
        self.value = ""
        self._end()

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        self.post_message(self.Typed(message.value, done=False))

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self._end()

    def _end(self) -> None:
        self.remove_class("-shown")
        self.post_message(self.Typed(self.value, done=True))
