"""What `make bench-line` types at: an editor, a table and a toast of Textual's own, and a watch on the event loop.

F1 to F4 show the editor, the table, a toast and the longest pause of the event loop since F5; F6 repaints ten times a
second until F7.
"""

from __future__ import annotations

import asyncio
import time
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import ContentSwitcher, DataTable, Static, TextArea

from tui.display.line_app import LineApp

PULSE = 0.01


class Stage(LineApp[None]):
    """One widget on the whole screen, and a line below it."""

    CSS = "ContentSwitcher { height: 1fr; } #line { height: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "show('editor')", priority=True),
        Binding("f2", "show('table')", priority=True),
        Binding("f3", "cell", priority=True),
        Binding("f4", "toast", priority=True),
        Binding("f5", "longest", priority=True),
        Binding("f6", "busy", priority=True),
        Binding("f7", "rest", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._longest = 0.0
        self._cells = 0

    def compose(self) -> ComposeResult:
        """The two widgets and the line."""
        with ContentSwitcher(initial="editor"):
            yield TextArea(
                "\n".join(f"line {number} of a text with several words" for number in range(60)), id="editor"
            )
            yield DataTable[str](id="table")
        yield Static("stage", id="line")

    def on_mount(self) -> None:
        """Fill the table, watch the loop."""
        table = self.query_one(DataTable)
        table.add_columns(*(f"column {number}" for number in range(6)))
        for number in range(100):
            table.add_row(*(f"row {number} cell {cell}" for cell in range(6)))
        self.query_one(TextArea).cursor_blink = False
        self.query_one(TextArea).focus()
        self._watch = asyncio.create_task(self._feel_pulse())
        self._busy = self.set_interval(0.1, self._repaint, pause=True)

    async def _feel_pulse(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(PULSE)
            self._longest = max(self._longest, time.perf_counter() - before - PULSE)

    def _repaint(self) -> None:
        self._cells += 1
        table = self.query_one(DataTable)
        for row in range(20):
            table.update_cell_at((row, 2), f"{row} at {self._cells}")  # type: ignore[arg-type]

    def action_show(self, name: str) -> None:
        """Show the editor or the table."""
        self.query_one(ContentSwitcher).current = name
        self.query_one(f"#{name}").focus()
        self._say(f"shows {name}")

    def action_cell(self) -> None:
        """Change one cell."""
        self._cells += 1
        self.query_one(DataTable).update_cell_at((5, 3), f"changed {self._cells}")  # type: ignore[arg-type]

    def action_toast(self) -> None:
        """Show a message as Textual does."""
        self.notify("The file was saved.", timeout=60)

    def action_longest(self) -> None:
        """Say how long the event loop stood still, and begin anew."""
        self._say(f"longest {self._longest * 1000:.0f} ms;")
        self._longest = 0.0

    def action_busy(self) -> None:
        """Repaint without end."""
        self._busy.resume()
        self._say("is busy")

    def action_rest(self) -> None:
        """Stop repainting."""
        self._busy.pause()
        self._say("rests")

    def _say(self, words: str) -> None:
        self.query_one("#line", Static).update(f"stage {words}", layout=False)


if __name__ == "__main__":
    Stage().run()
