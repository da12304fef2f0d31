"""A question with a few one-key answers, asked in the pane itself."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.literal import literal


class Choice(Static, can_focus=True):
    """One line or two above the table; it stays until it is answered."""

    DEFAULT_CSS = """
    Choice {
        height: auto;
        display: none;
        padding: 0 1;
        background: $panel;
        &.-asking { display: block; }
    }
    """

    class Made(Message):
        """A person has chosen."""

        def __init__(self, about: str, key: str) -> None:
            super().__init__()
            self.about = about
            """What was asked, as given to `ask`."""
            self.key = key

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._about = ""
        self._keys: set[str] = set()

    def ask(self, about: str, question: str, answers: Sequence[tuple[str, str]]) -> None:
        """Show a question and take the keyboard; `answers` are keys, as Textual calls them, and what they do."""
        self._about = about
        self._keys = {key for key, _ in answers}
        parts: list[str | tuple[str, str]] = [(f"{literal(question, one_line=True)}   ", "$differs")]
        for key, does in answers:
            parts += [(key.replace("escape", "esc"), "bold $accent"), (f" {does}   ", "$dim")]
        self.update(Content.assemble(*parts))
        self.add_class("-asking")
        self.focus()

    def close(self) -> None:
        """Take the question away."""
        self._keys = set()
        self.remove_class("-asking")

    @property
    def asking(self) -> bool:
        """Whether an answer is awaited."""
        return bool(self._keys)

    def on_key(self, event: events.Key) -> None:
        """A key that answers; others do what they always do."""
        if event.key not in self._keys:
            return
        event.stop()
        event.prevent_default()
        about = self._about
        self.close()
        self.post_message(self.Made(about, event.key))
