"""The workbench: wires the panes, the engine and the lines around them together, and holds nothing else."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.events import Event, Key
from textual.widgets import Footer

from engine.engine import Engine
from engine.reports import AnswersAdvanced, Failed, HardwareSampled, RunSnapshot, ServersChanged
from themes.loader import variable_defaults
from tui.guide import Guide
from tui.messages import (
    CorrectionWanted,
    DatasetOpened,
    DatasetSaved,
    EngineWoke,
    Flashed,
    QuestionChosen,
    RunStarted,
    ServingWanted,
)
from tui.pane import Pane
from tui.question_round import QuestionRound
from tui.themes import choose_theme
from tui.widgets.flash import Flash
from tui.widgets.header import HeaderLine
from tui.widgets.strip import TrainingStrip
from tui.workspace import first_dataset, remember_dataset

if TYPE_CHECKING:
    from tui.compare.pane import ComparePane
    from tui.dataset.pane import DatasetPane
    from tui.training.pane import TrainingPane


class BurnishApp(App[int]):
    """Three panes over one engine. On a large terminal all are shown; on a small one the active pane has the room."""

    TITLE = "burnish"
    CSS_PATH = "app.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares it without ClassVar
        (0, "-narrow"),
        (160, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - as above
        (0, "-short"),
        (36, "-tall"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "pane('dataset')", "Dataset", id="app.dataset", tooltip="Browse and edit the rows", show=False),
        Binding("2", "pane('training')", "Train", id="app.training", tooltip="Start and watch runs", show=False),
        Binding("3", "pane('compare')", "Compare", id="app.compare", tooltip="Ask both models", show=False),
        Binding("f3", "zoom", "Zoom", id="app.zoom", tooltip="Give the active pane all the room, or share it again"),
        Binding("f2", "guide", "Hints", id="app.guide", tooltip="Show or hide the hints of the demo", show=False),
        Binding("question_mark,f1", "help", "Help", id="app.help", tooltip="Every key of every pane", key_display="?"),
        Binding("ctrl+l", "repaint", "Repaint", id="app.repaint", tooltip="Draw the screen anew", show=False),
        Binding("q", "leave", "Quit", id="app.quit", tooltip="Quit; runs and servers go on"),
        Binding("ctrl+c,ctrl+q", "leave", "Quit", id="app.interrupt", tooltip="Quit", show=False, priority=True),
    ]

    def __init__(
        self, workspace: Path, *, dataset: Path | None = None, guided: bool = False, model: str | None = None
    ) -> None:
        super().__init__()
        self.workspace = workspace
        self.engine = Engine(workspace, self._wake)
        self._dataset_to_open = dataset
        self._guided = guided
        self._model = model
        self._leaving = False
        self._questions = QuestionRound()
        self.theme_problems = choose_theme(self)

    def compose(self) -> ComposeResult:
        """The lines around the panes; the panes come right after the first paint."""
        yield HeaderLine(self.workspace.name)
        yield Container(id="panes")
        yield Guide(shown=self._guided)
        yield TrainingStrip()
        yield Flash()
        yield Footer(show_command_palette=False, compact=True)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our variables, for Textual's own themes."""
        return variable_defaults()

    async def on_event(self, event: Event) -> None:
        """A key takes the flash away before it does anything else."""
        if isinstance(event, Key) and not event.is_forwarded:
            for flash in self.query(Flash):
                flash.key_pressed()
        await super().on_event(event)

    def on_mount(self) -> None:
        """Listen to the terminal's end; fill in the panes once the frame is on the screen."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self.exit, 0)
        self.call_after_refresh(self._fill)

    async def _fill(self) -> None:
        """Mount the panes (their modules are imported only now), open the dataset, start the engine."""
        from tui.compare.pane import ComparePane
        from tui.dataset.pane import DatasetPane
        from tui.training.pane import TrainingPane

        dataset = DatasetPane(self.engine, workspace=self.workspace, id="dataset")
        training = TrainingPane(self.engine, workspace=self.workspace, id="training")
        compare = ComparePane(self.engine, workspace=self.workspace, id="compare")
        compare.set_reference_lookup(dataset.row_for)
        compare.set_next_question(self._questions.next)
        await self.query_one("#panes").mount(dataset, training, compare)
        self.engine.start()
        chosen = self._dataset_to_open or first_dataset(self.workspace)
        self.action_pane("dataset")
        if chosen is not None:
            dataset.open_file(chosen)
        else:
            from tui.welcome import Welcome

            self.push_screen(Welcome(self.workspace), self._welcomed)
        for problem in self.theme_problems:
            self._flash(problem, "warning")

    def _welcomed(self, demo: Path | None) -> None:
        """The person took the demo's dataset, or will open a file of their own."""
        if demo is not None:
            self._dataset.open_file(demo)
            self.query_one(Guide).show()

    # -- panes --------------------------------------------------------------------------------------------------------

    @property
    def _dataset(self) -> DatasetPane:
        return cast("DatasetPane", self.query_one("#dataset"))

    @property
    def _training(self) -> TrainingPane:
        return cast("TrainingPane", self.query_one("#training"))

    @property
    def _compare(self) -> ComparePane:
        return cast("ComparePane", self.query_one("#compare"))

    def action_pane(self, name: str) -> None:
        """Go to a pane; on a small terminal it takes the place of the one shown."""
        for pane in self.query(Pane):
            pane.set_class(pane.id == name, "-active")
        self.query_one(HeaderLine).show_pane(name)
        self.query_one(f"#{name}", Pane).focus_first()

    def on_descendant_focus(self) -> None:
        """Where all panes are shown, the one with the focus is the active one."""
        focused = self.focused
        for pane in self.query(Pane):
            if focused is not None and pane in focused.ancestors_with_self and not pane.has_class("-active"):
                for each in self.query(Pane):
                    each.set_class(each is pane, "-active")
                self.query_one(HeaderLine).show_pane(pane.id or "")

    def action_zoom(self) -> None:
        """Give the active pane all the room of a large terminal, or share it again."""
        self.query_one("#panes").toggle_class("-zoomed")

    # -- the engine ---------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        """Called on the engine's thread: never blocks, one pending message is enough."""
        self.post_message(EngineWoke())

    @on(EngineWoke)
    def _take_reports(self) -> None:
        for report in self.engine.take_reports():
            match report:
                case Failed():
                    self._flash(report.sentence, "error")
                case RunSnapshot():
                    self.query_one(TrainingStrip).show_run(report)
                case HardwareSampled() | ServersChanged():
                    self.query_one(HeaderLine).receive(report)
                case AnswersAdvanced():
                    self.query_one(Guide).receive(report)
                case _:
                    pass
            for pane in self.query(Pane):
                pane.receive(report)

    # -- what panes say to each other ---------------------------------------------------------------------------------

    @on(Flashed)
    def _show_flash(self, message: Flashed) -> None:
        self._flash(message.text, message.severity)

    def _flash(self, text: str, severity: str) -> None:
        self.query_one(Flash).show(text, severity)

    @on(DatasetOpened)
    @on(DatasetSaved)
    def _tell_dataset(self, message: DatasetOpened | DatasetSaved) -> None:
        self._training.dataset_opened(message.path, message.rows)
        self._questions.follow(message.path)
        remember_dataset(self.workspace, message.path)
        self.query_one(Guide).receive(message)

    @on(QuestionChosen)
    def _ask_about(self, message: QuestionChosen) -> None:
        self.action_pane("compare")
        self._compare.ask(message.question, message.reference, message.row_number)

    @on(CorrectionWanted)
    def _correct(self, message: CorrectionWanted) -> None:
        self.action_pane("dataset")
        self._dataset.add_row(message.question, message.answer)

    @on(RunStarted)
    def _run_started(self, message: RunStarted) -> None:
        self.query_one(Guide).receive(message)

    @on(ServingWanted)
    def _serve(self, message: ServingWanted) -> None:
        self.engine.serve(message.run_id)
        self.action_pane("compare")
        self.query_one(Guide).receive(message)

    # -- keys of the whole screen -------------------------------------------------------------------------------------

    def action_help(self) -> None:
        """Show every key."""
        from tui.help import HelpScreen

        self.push_screen(HelpScreen())

    def action_guide(self) -> None:
        """Show or hide the demo's hints."""
        self.query_one(Guide).toggle()

    def action_repaint(self) -> None:
        """Draw everything anew, after something else wrote on the terminal."""
        self.refresh(repaint=True, layout=True)

    def action_leave(self) -> None:
        """Quit; asked twice where edits are not saved or a run is active. Runs and servers go on either way."""
        if self._leaving:
            self.exit(0)
            return
        unsaved = self._dataset.unsaved if self.query("#dataset") else 0
        going = self.query_one(TrainingStrip).active
        if unsaved or going:
            self._leaving = True
            self.set_timer(5, self._stay)
            edits = f"{unsaved} unsaved edits are kept in the journal. " if unsaved else ""
            self._flash(f"{edits}{'The run goes on. ' if going else ''}Press q again to quit.", "warning")
            return
        self.exit(0)

    def _stay(self) -> None:
        self._leaving = False

    def on_unmount(self) -> None:
        """Stop the engine's thread; nothing else ends with the screen."""
        self.engine.close()
