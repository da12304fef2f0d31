"""An app that says which key it got last: `python -m tests.tui.display.talking [quiet]`."""

from __future__ import annotations

import sys

from textual.app import ComposeResult
from textual.events import Key, Paste
from textual.widgets import Input, Static

from tui.display.keys_in_order import KeysInOrder
from tui.messages import Flashed


class Talking(KeysInOrder[None]):
    """A line to type in, and words of a foreign script."""

    def __init__(self, *, quiet: bool) -> None:
        super().__init__()
        self.quiet = quiet
        self._mouse_moves = 0

    def compose(self) -> ComposeResult:
        """What is typed, and what came."""
        yield Input(id="typed")
        yield Static("ready ─│ ✓漢é", id="words", markup=False)
        yield Static("key:", id="key", markup=False)

    def on_key(self, event: Key) -> None:
        """Say it."""
        self._tell(f"key: {event.key};")

    def on_paste(self, event: Paste) -> None:
        """Say how long it was."""
        self._tell(f"pasted: {len(event.text)};")

    def on_flashed(self, message: Flashed) -> None:
        """Say it."""
        self._tell(message.text)

    def _tell(self, words: str) -> None:
        self.query_one("#key", Static).update(words)

    def action_quit_now(self) -> None:
        """End."""
        self.exit()

    BINDINGS = [("ctrl+z", "suspend_process", "Suspend"), ("f10", "quit_now", "Quit")]  # noqa: RUF012


if __name__ == "__main__":
    app = Talking(quiet="quiet" in sys.argv)
    app.run()
    sys.exit(app.return_code)
