"""The messages, a line each."""

from __future__ import annotations

import time

from textual.message import Message

from tui.literal import literal
from tui.told.record import Told
from tui.widgets.chosen_lines import ChosenLines
from tui.widgets.flash import LOOKS
from tui.widgets.lines import Line, cut

_TIME = 10
"""Cells of the first column."""


class ToldList(ChosenLines):
    """The newest on top, its time before it."""

    BINDING_GROUP_TITLE = "Messages"
    DEFAULT_CSS = """
    ToldList { height: 1fr; min-height: 4; }
    """

    class Chosen(Message):
        """The cursor stands at another message."""

    def __init__(self, messages: tuple[Told, ...]) -> None:
        super().__init__()
        self._messages = messages

    @property
    def told(self) -> Told | None:
        """The one at the cursor."""
        return self._messages[self._at] if self._messages else None

    def length(self) -> int:
        """How many there are."""
        return len(self._messages)

    def nothing(self) -> str:
        """That all is well."""
        return "no warning and no error so far"

    def heading(self, width: int) -> Line:
        """Names of the columns."""
        return ((cut(f"  {'time':<{_TIME}}message", width), "dim"),)

    def line(self, index: int, width: int, *, chosen: bool) -> Line:
        """One message, cut to the line; in full it stands below."""
        told = self._messages[index]
        sign, style = LOOKS[told.severity]
        at = f"{time.strftime('%H:%M:%S', time.localtime(told.at)):<{_TIME}}"
        text = cut(literal(told.text, one_line=True), max(width - _TIME - 4, 0))
        if chosen:
            return (("▸ ", "cursor-accent"), (at, "cursor"), (f"{sign} {text}", "cursor"))
        return (("  ", ""), (at, "dim"), (f"{sign} ", style.removeprefix("$")), (text, ""))

    def chose(self) -> None:
        """Show the details of another one."""
        self.post_message(self.Chosen())
