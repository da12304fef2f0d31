"""The line in which a person says which of two answers is better, and then reads how the votes stand."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from data.preferences import Choice
from tui.literal import literal


class VoteLine(Static, can_focus=True):
    """Takes no room until it asks; what it tells then stays until the next question."""

    BINDING_GROUP_TITLE = "Voting"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "vote('A')", "First", id="vote.first", tooltip="The first answer is better"),
        Binding("b", "vote('B')", "Second", id="vote.second", tooltip="The second answer is better"),
        Binding("t", "vote('tie')", "Tie", id="vote.tie", tooltip="One is as good as the other"),
        Binding("x", "vote('both bad')", "Both bad", id="vote.both-bad", tooltip="Neither answer is any good"),
        Binding("escape,v", "leave", "Later", id="vote.leave", key_display="esc", tooltip="Do not vote now"),
    ]
    DEFAULT_CSS = """
    VoteLine {
        height: auto;
        max-height: 4;
        display: none;
    }
    VoteLine.-shown { display: block; }
    VoteLine:focus { background: $panel; }
    """

    class Cast(Message):
        """A person has voted."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice: Choice = choice

    class Left(Message):
        """A person does not want to vote now."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.asking = False
        """Whether a vote is awaited."""
        self.told = ""
        """What it says of the votes so far."""

    def ask(self, first: str, second: str) -> None:
        """Ask which of two sides is better, by the names that they are shown under."""
        self.asking = True
        parts: list[str | tuple[str, str]] = [("which is better?   ", "$differs")]
        for key, does in (("a", first), ("b", second), ("t", "tie"), ("x", "both bad"), ("esc", "later")):
            parts += [(key, "bold $accent"), (f" {literal(does, one_line=True)}   ", "$text-muted")]
        self.update(Content.assemble(*parts))
        self.add_class("-shown")
        self.focus()

    def tell(self, sentence: str) -> None:
        """Say how the votes stand; nothing takes the line away."""
        self.asking = False
        self.told = sentence
        words = ("votes  ", "$text-muted"), literal(sentence, one_line=True)
        self.update(Content.assemble(*words) if sentence else "")
        self.set_class(bool(sentence), "-shown")

    def action_vote(self, choice: Choice) -> None:
        """Say which is better."""
        self.tell("")
        self.post_message(self.Cast(choice))

    def action_leave(self) -> None:
        """Not now."""
        self.tell("")
        self.post_message(self.Left())
