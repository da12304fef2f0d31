"""The list of checks: what each finds, what it costs, how many rows it flags; turned on and off here."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.dataset.cells import cut
from tui.dataset.checkup import Checkup
from tui.literal import literal

if TYPE_CHECKING:
    from data.quality.check import Check

_NAME, _COUNT = 15, 7
_WIDE = 100


class CheckList(Vertical):
    """In the place of the rows while it is open."""

    BINDING_GROUP_TITLE = "Checks of a dataset"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "show_rows",
            "Show rows",
            id="checks.show",
            priority=True,
            tooltip="Show the rows that this check flags",
        ),
        Binding("space", "turn", "On/off", id="checks.turn", tooltip="Turn the check on or off for this workspace"),
        Binding("c", "run", "Check", id="checks.run", tooltip="Run all checks that are on"),
        Binding("m", "write", "Report", id="checks.report", tooltip="Write the report beside the file, as Markdown"),
        Binding("escape", "leave", "Leave", id="checks.leave", tooltip="Back to the rows"),
        Binding("j", "move(1)", "Check below", show=False, id="checks.down", tooltip="One check down"),
        Binding("k", "move(-1)", "Check above", show=False, id="checks.up", tooltip="One check up"),
        Binding("g", "edge(-1)", "First check", show=False, id="checks.first", tooltip="To the first check"),
        Binding("G", "edge(1)", "Last check", show=False, id="checks.last", tooltip="To the last check"),
    ]
    DEFAULT_CSS = """
    CheckList {
        display: none; height: 1fr;
        &.-open { display: block; }
        & > OptionList {
            height: auto; max-height: 70%; border: none; padding: 0; background: $background;
            scrollbar-size-vertical: 1;
            &:focus { border: none; }
        }
        & > .check-about { height: auto; padding: 0 1; color: $dim; }
        & > .check-findings { height: 1fr; padding: 1 1 0 1; }
    }
    """

    class RowsWanted(Message):
        """The rows that a check flags are to be shown."""

        def __init__(self, check: str) -> None:
            super().__init__()
            self.check = check

    class Turned(RowsWanted):
        """A check is to be turned on or off."""

    class RunWanted(Message):
        """The checks are to run."""

    class ReportWanted(Message):
        """The report is to be written."""

    class Left(Message):
        """Back to the rows."""

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[Check, ...] = ()
        self._checkup = Checkup()
        self._off: frozenset[str] = frozenset()
        self._list = OptionList(markup=False)
        self._about = Static("", classes="check-about", markup=False)
        self._findings = Static("", classes="check-findings", markup=False)

    def compose(self) -> ComposeResult:
        """The checks, what the one at the cursor does, and what is said of the whole file."""
        yield self._list
        yield self._about
        yield self._findings

    def open(self, checkup: Checkup, off: frozenset[str]) -> None:
        """Show the list and take the keyboard."""
        from data.quality.registry import CHECKS

        self._all = CHECKS
        self.add_class("-open")
        self.show(checkup, off)
        self._list.focus()

    def close(self) -> None:
        """Hide; whoever called gives the focus to something else."""
        self.remove_class("-open")

    def show(self, checkup: Checkup, off: frozenset[str]) -> None:
        """Show what is known now."""
        self._checkup, self._off = checkup, off
        if not self.has_class("-open"):
            return
        here = self._list.highlighted
        self._list.clear_options()
        self._list.add_options([Option(self._line(place)) for place in range(len(self._all))])
        self._list.highlighted = here or 0
        findings = [f"{finding.text} {finding.suggestion}".strip() for finding in checkup.findings]
        self._findings.update("\n".join(f"· {literal(text, one_line=True)}" for text in findings))

    def focus_list(self) -> None:
        """Take the keyboard."""
        self._list.focus()

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - Textual's own signature
        """As much of each line as there is room for."""
        self.show(self._checkup, self._off)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the check does."""
        event.stop()
        check = self._all[event.option_index]
        self._about.update(f"{check.title}: {check.what}. Costs {check.cost}.")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """As enter."""
        event.stop()
        self.post_message(self.RowsWanted(self._all[event.option_index].name))

    def _line(self, place: int) -> Content:
        check, checkup = self._all[place], self._checkup
        off = check.name in self._off
        count = checkup.count(check.name)
        seconds = checkup.seconds.get(check.name)
        words = "off" if off else "" if checkup.done is None else f"{count:,}"
        time = "" if seconds is None or off else f"{seconds * 1000:,.0f} ms"
        parts: list[str | tuple[str, str]] = [
            (f" {check.sign} ", "$differs" if count else "$dim"),
            (f"{check.name:<{_NAME}}", "$dim" if off else "bold" if count else ""),
            (f"{words:>{_COUNT}}", "$dim" if off else ""),
            (f"{time:>10}  ", "$dim"),
        ]
        room = self.size.width - sum(len(part[0]) for part in parts) - 2
        parts.append((cut(check.title if self.size.width < _WIDE else check.what, max(room, 0)), "$dim"))
        return Content.assemble(*parts)

    def action_show_rows(self) -> None:
        """The rows that the check at the cursor flags."""
        self._list.action_select()

    def action_turn(self) -> None:
        """On or off."""
        if self._list.highlighted is not None:
            self.post_message(self.Turned(self._all[self._list.highlighted].name))

    def action_run(self) -> None:
        """Check now."""
        self.post_message(self.RunWanted())

    def action_write(self) -> None:
        """Write the report."""
        self.post_message(self.ReportWanted())

    def action_leave(self) -> None:
        """Back to the rows."""
        self.post_message(self.Left())

    def action_move(self, step: int) -> None:
        """Up or down."""
        if step > 0:
            self._list.action_cursor_down()
        else:
            self._list.action_cursor_up()

    def action_edge(self, direction: int) -> None:
        """To an end."""
        if direction < 0:
            self._list.action_first()
        else:
            self._list.action_last()
