"""Lines of which one is chosen: a cursor that moves, and only what is in sight written."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from tui.widgets.lines import Line, Lines


class ChosenLines(Lines, can_focus=True):
    """What lists and tables have in common; the lines are the subclass's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False, id="list.down", tooltip="A line down"),
        Binding("k,up", "move(-1)", "Up", show=False, id="list.up", tooltip="A line up"),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False, id="list.page-down", tooltip="A page down"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, id="list.page-up", tooltip="A page up"),
        Binding("home,g", "edge(-1)", "First", show=False, id="list.first", tooltip="To the first line"),
        Binding("end,G", "edge(1)", "Last", show=False, id="list.last", tooltip="To the last line"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._at = 0
        self._top = 0

    def length(self) -> int:
        """How many lines there are to choose from."""
        raise NotImplementedError

    def heading(self, width: int) -> Line:
        """What stands above them."""
        raise NotImplementedError

    def line(self, index: int, width: int, *, chosen: bool) -> Line:
        """One of them."""
        raise NotImplementedError

    def nothing(self) -> str:
        """What is said where there is none."""
        raise NotImplementedError

    def chose(self) -> None:
        """The cursor stands somewhere else."""

    def on_resize(self) -> None:
        """Another size has room for other columns."""
        self.draw()

    def on_click(self, event: events.Click) -> None:
        """The cursor goes to the line under the pointer."""
        row = self._top + event.y - 1
        if event.y > 0 and row < self.length():
            self._go(row)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self._go(self._at + by)

    def action_page(self, direction: int) -> None:
        """Move the cursor by a page."""
        self._go(self._at + direction * max(self._room() - 1, 1))

    def action_edge(self, direction: int) -> None:
        """Move the cursor to an end."""
        self._go(0 if direction < 0 else self.length() - 1)

    def draw(self) -> None:
        """Write what is in sight, the chosen line among it."""
        width, room, length = self.size.width, self._room(), self.length()
        if width < 10:
            return
        self._at = max(min(self._at, length - 1), 0)
        self._top = max(min(self._top, self._at, length - room), self._at - room + 1, 0)
        shown = range(self._top, min(self._top + room, length))
        lines = [self.heading(width), *(self.line(index, width, chosen=index == self._at) for index in shown)]
        if not length:
            lines.append(((f"   {self.nothing()}", "dim"),))
        self.show_lines(tuple(lines))

    def _go(self, to: int) -> None:
        to = max(min(to, self.length() - 1), 0)
        if to != self._at:
            self._at = to
            self.draw()
            self.chose()

    def _room(self) -> int:
        return max(self.size.height - 1, 1)
