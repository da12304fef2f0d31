"""A few words in a row, one of them chosen."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.widgets.lines import Lines, Part


class WordChoice(Lines, can_focus=True):
    """A few words in a row, one of them chosen."""

    DEFAULT_CSS = """
    WordChoice { width: 1fr; height: 1; }
    WordChoice:focus { background: $surface; }
    """
    BINDING_GROUP_TITLE = "A choice"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l,space", "step(1)", "Next", show=False, id="choice.next", tooltip="Choose the next word"),
        Binding("left,h", "step(-1)", "Previous", show=False, id="choice.previous", tooltip="Choose the word before"),
    ]

    class Chosen(Message):
        """A person chose another word."""

        def __init__(self, value: str) -> None:
            super().__init__()
            self.value = value

    def __init__(self, words: tuple[str, ...], value: str) -> None:
        super().__init__()
        self._words = words
        self._value = value

    @property
    def value(self) -> str:
        """The chosen word."""
        return self._value

    @value.setter
    def value(self, word: str) -> None:
        self._value = word
        self._draw()

    def on_mount(self) -> None:
        """Draw the words."""
        self._draw()

    def action_step(self, by: int) -> None:
        """Choose the word so many further on, round and round."""
        index = self._words.index(self._value) if self._value in self._words else 0
        self._take(self._words[(index + by) % len(self._words)])

    def on_click(self, event: events.Click) -> None:
        """Choose the word under the pointer."""
        first = self._first_shown()
        at = 2 if first else 0
        for word in self._words[first:]:
            at += cell_len(word) + 5
            if event.x < at:
                self._take(word)
                return

    def _take(self, word: str) -> None:
        self.value = word
        self.post_message(self.Chosen(word))

    def on_resize(self) -> None:
        """The chosen word stays in sight."""
        self._draw()

    def _first_shown(self) -> int:
        """The first word that is drawn: where they do not all fit, those before the chosen one go first."""
        widths = [cell_len(word) + 5 for word in self._words]
        chosen = self._words.index(self._value) if self._value in self._words else 0
        first = 0
        while first < chosen and sum(widths[first : chosen + 1]) > max(self.size.width - 2, 1):
            first += 1
        return first

    def _draw(self) -> None:
        first = self._first_shown()
        parts: list[Part] = [("‹ ", "dim")] if first else []
        room = self.size.width - 2 * bool(first)
        widths = [cell_len(word) + 5 for word in self._words[first:]]
        all_fit = sum(widths) - 3 <= room
        for word, width in zip(self._words[first:], widths, strict=True):
            chosen = word == self._value
            room -= width
            if not all_fit and room < 1 and not chosen:
                # A word that is cut off reads like another one: a sign stands for those that are left.
                parts.append(("›", "dim"))
                break
            parts.append((f"{'●' if chosen else '○'} {word}   ", "" if chosen else "dim"))
        self.show_lines((tuple(parts),))
