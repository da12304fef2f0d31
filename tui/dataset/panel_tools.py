"""Rows, and panels that take their place while something is asked or read: what tools for a whole file share.

Panels are imported and mounted when they are first needed: the rows are to be on the screen at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from data.errors import BurnishError
from tui.dataset.desk import RowDesk
from tui.literal import literal
from tui.messages import Flashed

if TYPE_CHECKING:
    from tui.dataset.ask_panel import Asked, AskPanel
    from tui.dataset.text_panel import TextPanel
    from tui.widgets.lines import Line


class Inner(Protocol):
    """What a panel takes the place of."""

    desk: RowDesk

    def focus_first(self) -> None:
        """To where a person goes on."""
        ...

    def leave_all(self) -> None:
        """Show the rows, whatever took their place."""
        ...


class PanelTools(Vertical):
    """One panel at a time in the place of the rows. A tool says what its answers mean in `answered`."""

    VERBS: ClassVar[tuple[str, ...]] = ()
    """The actions of this tool, offered while the table has the keyboard."""
    DEFAULT_CSS = """
    PanelTools {
        height: 1fr;
        &.-panel > .panel-inner { display: none; }
    }
    """

    def __init__(self, inner: Widget, tools: Inner, workspace: Path) -> None:
        """`inner` and `tools` are the same object, as a widget and as what it can do."""
        super().__init__()
        inner.add_class("panel-inner")
        self._inner = inner
        self._tools = tools
        self.desk = tools.desk
        self.workspace = workspace
        self._ask: AskPanel | None = None
        self._text: TextPanel | None = None
        self.doing = ""
        """What the open panel is for."""

    def compose(self) -> ComposeResult:
        """The rows; a panel comes when it is needed."""
        yield self._inner

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What cannot be done now is not offered."""
        return action not in self.VERBS or (self.desk.store is not None and self.desk.table.has_focus)

    def focus_first(self) -> None:
        """To where a person goes on."""
        if self._ask is not None and self._ask.has_class("-open"):
            self._ask.focus_line()
        elif self._text is not None and self._text.has_class("-open"):
            self._text.focus_lines()
        else:
            self._tools.focus_first()

    def leave_all(self) -> None:
        """Show the rows, whatever took their place."""
        self.leave()
        self._tools.leave_all()

    def leave(self) -> None:
        """Show the rows again."""
        if self.has_class("-panel"):
            self.workers.cancel_group(self, "tool")
            for panel in (self._ask, self._text):
                if panel is not None:
                    panel.close()
            self.remove_class("-panel")
            self.desk.focus_first()

    def on_ask_panel_left(self, event: AskPanel.Left) -> None:
        """Back to the rows."""
        event.stop()
        self.leave()

    def on_text_panel_left(self, event: TextPanel.Left) -> None:
        """Back to the rows."""
        event.stop()
        self.leave()

    def on_ask_panel_changed(self, event: AskPanel.Changed) -> None:
        """Something else was answered."""
        event.stop()
        self.answered(dict(event.values), accepted=False)

    def on_ask_panel_accepted(self, event: AskPanel.Accepted) -> None:
        """Do it."""
        event.stop()
        self.answered(dict(event.values), accepted=True)

    def answered(self, values: Mapping[str, str], *, accepted: bool) -> None:
        """An answer changed, or all of them are to be taken."""

    # -- for tools ----------------------------------------------------------------------------------------------------

    async def ask(self, doing: str, title: str, asked: Sequence[Asked]) -> None:
        """Ask these questions."""
        from tui.dataset.ask_panel import AskPanel

        self.doing = doing
        if self._ask is None:
            self._ask = AskPanel()
            await self.mount(self._ask)
        if self._text is not None:
            self._text.close()
        self.add_class("-panel")
        await self._ask.open(title, asked)

    @property
    def answers(self) -> dict[str, str]:
        """What the open panel holds."""
        return self._ask.values if self._ask is not None else {}

    def say(self, outcome: Content | str) -> None:
        """Show what would come of the answers."""
        if self._ask is not None:
            self._ask.say(outcome)

    def refuse(self, error: BurnishError) -> None:
        """Say under the answers why nothing can come of them."""
        self.say(Content.assemble(("! ", "$disagrees"), literal(error.sentence, one_line=True)))

    async def read(self, title: str, lines: Sequence[Line]) -> None:
        """Show lines to read, or other ones."""
        from tui.dataset.text_panel import TextPanel

        if self._text is None:
            self._text = TextPanel()
            await self.mount(self._text)
        if self._text.has_class("-open"):
            self._text.show(title, lines)
            return
        if self._ask is not None:
            self._ask.close()
        self.add_class("-panel")
        self._text.open(title, lines)

    def flash(self, text: str, severity: str = "information") -> None:
        """One line for the person."""
        self.post_message(Flashed(text, severity=severity).set_sender(self))
