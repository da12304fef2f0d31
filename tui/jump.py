"""Going to any place of the screen by two keys: one puts a letter on each, the letter goes there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from string import ascii_lowercase, ascii_uppercase
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.errors import NoWidget
from textual.geometry import Offset
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from tui.pane import Pane

_LETTERS = ascii_lowercase + ascii_uppercase
_WIDTH = 3
"""Cells of a letter with a blank at each side."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A place to go to."""

    key: str
    """The character that goes there."""
    words: str
    """What the place is called."""
    widget: Widget | None
    """What takes the focus; None: what the pane thinks best."""
    pane: str = ""
    """The pane to go to first, if it is hidden or meant itself."""
    at: Offset | None = None
    """Where on the screen its letter stands; None for a place that is not in sight."""


def goals(screen: Screen[Any]) -> tuple[Goal, ...]:
    """The places of a screen: those in sight by their order, those of hidden panes after them, and the panes."""
    letters = iter(_LETTERS)
    found: list[Goal] = []
    taken: set[Offset] = set()
    for widget in screen.focus_chain:
        at = _corner(screen, widget, taken)
        if at is not None and (key := next(letters, "")):
            found.append(Goal(key, _words(widget), widget, at=at))
    panes = list(screen.query(Pane))
    for pane in panes:
        for widget in () if pane.display and pane.size.area else _focusable(pane):
            if key := next(letters, ""):
                found.append(Goal(key, _words(widget), widget, pane.id or ""))
    found += [Goal(str(number), pane.TITLE, None, pane.id or "") for number, pane in enumerate(panes, 1)]
    return tuple(found)


def _corner(screen: Screen[Any], widget: Widget, taken: set[Offset]) -> Offset | None:
    """Where the letter of a widget stands: its top left corner in sight, beside other letters there."""
    try:
        seen = screen.find_widget(widget).visible_region
    except NoWidget:
        return None
    at = seen.offset
    while at in taken:
        at += (_WIDTH, 0)
    taken.add(at)
    return at if seen.area else None


def _focusable(pane: Pane) -> Iterator[Widget]:
    """What could have the focus if the pane were shown."""
    for widget in chain((pane,), pane.query(Widget)):
        between = (each for each in widget.ancestors_with_self if isinstance(each, Widget) and pane in each.ancestors)
        if widget.can_focus and not widget.disabled and all(each.display for each in between):
            yield widget


def _words(widget: Widget) -> str:
    """The place's own word, else the heading of its keys in the help."""
    for each in widget.ancestors_with_self:
        if isinstance(each, Pane):
            return each.TITLE
        if words := getattr(each, "PLACE", "") or each.BINDING_GROUP_TITLE:
            return words[0].lower() + words[1:]
    return type(widget).__name__


class JumpLetter(Static):
    """The letter of one place."""

    DEFAULT_CSS = """
    JumpLetter {
        position: absolute; width: 3; height: 1;
        background: $accent; color: $background; text-style: bold;
    }
    """


class JumpScreen(ModalScreen[Goal | None]):
    """Lies over the screen that it was opened on; gives the place to go to."""

    BINDING_GROUP_TITLE = "Jump"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f6,apostrophe", "leave", "Stay", key_display="esc", id="jump.leave", tooltip="Go nowhere"),
    ]
    DEFAULT_CSS = """
    JumpScreen { background: transparent; }
    JumpScreen #jump-words { dock: bottom; height: auto; padding: 0 1; background: $panel; }
    """

    def __init__(self, below: Screen[Any]) -> None:
        super().__init__()
        self._size = below.size
        self._goals = {goal.key: goal for goal in goals(below)}

    def compose(self) -> ComposeResult:
        """A letter on each place in sight, and a line of the others."""
        for goal in self._goals.values():
            if goal.at is not None:
                letter = JumpLetter(f" {goal.key} ", markup=False)
                letter.styles.offset = goal.at.x, goal.at.y
                yield letter
        yield Static(self._others(), id="jump-words")

    def on_resize(self, event: events.Resize) -> None:
        """On a screen of another size the places stand somewhere else: the letters go, and can be asked for again."""
        if event.size != self._size and self.is_current:
            self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """The letter of a place goes there."""
        if (goal := self._goals.get(event.character or "")) is not None:
            event.stop()
            self.dismiss(goal)

    def action_leave(self) -> None:
        """Go nowhere."""
        self.dismiss(None)

    def _others(self) -> Content:
        """The places that are not in sight, in words, each pane's beside it."""
        parts: list[str | tuple[str, str]] = ["jump to"]
        for pane in (goal for goal in self._goals.values() if goal.widget is None):
            parts += ["   ", (pane.key, "bold $accent"), f"\N{NO-BREAK SPACE}{pane.words}"]
            for goal in self._goals.values():
                if goal.pane == pane.pane and goal.widget is not None and goal.words != pane.words:
                    parts += ["  ", (goal.key, "bold $accent"), (f"\N{NO-BREAK SPACE}{goal.words}", "$dim")]
        parts += ["   ", ("esc", "bold $accent"), " stay"]
        return Content.assemble(*parts)
