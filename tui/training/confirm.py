"""A question in one line that is answered with y or n."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from tui.literal import literal
from tui.widgets.lines import Lines


class Confirm(Lines, can_focus=True):
    """Takes no room until it asks; then it has the focus, which it gives back with the answer."""

    DEFAULT_CSS = """
    Confirm { height: 1; padding: 0 1; background: $panel; display: none; }
    Confirm.-shown { display: block; }
    """
    BINDING_GROUP_TITLE = "Yes or no"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", id="confirm.yes", tooltip="Do it"),
        Binding("n,escape", "answer(False)", "No", id="confirm.no", tooltip="Leave everything as it is"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._then: Callable[[], None] | None = None
        self._before: Widget | None = None

    @property
    def asking(self) -> bool:
        """Whether an answer is awaited."""
        return self._then is not None

    def ask(self, question: str, then: Callable[[], None]) -> None:
        """Ask; `then` is called when the answer is yes."""
        self._then = then
        if not self.has_class("-shown"):
            self._before = self.screen.focused
        self.show_lines(
            (
                (
                    (literal(question, one_line=True), ""),
                    ("   y", "accent"),
                    (" yes", "dim"),
                    ("  n", "accent"),
                    (" no", "dim"),
                ),
            )
        )
        self.add_class("-shown")
        self.focus()

    def action_answer(self, yes: bool) -> None:
        """Take the answer."""
        then, self._then = self._then, None
        self.remove_class("-shown")
        if self._before is not None and self._before.is_attached:
            self._before.focus()
        if yes and then is not None:
            then()

    def on_blur(self) -> None:
        """Going elsewhere is no answer: nothing is done."""
        self._then = None
        self.remove_class("-shown")
