"""The line at the foot of the table where a filter or a row number is typed."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static


class PromptLine(Horizontal):
    """A sign ("/" or ":"), what is typed, and a word about it at the right; hidden while nothing is asked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", id="dataset.prompt-leave", tooltip="Back to the table as it was"),
    ]
    DEFAULT_CSS = """
    PromptLine {
        height: 1;
        display: none;
        background: $surface;
        &.-asking { display: block; }
        & > #prompt-sign { width: 3; color: $accent; padding: 0 1; }
        & > Input {
            width: 1fr; height: 1; border: none; padding: 0; background: $surface; color: $foreground;
            &:focus { border: none; }
        }
        & > #prompt-word {
            width: 50%; color: $dim; padding: 0 1;
            text-align: right; text-wrap: nowrap; text-overflow: ellipsis;
        }
    }
    """

    class Typed(Message):
        """The text changed while it is being typed."""

        def __init__(self, sign: str, text: str) -> None:
            super().__init__()
            self.sign = sign
            self.text = text

    class Accepted(Typed):
        """The text is what is wanted."""

    class Left(Message):
        """Nothing is wanted after all."""

        def __init__(self, sign: str) -> None:
            super().__init__()
            self.sign = sign

    def __init__(self) -> None:
        super().__init__()
        self.sign = "/"

    def compose(self) -> ComposeResult:
        """A sign, the input, a word."""
        yield Static(self.sign, id="prompt-sign", markup=False)
        yield Input(id="prompt-input", compact=True, select_on_focus=False)
        yield Static("", id="prompt-word", markup=False)

    def on_mount(self) -> None:
        """No blinking over SSH."""
        self._input.cursor_blink = False

    def ask(self, sign: str, text: str = "") -> None:
        """Show the line and take the keyboard."""
        self.sign = sign
        self.query_one("#prompt-sign", Static).update(sign, layout=False)
        self.say("")
        with self.prevent(Input.Changed):
            self._input.value = text
        self._input.cursor_position = len(text)
        self.add_class("-asking")
        self._input.focus()

    def focus_input(self) -> None:
        """Take the keyboard."""
        self._input.focus()

    def say(self, word: str) -> None:
        """A word at the right: how many rows there are, or what is wrong."""
        self.query_one("#prompt-word", Static).update(word, layout=False)

    def close(self) -> None:
        """Hide the line; whoever called gives the focus to something else."""
        self.remove_class("-asking")

    @property
    def asking(self) -> bool:
        """Whether something is being typed."""
        return self.has_class("-asking")

    @property
    def _input(self) -> Input:
        return self.query_one("#prompt-input", Input)

    def action_leave(self) -> None:
        """Tell that nothing is wanted."""
        self.post_message(self.Left(self.sign))

    @on(Input.Changed)
    def _tell(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(self.sign, event.value))

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Accepted(self.sign, event.value))
