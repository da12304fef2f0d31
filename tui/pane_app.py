"""An app of panes over one engine: going to a pane, and the engine's reports on their way to all of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import on

from engine.engine import Engine
from tui.display.keys_in_order import KeysInOrder
from tui.messages import EngineWoke, FaultShown, Flashed
from tui.pane import Pane
from tui.told.record import Told, ToldRecord
from tui.widgets.flash import Flash
from tui.widgets.header import HeaderLine

if TYPE_CHECKING:
    from tui.compare.pane import ComparePane
    from tui.dataset.pane import DatasetPane
    from tui.guide import Guide
    from tui.jump import Goal
    from tui.training.pane import TrainingPane
    from tui.widgets.strip import TrainingStrip


class PaneApp(KeysInOrder[int]):
    """Knows its panes by name. On a large terminal all are shown; on a small one the active pane has the room."""

    def __init__(self, workspace: Path) -> None:
        super().__init__()
        self.workspace = workspace
        self.engine = Engine(workspace, self._wake)
        self.told = ToldRecord()
        """The warnings and errors of this session."""
        self.flash_line = Flash()
        """Kept: each key asks for it, and a search through all widgets takes a millisecond."""
        self._wanted_pane = "dataset"

    @property
    def _dataset(self) -> DatasetPane:
        return cast("DatasetPane", self.query_one("#dataset"))

    @property
    def _training(self) -> TrainingPane:
        return cast("TrainingPane", self.query_one("#training"))

    @property
    def _compare(self) -> ComparePane:
        return cast("ComparePane", self.query_one("#compare"))

    @property
    def _guide(self) -> Guide:
        return cast("Guide", self.query_one("Guide"))

    @property
    def _strip(self) -> TrainingStrip:
        return cast("TrainingStrip", self.query_one("TrainingStrip"))

    def action_pane(self, name: str) -> None:
        """Go to a pane; on a small terminal it takes the place of the one shown."""
        self._wanted_pane = name
        if not self.query(f"#{name}"):
            return  # it is mounted in a moment, and gone to then
        for pane in self.query(Pane):
            pane.set_class(pane.id == name, "-active")
        self.query_one(HeaderLine).show_pane(name)
        self.query_one(f"#{name}", Pane).focus_first()
        if self.query("Guide"):
            self._guide.entered(name)

    def on_descendant_focus(self) -> None:
        """Where all panes are shown, the one with the focus is the active one."""
        focused = self.focused
        for pane in self.query(Pane):
            if focused is not None and pane in focused.ancestors_with_self and not pane.has_class("-active"):
                for each in self.query(Pane):
                    each.set_class(each is pane, "-active")
                for header in self.query(HeaderLine):
                    header.show_pane(pane.id or "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to zoom where one pane has all the room or a screen lies above; a browser has no shell."""
        if action == "zoom":
            wide = self.screen.has_class("-wide") and self.screen.has_class("-tall")
            return wide and self.screen is self.screen_stack[0]
        if action == "suspend_process":
            return not self.is_web
        return super().check_action(action, parameters)

    def action_zoom(self) -> None:
        """Give the active pane all the room of a large terminal, or share it again."""
        self.query_one("#panes").toggle_class("-zoomed")

    def _flash(self, text: str, severity: str = "information", log: Path | None = None) -> None:
        self.told.keep(Told(text, severity, log))
        more = f"{self._key_of('app.messages')}\N{NO-BREAK SPACE}details" if severity == "error" else ""
        if self.flash_line.is_attached:
            self.flash_line.show(text, severity, more)

    def _key_of(self, name: str) -> str:
        """The first key of a binding of the app, as a person reads it."""
        active = self.screen_stack[0].active_bindings.values()
        return next((self.get_key_display(each.binding) for each in active if each.binding.id == name), "")

    @on(Flashed)
    def _show_flash(self, message: Flashed) -> None:
        self._flash(message.text, message.severity, message.log)

    @on(FaultShown)
    def _keep_fault(self, message: FaultShown) -> None:
        self.told.keep(Told(message.sentence, "error"))

    def action_messages(self) -> None:
        """Show the warnings and errors once more, with their details."""
        from tui.told.screen import ToldScreen

        self.push_screen(ToldScreen(self.told, self.workspace))

    def action_jump(self) -> None:
        """Put a letter on each place that a key can go to."""
        from tui.jump import JumpScreen

        self.push_screen(JumpScreen(self.screen), self._go_to)

    def _go_to(self, goal: Goal | None) -> None:
        if goal is None:
            return
        if goal.pane:
            self.action_pane(goal.pane)
        if goal.widget is not None:
            goal.widget.focus()

    # -- the engine ---------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        """Called on the engine's thread: never blocks, one pending message is enough."""
        self.post_message(EngineWoke())

    @on(EngineWoke)
    def _take_reports(self) -> None:
        from engine.reports import AnswersAdvanced, Failed, HardwareSampled, RunSnapshot, ServersChanged

        if not self.query(HeaderLine):
            return  # the screen is being taken down
        for report in self.engine.take_reports():
            match report:
                case Failed():
                    self._flash(report.sentence, "error", report.log)
                case RunSnapshot():
                    self._strip.show_run(report)
                case HardwareSampled() | ServersChanged():
                    self.query_one(HeaderLine).receive(report)
                case AnswersAdvanced():
                    self._guide.receive(report)
                case _:
                    pass
            for pane in self.query(Pane):
                pane.receive(report)
