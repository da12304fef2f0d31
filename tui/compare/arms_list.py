"""The sides of a comparison, to be added, changed, put in another order and taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from engine.chat.arms import MAX_ARMS, Arm
from tui.literal import literal


class ArmsList(Widget, can_focus=True):
    """In the place of the answers while it is open; each change counts at once."""

    BINDING_GROUP_TITLE = "Choosing the sides"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,e", "change", "Change", key_display="enter", id="arms.change", tooltip="Change this side"),
        Binding("a", "add", "Add", id="arms.add", tooltip="Add a side: a server, a run, an address"),
        Binding("d,delete", "drop", "Take away", key_display="d", id="arms.drop", tooltip="Take this side away"),
        Binding("J", "shift(1)", "Further down", id="arms.later", tooltip="Put this side behind the next one"),
        Binding("K", "shift(-1)", "Further up", id="arms.sooner", tooltip="Put this side before the one above"),
        Binding("escape,q", "leave", "Back", key_display="esc", id="arms.leave", tooltip="Back to the answers"),
        Binding("down,j", "move(1)", "Down", show=False, id="arms.down", tooltip="One line down"),
        Binding("up,k", "move(-1)", "Up", show=False, id="arms.up", tooltip="One line up"),
    ]
    DEFAULT_CSS = """
    ArmsList {
        display: none;
        height: 1fr;
        &.-open { display: block; }
    }
    """

    class Changed(Message):
        """There are other arms, or another order."""

        def __init__(self, arms: tuple[Arm, ...]) -> None:
            super().__init__()
            self.arms = arms

    class Wanted(Message):
        """An arm is to be changed, or a new one described (`place` None)."""

        def __init__(self, place: int | None) -> None:
            super().__init__()
            self.place = place

    class Left(Message):
        """Done."""

    def __init__(self) -> None:
        super().__init__()
        self._arms: tuple[Arm, ...] = ()
        self._place = 0

    def open(self, arms: Sequence[Arm]) -> None:
        """Show these and take the keyboard."""
        self._arms = tuple(arms)
        self._place = min(self._place, len(self._arms) - 1)
        self.add_class("-open")
        self.refresh_bindings()
        self.refresh()
        self.focus()

    def close(self) -> None:
        """Hide; whoever called gives the focus to something else."""
        self.remove_class("-open")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """One side at least, and no more than there is room for."""
        match action:
            case "add":
                return len(self._arms) < MAX_ARMS
            case "drop" | "shift":
                return len(self._arms) > 1
            case _:
                return True

    def render(self) -> Content:
        """One line an arm; the others are compared with the first."""
        lines = [Content.styled("sides of a comparison · the others are compared with the first", "$accent")]
        width = max((len(arm.name) for arm in self._arms), default=0) + 2
        for place, arm in enumerate(self._arms):
            here = place == self._place
            what = arm.text.partition("=")[2].replace(",", " · ")
            lines.append(
                Content.assemble(
                    ("▸ " if here else "  ", "$accent"),
                    (f"{arm.name:{width}}", "bold" if here else ""),
                    (literal(what, one_line=True), "" if here else "$text-muted"),
                )
            )
        return Content("\n").join(lines)

    def action_move(self, step: int) -> None:
        """Go to another arm."""
        self._place = (self._place + step) % len(self._arms)
        self.refresh()

    def action_change(self) -> None:
        """Change the arm."""
        self.post_message(self.Wanted(self._place))

    def action_add(self) -> None:
        """Describe a new one."""
        self.post_message(self.Wanted(None))

    def action_drop(self) -> None:
        """Take the arm away."""
        kept = tuple(arm for place, arm in enumerate(self._arms) if place != self._place)
        self._take(kept, min(self._place, len(kept) - 1))

    def action_shift(self, step: int) -> None:
        """Put the arm in another place."""
        arms, place = list(self._arms), self._place + step
        if 0 <= place < len(arms):
            arms.insert(place, arms.pop(self._place))
            self._take(tuple(arms), place)

    def action_leave(self) -> None:
        """Back to the answers."""
        self.post_message(self.Left())

    def _take(self, arms: tuple[Arm, ...], place: int) -> None:
        self._arms, self._place = arms, place
        self.refresh_bindings()
        self.refresh()
        self.post_message(self.Changed(arms))
