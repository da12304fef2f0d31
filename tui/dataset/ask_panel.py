"""A few questions below each other, each with a word to choose or a text to type, and what would come of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui.widgets.scroll import Scroll
from tui.widgets.word_choice import WordChoice


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the panel."""

    name: str
    label: str
    value: str
    choices: tuple[str, ...] = ()
    """The words to choose among; empty for a text that is typed."""
    about: str = ""
    """One line that explains it."""


class AskLine(Horizontal):
    """A label and its editor."""

    DEFAULT_CSS = """
    AskLine {
        height: 1;
        & > .ask-label { width: 22; color: $dim; padding: 0 1; }
        &.-here > .ask-label { color: $accent; }
        & > Input {
            width: 1fr; height: 1; border: none; padding: 0; background: $background; color: $foreground;
            &:focus { border: none; background: $surface; }
        }
    }
    """

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self.asked = asked
        self.editor: Input | WordChoice
        if asked.choices:
            self.editor = WordChoice(asked.choices, asked.value)
        else:
            self.editor = Input(asked.value, compact=True, select_on_focus=False)
            self.editor.cursor_blink = False

    def compose(self) -> ComposeResult:
        """Label and editor."""
        yield Static(self.asked.label, classes="ask-label", markup=False)
        yield self.editor


class AskPanel(Vertical):
    """In the place of the rows while it is open. Nothing is done before ctrl+s."""

    BINDING_GROUP_TITLE = "Answering questions about a file"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+s,ctrl+j", "accept", "Do it", key_display="^s", id="ask.accept", tooltip="Do what the title says"
        ),
        Binding("escape", "leave", "Leave", id="ask.leave", tooltip="Back to the rows; nothing is done"),
        Binding("down,tab,enter", "move(1)", "Next line", show=False, id="ask.down", tooltip="One line down"),
        Binding("up,shift+tab", "move(-1)", "Line above", show=False, id="ask.up", tooltip="One line up"),
    ]
    DEFAULT_CSS = """
    AskPanel {
        display: none; height: 1fr;
        &.-open { display: block; }
        & > .ask-title { height: 1; padding: 0 1; color: $accent; text-wrap: nowrap; text-overflow: ellipsis; }
        & > .ask-lines { height: auto; max-height: 60%; scrollbar-size-vertical: 1; }
        & > .ask-about { height: auto; padding: 1 1 0 1; color: $dim; }
        & > .ask-outcome { height: 1fr; padding: 1 1 0 1; scrollbar-size-vertical: 1; }
        & > .ask-outcome > Static { height: auto; }
    }
    """

    class Changed(Message):
        """An answer changed."""

        def __init__(self, values: Mapping[str, str]) -> None:
            super().__init__()
            self.values = values
            """All answers by name."""

    class Accepted(Changed):
        """Do it."""

    class Left(Message):
        """Do nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._title = Static("", classes="ask-title", markup=False)
        self._lines = Scroll(classes="ask-lines", can_focus=False)
        self._about = Static("", classes="ask-about", markup=False)
        self._outcome = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """Title, lines, what the line at the cursor is about, what would come of it."""
        yield self._title
        yield self._lines
        yield self._about
        with Scroll(classes="ask-outcome", can_focus=False):
            yield self._outcome

    async def open(self, title: str, asked: Sequence[Asked]) -> None:
        """Ask these; the title says what ctrl+s does."""
        self._title.update(f"{title} · ^s does it")
        self.say(Content())
        await self._lines.remove_children()
        await self._lines.mount_all([AskLine(each) for each in asked])
        self.add_class("-open")
        self._rows()[0].editor.focus()

    def close(self) -> None:
        """Hide; whoever called gives the focus to something else."""
        self.remove_class("-open")

    def focus_line(self) -> None:
        """Take the keyboard."""
        here = next((row for row in self._rows() if row.has_class("-here")), None)
        if here is not None:
            here.editor.focus()

    @property
    def values(self) -> dict[str, str]:
        """All answers by name."""
        return {row.asked.name: row.editor.value for row in self._rows()}

    def say(self, outcome: Content | str) -> None:
        """Show what would come of the answers."""
        self._outcome.update(outcome)

    def _rows(self) -> list[AskLine]:
        return list(self._lines.query(AskLine))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what the line is about."""
        for row in self._rows():
            here = row is event.widget.parent
            row.set_class(here, "-here")
            if here:
                self._about.update(row.asked.about)

    @on(Input.Changed)
    @on(WordChoice.Chosen)
    def _edited(self, event: Input.Changed | WordChoice.Chosen) -> None:
        event.stop()
        if self.has_class("-open"):
            self.post_message(self.Changed(self.values))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_move(1)

    def action_move(self, step: int) -> None:
        """Up or down, round and round."""
        rows = self._rows()
        here = next((place for place, row in enumerate(rows) if row.has_class("-here")), 0)
        rows[(here + step) % len(rows)].editor.focus()

    def action_accept(self) -> None:
        """Hand the answers over."""
        self.post_message(self.Accepted(self.values))

    def action_leave(self) -> None:
        """Do nothing."""
        self.post_message(self.Left())
