"""The training pane: the form of a new run, or the monitor of those there are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.getters import query_one
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from data.errors import BurnishError, InputError
from data.formats.mapping import FieldMapping
from data.formats.mapping_file import load_mapping
from engine.demo.files import DATASET, demo_job
from engine.jobs.detached import LOG_FILE
from engine.jobs.events import RunState
from engine.reports import HardwareSampled, Report, RunsListed, RunSnapshot
from engine.training.job import DatasetSection, TrainingJob
from tui.literal import literal
from tui.messages import Flashed, RunStarted
from tui.pane import Pane
from tui.training.form import FormClosed, RunForm
from tui.training.job_file_view import JobFileClosed, JobFileView, JobFileWanted
from tui.training.log_view import LogClosed, LogView
from tui.training.monitor import LogWanted, Monitor
from tui.training.no_runs import NoRuns
from tui.training.run_messages import (
    DeletionWanted,
    DifferencesWanted,
    ExportWanted,
    NotesWanted,
    RunMarked,
    RunOpened,
    TableWanted,
    ViewClosed,
)
from tui.training.settings.reading import mapping_text
from tui.training.start_list import StartChosen, StartList, StartsWanted
from tui.widgets.figures import count, size
from tui.workspace import held_out_beside

if TYPE_CHECKING:
    from engine.engine import Engine
    from tui.training.difference_view import DifferenceView
    from tui.training.export.drawing import Drawing
    from tui.training.notes_editor import NotesEditor
    from tui.training.table_view import RunTable


_OWN_KEYS = ("form", "job-file", "starts", "run-notes")
"""Views in which the keys of the pane itself mean nothing, or something else."""


class TrainingPane(Pane):
    """Hands reports to the monitor and starts the form; shows one of them, the log in full, or what to do first."""

    TITLE = "Train"
    LATER = (
        ("tui.training.run_table", "TableLines"),
        ("tui.training.table_view", "TableFilter"),
        ("tui.training.difference_view", "DifferenceView"),
        ("tui.training.notes_editor", "NotesEditor"),
    )
    """Views that are made when they are first wanted, for the help."""
    DEFAULT_CSS = """
    TrainingPane > ContentSwitcher { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new_run", "New run", id="train.new", tooltip="Fill in and start a new run"),
    ]

    views = query_one(ContentSwitcher)
    monitor = query_one(Monitor)

    def __init__(self, engine: Engine, *, workspace: Path, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(engine, id=id)
        self._workspace = workspace
        # Mounted when it is first wanted: its lines take a fifth of a second.
        self.form = RunForm(engine, workspace, id="form")
        self.job_file = JobFileView(workspace, id="job-file")
        self.starts = StartList(workspace, id="starts")
        self._dataset: Path | None = None
        self._model: str | None = None
        self._filled = False
        self._before = "monitor"
        """The view that the differences and the notes go back to."""

    def compose(self) -> ComposeResult:
        """The views, one of which is shown; the form joins them when it is wanted."""
        with ContentSwitcher(initial="no-runs"):
            yield NoRuns(id="no-runs")
            yield Monitor(self.engine, id="monitor")
            yield LogView(id="log-view")

    # -- what the app calls

    def receive(self, report: Report) -> None:
        """Take note of runs and of the machine's memory."""
        if not isinstance(report, RunSnapshot | RunsListed | HardwareSampled) or not self.is_mounted:
            return
        self.monitor.receive(report)
        if isinstance(report, RunsListed):
            busy = (each for each in report.runs if each.state.active or each.state is RunState.QUEUED)
            self.form.show_at_work(tuple(each.run_id for each in busy))
        if isinstance(report, RunsListed) and self.views.current in ("no-runs", "monitor"):
            self._show("monitor" if report.runs else "no-runs")
        elif isinstance(report, RunsListed):
            self._refresh_view()
        elif isinstance(report, RunSnapshot) and self.views.current == "log-view":
            self.query_one(LogView).read_again()

    def dataset_opened(self, path: Path, rows: int) -> None:
        """The dataset pane shows this file: it is what a new run would be trained on."""
        self._dataset = path
        name = literal(path.name, one_line=True)
        if self.views.current == "form":
            self.form.reopen()
        self.query_one(NoRuns).show_dataset(f"{name} ({count(rows)} {'row' if rows == 1 else 'rows'})")

    def propose_model(self, model: str) -> None:
        """Start the form with this model."""
        self._model = model

    def new_run(self, prefill: TrainingJob | None = None) -> None:
        """Show the form, filled in with a job; without one it is as the person left it, on the dataset shown now."""
        if prefill is not None or not self._filled:
            self.form.fill(prefill or self._first_job())
            self._filled = True
        elif self._dataset is not None:
            job = self._first_job()
            self.form.suggest("dataset.path", job.dataset.path)
            self.form.suggest("dataset.held_out", job.dataset.held_out or "none")
            self.form.suggest("dataset.mapping", mapping_text(job.dataset.mapping))
        self.form.reopen()
        if not self.form.is_attached:
            self.views.mount(self.form)
        self._show("form")

    def focus_first(self) -> None:
        """What a person would type into: the form, the list of runs, or the place where n is pressed."""
        match self.views.current:
            case "form":
                self.form.focus_first()
            case "monitor":
                self.monitor.focus_first()
            case "log-view":
                self.query_one(LogView).focus_first()
            case "run-table":
                self._table.focus_first()
            case "run-notes":
                self._notes.focus_first()
            case other:
                self.query_one(f"#{other}").focus()

    # -- views

    def _show(self, view: str) -> None:
        if self.views.current == view:
            return
        focused = self.screen.focused
        # Textual moves the focus a moment after it is told to: on the way here it is in no widget of this pane yet.
        here = self.has_class("-active") or (focused is not None and self in focused.ancestors)
        self.views.current = view
        self.refresh_bindings()
        if here:
            self.focus_first()

    def _back(self) -> None:
        self._show("monitor" if self.monitor.has_runs else "no-runs")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """A new run can be asked for everywhere but where it is being made, and where one writes."""
        return self.views.current not in _OWN_KEYS if action == "new_run" else True

    def action_new_run(self) -> None:
        """Show the form."""
        self.new_run()
        self.focus_first()

    @on(StartsWanted)
    def _show_starts(self, message: StartsWanted) -> None:
        message.stop()
        if not self.starts.is_attached:
            self.views.mount(self.starts)
        self.starts.look()
        self._show("starts")

    @on(StartChosen)
    def _start_from(self, message: StartChosen) -> None:
        """Fill the form; a preset says how to train, and the dataset stays the one that is open."""
        message.stop()
        if message.start is not None:
            job = message.start.job
            if message.start.kind == "preset" and self._dataset is not None:
                job = replace(job, dataset=self._job_for_dataset().dataset)
            self.form.fill(job)
        self._show("form")

    @on(JobFileWanted)
    def _show_job_file(self, message: JobFileWanted) -> None:
        message.stop()
        if not self.job_file.is_attached:
            self.views.mount(self.job_file)
        self.job_file.open(message.job)
        self._show("job-file")

    @on(JobFileClosed)
    def _leave_job_file(self, message: JobFileClosed) -> None:
        message.stop()
        self._show("form")

    @on(FormClosed)
    @on(LogClosed)
    def _leave_view(self, message: FormClosed | LogClosed) -> None:
        message.stop()
        self._back()

    @on(LogWanted)
    def _show_log(self, message: LogWanted) -> None:
        message.stop()
        self.query_one(LogView).open(message.run.folder / LOG_FILE, message.run.run_id)
        self._show("log-view")

    @on(RunStarted)
    def _watch(self, message: RunStarted) -> None:
        """Look at the run that was just started; the message goes on to the app."""
        self.monitor.choose_run(message.run_id)
        self._back()

    # -- the table, differences, notes, deletion

    @property
    def _table(self) -> RunTable:
        return cast("RunTable", self.query_one("#run-table"))

    @property
    def _differences(self) -> DifferenceView:
        return cast("DifferenceView", self.query_one("#run-differences"))

    @property
    def _notes(self) -> NotesEditor:
        return cast("NotesEditor", self.query_one("#run-notes"))

    async def _made(self, view: str, make: Callable[[], Widget]) -> None:
        """Mount a view when it is first wanted."""
        if not self.query(f"#{view}"):
            await self.views.mount(make())

    def _refresh_view(self) -> None:
        """What changed of the runs, for the view that is shown."""
        match self.views.current:
            case "run-table":
                self._table.show_runs(self.monitor.runs, self.monitor.signs)
            case "run-differences":
                self._differences.show_runs(self._snapshots(self._differences.run_ids))
            case _:
                pass

    def _snapshots(self, run_ids: Sequence[str]) -> list[RunSnapshot]:
        listed = {run.run_id: run for run in self.monitor.runs}
        return [listed[run_id] for run_id in run_ids if run_id in listed]

    @on(TableWanted)
    async def _show_table(self, message: TableWanted) -> None:
        from tui.training.table_view import RunTable

        message.stop()
        await self._made("run-table", lambda: RunTable(id="run-table"))
        self._show("run-table")
        self._table.show_runs(self.monitor.runs, self.monitor.signs)
        self._table.table.choose(self.monitor.run_list.chosen)

    @on(DifferencesWanted)
    async def _show_differences(self, message: DifferencesWanted) -> None:
        from tui.training.difference_view import DifferenceView

        message.stop()
        if len(message.run_ids) < 2:
            said = "There is no other run to compare with; mark one with space."
            self.post_message(Flashed(said, severity="warning"))
            return
        await self._made("run-differences", lambda: DifferenceView(id="run-differences"))
        self._before = self.views.current or "monitor"
        self._differences.show_runs(self._snapshots(message.run_ids))
        self._show("run-differences")

    @on(NotesWanted)
    async def _show_notes(self, message: NotesWanted) -> None:
        from tui.training.notes_editor import NotesEditor

        message.stop()
        for run in self._snapshots((message.run_id,)):
            await self._made("run-notes", lambda: NotesEditor(id="run-notes"))
            self._before = self.views.current or "monitor"
            self._notes.open(run)
            self._show("run-notes")

    @on(ViewClosed)
    def _leave_side_view(self, message: ViewClosed) -> None:
        message.stop()
        before, self._before = self._before, "monitor"
        if self.views.current == "run-table" or not self.monitor.has_runs:
            self._back()
        else:
            self._show(before)
            self._refresh_view()

    @on(RunOpened)
    def _open_run(self, message: RunOpened) -> None:
        message.stop()
        self.monitor.choose_run(message.run_id)
        self._back()

    @on(RunMarked)
    def _mark_run(self, message: RunMarked) -> None:
        message.stop()
        self.monitor.toggle_mark(message.run_id)
        self._refresh_view()

    @on(DeletionWanted)
    def _ask_about_deletion(self, message: DeletionWanted) -> None:
        message.stop()
        for run in self._snapshots((message.run_id,)):
            if run.state.alive:
                said = f"{run.run_id} is at work; stop or kill it first."
                self.post_message(Flashed(said, severity="warning"))
            else:
                self._measure_and_ask(run.run_id)

    @work(exclusive=True, group="deletion", description="measure a run before it is deleted")
    async def _measure_and_ask(self, run_id: str) -> None:
        try:
            bytes_on_disk = await asyncio.wrap_future(self.engine.measure_run(run_id))
        except BurnishError:
            return  # the engine has told why
        confirm = self._table.confirm if self.views.current == "run-table" else self.monitor.confirm
        confirm.ask(
            f"Delete {run_id} with its model and checkpoints, {size(bytes_on_disk)}? It cannot be brought back.",
            lambda: self._delete(run_id),
        )

    def _delete(self, run_id: str) -> None:
        self.engine.delete_run(run_id)

    @on(ExportWanted)
    def _export(self, message: ExportWanted) -> None:
        from tui.training.export.files import drawing_of

        message.stop()
        drawing, title = drawing_of(message.content, message.view, message.runs)
        self._write_export(drawing, title, message.runs)

    @work(thread=True, exclusive=True, group="export", description="write a chart into files")
    def _write_export(self, drawing: Drawing, title: str, runs: tuple[RunSnapshot, ...]) -> None:
        from tui.training.export.files import export_chart

        try:
            written = export_chart(self._workspace, drawing, title, runs)
        except BurnishError as error:
            self.post_message(Flashed(error.sentence, severity="error"))
            return
        endings = ", ".join(path.suffix.removeprefix(".") for path in written)
        self.post_message(Flashed(f"Exported to {self._relative(written[0].with_suffix(''))} ({endings})."))

    # -- the job that a form starts with

    def _first_job(self) -> TrainingJob:
        """A first try on the dataset shown, with the model that was asked for."""
        job = self._job_for_dataset()
        return job if self._model is None else replace(job, model=self._model)

    def _job_for_dataset(self) -> TrainingJob:
        """The demo's job for the demo's dataset, else the defaults."""
        if self._dataset is None:
            return TrainingJob()
        path = self._relative(self._dataset)
        if path == DATASET:
            return demo_job()
        beside = held_out_beside(self._dataset)
        held_out = self._relative(beside) if beside else ""
        return TrainingJob(dataset=DatasetSection(path=path, held_out=held_out, mapping=self._mapping(self._dataset)))

    def _mapping(self, dataset: Path) -> FieldMapping:
        """What the workspace remembers of the dataset's fields."""
        try:
            return load_mapping(self._workspace, dataset) or FieldMapping()
        except InputError:
            return FieldMapping()

    def _relative(self, path: Path) -> str:
        return str(path.relative_to(self._workspace)) if path.is_relative_to(self._workspace) else str(path)
