"""The monitor: the runs of the workspace, and one of them in curves, figures, sample answers and log."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.getters import query_one
from textual.message import Message

from engine.jobs.events import RunState
from engine.reports import HardwareSampled, RunsListed, RunSnapshot
from tui.messages import Flashed, ServingWanted
from tui.training.confirm import Confirm
from tui.training.log_tail import LogTail
from tui.training.monitor_keys import MONITOR_BINDINGS
from tui.training.monitor_layout import layout_for
from tui.training.overlay import Overlay
from tui.training.progress_figures import ProgressFigures
from tui.training.run_list import RunChosen, RunList
from tui.training.run_messages import DeletionWanted, DifferencesWanted, ExportWanted, NotesWanted, TableWanted
from tui.training.samples import SampleAnswers
from tui.widgets.chart import Chart
from tui.widgets.figures import count
from tui.widgets.run_words import can_be_served

if TYPE_CHECKING:
    from engine.engine import Engine


class LogWanted(Message):
    """The person wants to read the chosen run's log in full."""

    def __init__(self, run: RunSnapshot) -> None:
        super().__init__()
        self.run = run


class Monitor(Container):
    """Shows what the engine last said of the chosen run; everything it knows comes through `receive`."""

    DEFAULT_CSS = """
    Monitor { layout: grid; grid-gutter: 0 2; padding: 0 1; height: 1fr; }
    Monitor > Confirm { dock: bottom; }
    """
    BINDINGS: ClassVar[list[BindingType]] = MONITOR_BINDINGS

    run_list = query_one("#runs", RunList)
    chart = query_one("#chart", Chart)
    figures = query_one("#figures", ProgressFigures)
    samples = query_one("#samples", SampleAnswers)
    log_tail = query_one("#log", LogTail)
    confirm = query_one("#confirm", Confirm)

    def __init__(self, engine: Engine, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._engine = engine
        self._runs: tuple[RunSnapshot, ...] = ()
        self._full: RunSnapshot | None = None
        """The chosen run with all its steps; None until the engine has told them."""
        self._chosen: str | None = None
        self._awaited: str | None = None
        self._overlay = Overlay()
        self._hardware: HardwareSampled | None = None
        self._laid_out_for = -1
        """How many runs the layout was made for."""

    def compose(self) -> ComposeResult:
        """The parts, in the order of reading."""
        yield RunList(id="runs")
        yield Chart(id="chart")
        yield ProgressFigures(id="figures")
        yield SampleAnswers(id="samples")
        yield LogTail(id="log")
        yield Confirm(id="confirm")

    # -- what the engine says

    def receive(self, report: RunSnapshot | RunsListed | HardwareSampled) -> None:
        """Take note of a run, of the list of runs, or of the machine's memory."""
        match report:
            case RunsListed():
                self._runs = report.runs
                self._keep_choice()
            case RunSnapshot():
                self._runs = tuple(report if run.run_id == report.run_id else run for run in self._runs)
                self._overlay.receive(report)
                if report.run_id == self._chosen:
                    self._full = report
            case HardwareSampled():
                self._hardware = report
                self._show_figures()
                return
        self._show()

    def choose_run(self, run_id: str) -> None:
        """Look at a run; one that is not listed yet is looked at as soon as it is."""
        if run_id in (run.run_id for run in self._runs):
            self._choose(run_id)
            self._show()
        else:
            self._awaited = run_id

    @property
    def runs(self) -> tuple[RunSnapshot, ...]:
        """All runs of the workspace, newest first, without their steps where they are not looked at."""
        return self._runs

    @property
    def signs(self) -> dict[str, str]:
        """The sign of every run that is marked, by its id."""
        return self._overlay.marked

    @property
    def has_runs(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self._runs)

    @property
    def run(self) -> RunSnapshot | None:
        """The chosen run: in full where that is known, else as the list has it."""
        if self._full is not None:
            return self._full
        return next((run for run in self._runs if run.run_id == self._chosen), None)

    def _keep_choice(self) -> None:
        """A run that was waited for comes first; else the choice stays; else the newest run."""
        listed = [run.run_id for run in self._runs]
        self._overlay.keep(listed)
        if self._awaited in listed:
            self._choose(self._awaited)
            self._awaited = None
        elif self._chosen not in listed:
            self._choose(listed[0] if listed else None)

    def _choose(self, run_id: str | None) -> None:
        if run_id == self._chosen:
            return
        self._chosen, self._full = run_id, None
        self._overlay.choose(run_id)
        if self.is_mounted and len(self._overlay.shown) == 1:
            self.chart.reset()
        if run_id is not None:
            self._engine.watch_run(run_id)

    # -- drawing

    def _show(self) -> None:
        if not self.is_mounted or not self._runs:
            return
        with self.app.batch_update():
            if len(self._runs) != self._laid_out_for:
                self._lay_out()
            self.run_list.show_runs(self._runs, self._chosen, self._overlay.signs)
            self._show_figures()
            self.samples.show_samples(self.run.samples if self.run else (), self._chosen)
            self.log_tail.show_run(self._full)
            self.chart.show(self._overlay.content())
        self.refresh_bindings()

    def _show_figures(self) -> None:
        if not self.is_mounted:
            return
        curves, cursor = self._overlay.chosen, self.chart.view.cursor
        at = None
        if curves is not None and cursor is not None:
            at = curves.index_at(self._overlay.look.unit, cursor)
        self.figures.show_run(self.run, curves, self._hardware, at)

    @on(Chart.Pointed)
    def _read_off(self, message: Chart.Pointed) -> None:
        message.stop()
        self._show_figures()

    def on_mount(self) -> None:
        """Show what came before there was anything to show it on."""
        self._lay_out()
        self._show()

    def on_resize(self) -> None:
        """The layout follows the pane's own size."""
        self._lay_out()

    def _lay_out(self) -> None:
        """Side by side where there is room, else the runs above; heights by what is left."""
        width, height = self.size
        if width < 1 or height < 1:
            # Hidden so far. Laid out for about the size it will have, its parts are not drawn twice when it is shown.
            shared = self.screen.has_class("-wide") and self.screen.has_class("-tall")
            width, height = (each // (1 + shared) - 3 for each in self.app.size)
        self._laid_out_for = len(self._runs)
        layout = layout_for(width, height, len(self._runs))
        self.run_list.with_heading = layout.wide
        styles = self.styles
        styles.grid_size_columns = layout.across
        styles.grid_columns, styles.grid_rows = layout.columns, layout.rows
        self.run_list.styles.column_span = 1 if layout.wide else layout.across
        for below in (self.samples, self.log_tail):
            below.styles.column_span = layout.across
            below.styles.padding = (layout.air, 0, 0, 0)

    # -- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done with the chosen run now."""
        run = self.run
        if run is None or self.confirm.asking:
            return False
        match action:
            case "stop":
                return run.state.alive and run.state is not RunState.STOPPING
            case "kill":
                return run.state.alive
            case "resume":
                return run.resumes_at is not None
            case "delete":
                return not run.state.alive
            case "serve":
                return can_be_served(run) and not run.state.active
            case "export":
                return bool(run.progress)
            case "zoom":
                return bool(run.progress) and (parameters == (1,) or self.chart.zoomed)
            case "list":
                return not self.run_list.has_focus
            case "unmark":
                return bool(self._overlay.marked)
            case "smoothing":
                return self._overlay.look.measure.smoothed
            case "samples":
                return bool(self.samples.questions)
            case "question":
                return len(self.samples.questions) > 1
            case _:
                return True

    @on(RunChosen)
    def _look_at(self, message: RunChosen) -> None:
        message.stop()
        self._awaited = None
        self._choose(message.run_id)
        self._show()

    def action_choose(self, by: int) -> None:
        """Look at another run."""
        self.run_list.move(by)

    def action_stop(self) -> None:
        """Ask whether to stop the run and save its model."""
        run = self.run
        if run is not None:
            self.confirm.ask(f"Stop {run.run_id} after this step and save its model?", lambda: self._stop(run.run_id))

    def _stop(self, run_id: str) -> None:
        self._engine.stop_run(run_id)

    def action_kill(self) -> None:
        """Ask whether to end the run now."""
        run = self.run
        if run is None:
            return
        saved = f"only step {count(run.checkpoints[-1].step)} is kept" if run.checkpoints else "nothing of it is kept"
        self.confirm.ask(f"Kill {run.run_id} now? Not saved first: {saved}.", lambda: self._kill(run.run_id))

    def _kill(self, run_id: str) -> None:
        self._engine.kill_run(run_id)

    def action_resume(self) -> None:
        """Ask whether the run shall go on."""
        run = self.run
        if run is None or run.resumes_at is None:
            return
        at = run.resumes_at
        question = f"Resume {run.run_id} from step {count(at)}?" if at else f"No checkpoint: start {run.run_id} over?"
        self.confirm.ask(question, lambda: self._resume(run.run_id))

    def _resume(self, run_id: str) -> None:
        self._engine.resume_run(run_id)

    def action_serve(self) -> None:
        """Serve the base model and this run's model, and compare them."""
        run = self.run
        if run is not None:
            self.post_message(ServingWanted(run.run_id))

    def action_log_scale(self) -> None:
        """Change the loss axis."""
        self.chart.toggle_log_scale()

    def action_mark(self) -> None:
        """Keep the chosen run in the chart beside others, or take it out."""
        if self._chosen is not None:
            self.toggle_mark(self._chosen)

    def toggle_mark(self, run_id: str) -> None:
        """Put a run into the chart, or take it out."""
        if not self._overlay.toggle(run_id):
            said = "26 runs are in the chart; take one out with space, or all with u."
            self.post_message(Flashed(said, severity="warning"))
        elif run_id in self._overlay.marked and run_id != self._chosen:
            self._engine.watch_run(run_id)
        self._show()

    def action_table(self) -> None:
        """Show all runs in a table."""
        self.post_message(TableWanted())

    def action_differences(self) -> None:
        """Set the run's job beside those of the marked runs, or of the next older one."""
        if self._chosen is None:
            return
        listed = [run.run_id for run in self._runs]
        marked = [run_id for run_id in self._overlay.shown if run_id != self._chosen]
        older = listed[listed.index(self._chosen) + 1 :][:1] if self._chosen in listed else []
        self.post_message(DifferencesWanted((self._chosen, *(marked or older))))

    def action_notes(self) -> None:
        """Write about the run."""
        if self._chosen is not None:
            self.post_message(NotesWanted(self._chosen))

    def action_delete(self) -> None:
        """Ask whether the run shall be deleted."""
        if self._chosen is not None:
            self.post_message(DeletionWanted(self._chosen))

    def action_export(self) -> None:
        """Write what the chart shows into files."""
        runs = tuple(each.curves.run for each in self._overlay.runs())
        if runs:
            self.post_message(ExportWanted(self._overlay.content(), self.chart.view, runs))

    def action_unmark(self) -> None:
        """Leave only the chosen run in the chart."""
        self._overlay.clear()
        self._show()

    def action_measure(self, by: int) -> None:
        """Show another kind of value."""
        self._overlay.next_measure(by)
        self._show()

    def action_smoothing(self) -> None:
        """Smooth the curve more, or not at all."""
        self._overlay.next_smoothing()
        self._show()

    def action_unit(self) -> None:
        """Show another axis; places on the one before mean nothing there."""
        self._overlay.next_unit()
        self.chart.reset()
        self._show()

    def action_zoom(self, direction: int) -> None:
        """Change what part of the steps is in view."""
        self.chart.zoom(direction)
        self.refresh_bindings()

    def action_log(self) -> None:
        """Show the log in full."""
        if self.run is not None:
            self.post_message(LogWanted(self.run))

    def action_chart(self) -> None:
        """Go to the curve."""
        self.chart.focus()

    def action_list(self) -> None:
        """Go to the list of runs."""
        self.run_list.focus()

    def action_question(self, by: int) -> None:
        """Show the answers to the next question."""
        self.samples.next_question(by)

    def action_samples(self) -> None:
        """Go to the sample answers."""
        self.samples.focus()

    def focus_first(self) -> None:
        """The list of runs."""
        self.run_list.focus()
