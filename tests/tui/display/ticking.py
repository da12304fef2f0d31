"""An app that repaints its whole screen many times a second and says in a file how often: `python -m … FILE TICKS`."""

from __future__ import annotations

import sys
from pathlib import Path

from textual.app import ComposeResult
from textual.widgets import Static

from tui.display.line_app import LineApp


class Ticking(LineApp[None]):
    """Paints until it has ticked so often; the last frame says so."""

    def __init__(self, log: Path, ticks: int) -> None:
        super().__init__()
        self._counter = log
        self._ticks = ticks
        self._count = 0

    def compose(self) -> ComposeResult:
        """One widget as large as the screen."""
        yield Static("ready", id="all")

    def on_mount(self) -> None:
        """Begin with the first key, so that the terminal chooses when."""
        self.query_one("#all").styles.height = "100%"

    def on_key(self) -> None:
        """Tick."""
        self._timer = self.set_interval(1 / 100, self._tick)

    def _tick(self) -> None:
        self._count += 1
        self._counter.write_text(str(self._count))
        if self._count == self._ticks:
            self._timer.stop()
        word = "last" if self._count == self._ticks else f"tick {self._count}"
        self.query_one("#all", Static).update(f"{word} " * 400)


if __name__ == "__main__":
    Ticking(Path(sys.argv[1]), int(sys.argv[2])).run()
