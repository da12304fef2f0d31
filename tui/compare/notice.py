"""The line that says what goes on, what is wrong, or what to press."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from engine.reports import TaskAdvanced
from tui.literal import literal
from tui.widgets.bar import bar

_BAR_CELLS = 10


class Notice(Widget):
    """A banner; takes no room while there is nothing to say."""

    DEFAULT_CSS = """
    Notice {
        height: auto;
        max-height: 3;
        display: none;
    }
    Notice.-shown {
        display: block;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: Content | TaskAdvanced = Content("")

    def show(self, said: Content | TaskAdvanced) -> None:
        """Show other words, or a task that goes on; empty words take the banner away."""
        if isinstance(said, TaskAdvanced) and isinstance(self._said, TaskAdvanced):
            # A task always fills one line, so however often it advances, nothing around it has to move.
            self._said = said
            self.refresh()
        elif not isinstance(said, Content) or not isinstance(self._said, Content) or not said.is_same(self._said):
            self._said = said
            self.set_class(bool(said), "-shown")
            self.refresh(layout=True)

    def render(self) -> Content:
        """The words, or the task in one line."""
        if isinstance(self._said, Content):
            return self._said
        share, width = self._said.fraction, max(1, self.size.width)
        end = "" if share is None else f"  {bar(share, _BAR_CELLS)} {share * 100:3.0f} %"
        words = f"◌ {self._said.name} · {self._said.text}"
        return Content.assemble(
            Content.styled(literal(words, one_line=True), "$info").truncate(max(1, width - len(end)), ellipsis=True),
            (end, "$info"),
        )
