"""Lines to read in the place of the rows: statistics, differences, overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from tui.widgets.lines import Line, Lines
from tui.widgets.scroll import Scroll


class TextPanel(Vertical):
    """A title above lines that scroll."""

    BINDING_GROUP_TITLE = "Reading about a file"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Leave", id="text.leave", tooltip="Back to the rows"),
        Binding("j,down", "scroll(1)", "Down", show=False, id="text.down", tooltip="One line down"),
        Binding("k,up", "scroll(-1)", "Up", show=False, id="text.up", tooltip="One line up"),
        Binding("ctrl+f,pagedown,space", "page(1)", "Page down", show=False, id="text.page-down", tooltip="One screen"),
        Binding("ctrl+b,pageup", "page(-1)", "Page up", show=False, id="text.page-up", tooltip="One screen up"),
        Binding("g,home", "top", "Top", show=False, id="text.top", tooltip="To the first line"),
        Binding("G,end", "bottom", "End", show=False, id="text.end", tooltip="To the last line"),
    ]
    DEFAULT_CSS = """
    TextPanel {
        display: none; height: 1fr;
        &.-open { display: block; }
        & > .text-title { height: 1; padding: 0 1; color: $accent; text-wrap: nowrap; text-overflow: ellipsis; }
        & > Scroll { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    }
    """

    class Left(Message):
        """Back to the rows."""

    def __init__(self) -> None:
        super().__init__()
        self._title = Static("", classes="text-title", markup=False)
        self._lines = Lines()
        self._scroll = Scroll(self._lines)

    def compose(self) -> ComposeResult:
        """Title and lines."""
        yield self._title
        yield self._scroll

    def open(self, title: str, lines: Sequence[Line]) -> None:
        """Show these from the top, and take the keyboard."""
        self.add_class("-open")
        self._scroll.scroll_home(animate=False)
        self._scroll.focus()
        self.show(title, lines)

    def show(self, title: str, lines: Sequence[Line]) -> None:
        """Show other lines; what is scrolled to stays."""
        self._title.update(title)
        self._lines.styles.height = max(len(lines), 1)
        self._lines.show_lines(tuple(lines))

    def close(self) -> None:
        """Hide; whoever called gives the focus to something else."""
        self.remove_class("-open")

    def focus_lines(self) -> None:
        """Take the keyboard."""
        self._scroll.focus()

    def action_leave(self) -> None:
        """Back to the rows."""
        self.post_message(self.Left())

    def action_scroll(self, lines: int) -> None:
        """Up or down."""
        self._scroll.scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Up or down by a screen, less a line."""
        self._scroll.scroll_relative(y=pages * max(self._scroll.size.height - 1, 1), animate=False)

    def action_top(self) -> None:
        """To the first line."""
        self._scroll.scroll_home(animate=False)

    def action_bottom(self) -> None:
        """To the last line."""
        self._scroll.scroll_end(animate=False)
