"""Lines of the form that are no settings."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tui.widgets.lines import Lines


class StartLine(Lines, can_focus=True):
    """The last line: enter starts the run."""

    DEFAULT_CSS = """
    StartLine { height: 1; margin-top: 1; }
    StartLine:focus { background: $surface; }
    StartLine:focus > .lines--dim { color: $accent; text-style: bold; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press", "Start", show=False, id="form.press", tooltip="Start the run"),
    ]

    class Pressed(Message):
        """The run is to be started."""

    def on_mount(self) -> None:
        """Write the line."""
        self.show_lines(((("  ", ""), ("▶ start the run", "dim")),))

    def action_press(self) -> None:
        """Start the run."""
        self.post_message(self.Pressed())

    def on_click(self) -> None:
        """A click is as good as enter."""
        self.action_press()


class GroupLine(Lines):
    """The heading of a group of rarer settings."""

    DEFAULT_CSS = """
    GroupLine { height: 1; margin-top: 1; }
    """

    def __init__(self, group: str) -> None:
        super().__init__()
        self.group = group

    def on_mount(self) -> None:
        """Write the line."""
        self.show_lines((((self.group, "title"),),))
