"""A mouse that says nothing by moving, where nothing answers to that."""

from __future__ import annotations

from textual.driver import Driver
from textual.events import MouseMove
from textual.message import Message


class QuietMouse(Driver):
    """What the drivers of a terminal and of a browser have in common."""

    @property
    def quiet(self) -> bool:
        """Whether the app wants nothing to move by itself or under the mouse."""
        return getattr(self._app, "quiet", False)

    def process_message(self, message: Message) -> None:
        """Hand a message on. A move of the mouse without a button is none that anything quiet answers to."""
        if self.quiet and isinstance(message, MouseMove) and not message.button and not self._down_buttons:
            return
        super().process_message(message)
