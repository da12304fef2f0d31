"""The prompt line: one question, with the questions asked before under the arrow keys."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

MAX_HISTORY = 500
ASK = "ask both …"


class QuestionInput(Input):
    """One line to type a question in."""

    PLACE: ClassVar[str] = "question"
    """What it is called where one can go to it."""
    BINDING_GROUP_TITLE = "Typing a question"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Ask", id="prompt.ask", tooltip="Send the question to all models"),
        Binding("escape", "leave", "Leave the line", id="prompt.leave", tooltip="Back to the keys of the pane"),
        Binding(
            "up", "recall(-1)", "Earlier question", id="prompt.earlier", show=False, tooltip="The question asked before"
        ),
        Binding(
            "down", "recall(1)", "Later question", id="prompt.later", show=False, tooltip="Forward to what was typed"
        ),
    ]

    DEFAULT_CSS = """
    QuestionInput, QuestionInput:focus {
        background: $background;
        background-tint: $background 0%;
        width: 1fr;
    }
    """

    class Left(Message):
        """The person is done with the line."""

    def __init__(self) -> None:
        super().__init__(placeholder=ASK, compact=True, select_on_focus=False)
        self.cursor_blink = False
        self._history: list[str] = []
        self._position = 0
        """Where in the history the line stands; its length for what is being typed."""
        self._draft = ""

    def remember(self, question: str) -> None:
        """Put a question that was asked at the end of the history."""
        if question in self._history[-1:]:
            self._position = len(self._history)
            return
        self._history = [*self._history, question][-MAX_HISTORY:]
        self._position = len(self._history)

    def say(self, what: str) -> None:
        """Name what a question that is typed now will be; empty for one of its own to both sides."""
        self.placeholder = what or ASK

    def put(self, text: str) -> None:
        """Fill the line, the cursor behind the text."""
        self.value = text
        self.cursor_position = len(text)

    def action_recall(self, step: int) -> None:
        """Go through the history; behind its end stands what was being typed."""
        position = max(0, min(len(self._history), self._position + step))
        if position == self._position:
            return
        if self._position == len(self._history):
            self._draft = self.value
        self._position = position
        self.put(self._draft if position == len(self._history) else self._history[position])

    def action_leave(self) -> None:
        """Give the keys back to the pane."""
        self.post_message(self.Left())
