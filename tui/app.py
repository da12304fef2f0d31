"""The workbench: wires the panes, the engine and the lines around them together, and holds nothing else."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.events import Event, Key
from textual.screen import Screen
from textual.widgets import Footer, Input, TextArea
from textual.worker import WorkerFailed

from engine.engine import Engine
from themes.loader import variable_defaults
from tui.dataset.slices import Slices
from tui.display.keys_in_order import KeysInOrder
from tui.messages import (
    DatasetOpened,
    DatasetSaved,
    EngineWoke,
    FileWritten,
    Flashed,
    QuestionChosen,
    RunStarted,
    ServingWanted,
    TrainingPlanned,
)
from tui.pane import Pane
from tui.settings import read_settings
from tui.themes import choose_theme, watch_themes
from tui.widgets.flash import Flash
from tui.widgets.header import HeaderLine

if TYPE_CHECKING:
    from tui.compare.pane import ComparePane
    from tui.dataset.pane import DatasetPane
    from tui.guide import Guide
    from tui.training.pane import TrainingPane
    from tui.widgets.strip import TrainingStrip


_LATER = ("tui.training.pane", "tui.compare.pane", "tui.guide", "tui.question_round", "engine.models.tokenizer")


HESITATION = 5.0
"""Seconds that the first of two keys which quit waits for the second."""

_ROWS_LATE = 0.5
"""Seconds after which the other panes come although no row is drawn: there may be none."""


class BurnishApp(KeysInOrder[int]):
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
        Binding(
            "ctrl+c", "interrupt", "Quit", id="app.interrupt", tooltip="Quit; asks once", show=False, priority=True
        ),
        Binding("ctrl+q", "leave", "Quit", id="app.quit-always", tooltip="Quit", show=False, priority=True),
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
        self._first: Path | None = None
        """The dataset that is opened at the start."""
        self._filled = False
        self._starting = ExitStack()
        """Held until all panes are there: a large file is counted after that."""
        self._wanted_pane = "dataset"
        self._early: list[DatasetOpened | DatasetSaved] = []
        """What the dataset pane said before the others were there."""
        settings = read_settings()
        self.own_keys = settings.keys
        """Other keys by the ids of their bindings, as the settings file has them."""
        self.set_keymap(dict(self.own_keys))
        self._problems = [*settings.problems, *choose_theme(self, settings)]

    def compose(self) -> ComposeResult:
        """The frame, which is painted at once; what needs more imports is mounted right after that."""
        yield HeaderLine(self.workspace.name)
        yield Container(id="panes")
        yield Flash()
        yield Footer(show_command_palette=False, compact=True)

    def get_system_commands(self, screen: Screen[Any]) -> Iterator[SystemCommand]:
        """Every key's action for the command palette, with the pane that it works in."""
        from tui.palette import commands

        return commands(self, screen, iter(super().get_system_commands(screen)))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our variables, for Textual's own themes."""
        return variable_defaults()

    async def on_event(self, event: Event) -> None:
        """A key takes the flash away before it does anything else."""
        if isinstance(event, Key) and not event.is_forwarded:
            Slices.key_pressed()
            for flash in self.query(Flash):
                flash.key_pressed()
        await super().on_event(event)

    def on_mount(self) -> None:
        """Listen to the terminal's end; fill in the panes once the frame is on the screen."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self.exit, 0)
        self.call_after_refresh(self._fill)

    async def _fill(self) -> None:
        """Mount the dataset pane and open the dataset: what a person looks at first."""
        from tui.dataset.pane import DatasetPane
        from tui.workspace import first_dataset

        self._starting.enter_context(Slices.waited_for())
        dataset = DatasetPane(self.engine, workspace=self.workspace, id="dataset")
        await self.query_one("#panes").mount(dataset)
        chosen = self._dataset_to_open or first_dataset(self.workspace)
        if chosen is not None:
            dataset.open_file(chosen)
        self.action_pane("dataset")
        self._first = chosen
        self.set_timer(_ROWS_LATE, self._start_filling_rest)

    def on_row_table_rows_drawn(self) -> None:
        """The rows are there: now everything else may come."""
        self._start_filling_rest()

    def _start_filling_rest(self) -> None:
        if not self._filled:
            self._filled = True
            self.call_after_refresh(self._fill_rest, self._first)

    async def _fill_rest(self, dataset: Path | None) -> None:
        """Mount the other panes and the lines that are not always there, and start the engine."""
        for module in _LATER:  # 0.3 s of imports, in a thread so that keys come between
            await asyncio.to_thread(import_module, module)
        from engine.models.tokenizer import Tokenizing
        from tui.compare.pane import ComparePane
        from tui.guide import Guide
        from tui.question_round import QuestionRound
        from tui.training.pane import TrainingPane
        from tui.widgets.strip import TrainingStrip

        training = TrainingPane(self.engine, workspace=self.workspace, id="training")
        compare = ComparePane(self.engine, workspace=self.workspace, id="compare")
        self._questions = (QuestionRound(), QuestionRound(held_out=False))
        compare.set_reference_lookup(self._dataset.row_for)
        compare.set_dataset(self._dataset)
        compare.set_questions(*(each.next for each in self._questions))
        await self.query_one("#panes").mount(training, compare)
        await self.mount(Guide(shown=self._guided), TrainingStrip(), before=self.query_one(Flash))
        if self._model is not None:
            training.propose_model(self._model)
        for early in self._early:
            self._tell_dataset(early)
        self.action_pane(self._wanted_pane)
        self.engine.start()
        self._dataset.trained_with(Tokenizing(self._model) if self._model is not None else None)
        self._starting.close()
        if dataset is None:
            from tui.welcome import WelcomeScreen

            self.push_screen(WelcomeScreen(self.workspace), self._welcomed)
        await self._tell_problems()
        watch_themes(self, self._flash_problem)

    async def _tell_problems(self) -> None:
        """Say what of the settings and the themes cannot be used."""
        if self.own_keys:
            from tui.keymap import mistakes

            self._problems += await asyncio.to_thread(mistakes, self.own_keys)
        if self._problems:
            more = len(self._problems) - 1
            rest = f" (and {more} more; `burnish keys` lists them)" if more else ""
            self._flash(f"{self._problems[0]}{rest}", "warning")

    def _flash_problem(self, sentence: str) -> None:
        self._flash(sentence, "warning")

    def _welcomed(self, demo: Path | None) -> None:
        """The person took the demo's dataset, or will open a file of their own."""
        if demo is not None:
            self._dataset.open_file(demo)
            self._guide.show()

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
                self.query_one(HeaderLine).show_pane(pane.id or "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where one pane has all the room there is nothing to zoom."""
        if action == "zoom":
            return self.screen.has_class("-wide")
        return super().check_action(action, parameters)

    def action_zoom(self) -> None:
        """Give the active pane all the room of a large terminal, or share it again."""
        self.query_one("#panes").toggle_class("-zoomed")

    # -- the engine ---------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        """Called on the engine's thread: never blocks, one pending message is enough."""
        self.post_message(EngineWoke())

    @on(EngineWoke)
    def _take_reports(self) -> None:
        from engine.reports import AnswersAdvanced, Failed, HardwareSampled, RunSnapshot, ServersChanged

        for report in self.engine.take_reports():
            match report:
                case Failed():
                    self._flash(report.sentence, "error")
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

    # -- what panes say to each other ---------------------------------------------------------------------------------

    @on(Flashed)
    def _show_flash(self, message: Flashed) -> None:
        self._flash(message.text, message.severity)

    def _flash(self, text: str, severity: str) -> None:
        self.query_one(Flash).show(text, severity)

    @on(DatasetOpened)
    @on(DatasetSaved)
    def _tell_dataset(self, message: DatasetOpened | DatasetSaved) -> None:
        from tui.workspace import remember_dataset

        if not self.query("Guide"):
            self._early.append(message)
            return
        self._training.dataset_opened(message.path, message.rows)
        for questions in self._questions:
            questions.follow(message.path)
        self._compare.dataset_opened(message.path)
        remember_dataset(self.workspace, message.path)
        self._guide.receive(message)

    @on(FileWritten)
    def _show_written(self, message: FileWritten) -> None:
        self._dataset.file_written(message.path)

    @on(QuestionChosen)
    def _ask_about(self, message: QuestionChosen) -> None:
        self.action_pane("compare")
        self._compare.ask(message.question, message.reference, message.row_number)

    @on(RunStarted)
    def _run_started(self, message: RunStarted) -> None:
        self._guide.receive(message)

    @on(TrainingPlanned)
    def _count_tokens(self, message: TrainingPlanned) -> None:
        from engine.models.tokenizer import Tokenizing

        self._dataset.trained_with(Tokenizing(message.model, message.max_length))

    @on(ServingWanted)
    def _serve(self, message: ServingWanted) -> None:
        self.engine.serve(message.run_id)
        self.action_pane("compare")
        self._guide.receive(message)

    # -- keys of the whole screen -------------------------------------------------------------------------------------

    def get_key_display(self, binding: Binding) -> str:
        """A key as the footer calls it; where ? is a character that is typed, the help has its other key."""
        if binding.id == "app.help" and isinstance(self.focused, Input | TextArea):
            return "f1"
        return super().get_key_display(binding)

    def action_help(self) -> None:
        """Show every key."""
        from tui.help import HelpScreen

        self.push_screen(HelpScreen())

    def action_guide(self) -> None:
        """Show or hide the demo's hints."""
        if self.query("Guide"):
            self._guide.toggle()

    def action_repaint(self) -> None:
        """Draw everything anew, after something else wrote on the terminal."""
        self.resend()

    def action_interrupt(self) -> None:
        """Quit at the second press: the first may have been meant for something else."""
        if self._leaving:
            self.exit(0)
            return
        self._hesitate("Press ctrl+c again to quit; runs and servers go on.")

    def action_leave(self) -> None:
        """Quit; asked twice where edits are not saved or a run is active. Runs and servers go on either way."""
        if self._leaving:
            self.exit(0)
            return
        unsaved = self._dataset.unsaved if self.query("#dataset") else 0
        going = bool(self.query("TrainingStrip")) and self._strip.active
        if unsaved or going:
            edits = f"{unsaved} unsaved edits are kept in the journal. " if unsaved else ""
            self._hesitate(f"{edits}{'The run goes on. ' if going else ''}Press q again to quit.")
            return
        self.exit(0)

    def _hesitate(self, words: str) -> None:
        self._leaving = True
        self.set_timer(HESITATION, self._stay)
        self._flash(words, "warning")

    def _stay(self) -> None:
        self._leaving = False

    def _fatal_error(self) -> None:
        """End with a sentence where Textual prints a traceback with all values: it is in the log, for those who ask."""
        from rich.text import Text

        from tui.crash_log import crash_sentence

        failed = self._exception
        error = failed.error if isinstance(failed, WorkerFailed) else failed
        said = crash_sentence(error) if error is not None else "something went wrong."
        self._exit_renderables.append(
            Text(f"burnish: {said}\nRuns and servers go on, and edits that were not saved are kept in the journal.")
        )
        self._close_messages_no_wait()

    def on_unmount(self) -> None:
        """Stop the engine's thread; nothing else ends with the screen."""
        self._starting.close()
        self.engine.close()
