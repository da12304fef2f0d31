"""What the three panes have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical

if TYPE_CHECKING:
    from engine.engine import Engine
    from engine.reports import Report


class Pane(Vertical):
    """One of the three panes. The app hands it the engine and every report; it hands back messages.

    A pane is shown alone on a small terminal and beside the others on a large one, so its layout follows its own size,
    never the terminal's.
    """

    TITLE: ClassVar[str]
    """The pane's word, the same on every screen."""

    def __init__(self, engine: Engine, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.engine = engine

    def receive(self, report: Report) -> None:
        """Take note of what the engine reports; called on the event loop, must be quick."""

    def focus_first(self) -> None:
        """Put the keyboard focus where a person would want it on entering the pane."""
