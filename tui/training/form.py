"""The form of a new run: one line a setting, what each means, and what the run will do."""

from __future__ import annotations

import asyncio
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.getters import query_one
from textual.message import Message

from data.errors import BurnishError
from engine.training.job import TrainingJob
from engine.training.plan import Plan
from tui.literal import literal
from tui.messages import Flashed, RunStarted, TrainingPlanned
from tui.training.draft import Draft, SettingError, setting_error
from tui.training.form_lines import GroupLine, StartLine
from tui.training.job_check import Checked, checked, same_files
from tui.training.job_file_view import JobFileWanted
from tui.training.plan_lines import at_work_line, costs_line, steps_line
from tui.training.setting_row import SettingEdited, SettingRow
from tui.training.settings import SETTINGS
from tui.training.start_list import StartsWanted
from tui.widgets.lines import Line, Lines, wrapped
from tui.widgets.scroll import Scroll

if TYPE_CHECKING:
    from engine.engine import Engine


class FormClosed(Message):
    """The person left the form without starting a run."""


class RunForm(Container):
    """Edits a `Draft`; every change is checked, first by the job's own rules, then against the files."""

    DEFAULT_CSS = """
    RunForm { height: 1fr; padding: 0 1; }
    RunForm > #heading { height: 1; }
    RunForm > #settings { height: 1fr; scrollbar-size-vertical: 1; }
    RunForm > #notice { height: 6; dock: bottom; padding-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,ctrl+j", "start", "Start", key_display="^s", id="form.start", tooltip="Start the run"),
        Binding(
            "ctrl+n",
            "start(True)",
            "Queue",
            key_display="^n",
            id="form.queue",
            tooltip="Start the run when those at work have ended",
        ),
        Binding(
            "ctrl+t",
            "advanced",
            "More settings",
            key_display="^t",
            id="form.advanced",
            tooltip="Show or hide the rarer settings",
        ),
        Binding(
            "ctrl+o",
            "starts",
            "Start from",
            key_display="^o",
            id="form.starts",
            tooltip="Fill the form from a preset, a job file or an earlier run",
        ),
        Binding(
            "ctrl+g",
            "file",
            "Job file",
            key_display="^g",
            id="form.file",
            tooltip="The job file that these settings make, and the command that starts it",
        ),
        Binding(
            "escape,q",
            "close",
            "Back",
            key_display="esc",
            id="form.close",
            tooltip="Leave the form; what is in it stays",
        ),
        Binding(
            "down,enter,tab",
            "next(1)",
            "Next",
            key_display="↓",
            show=False,
            id="form.next",
            tooltip="To the next setting",
        ),
        Binding(
            "up,shift+tab",
            "next(-1)",
            "Previous",
            key_display="↑",
            show=False,
            id="form.previous",
            tooltip="To the setting before",
        ),
    ]

    notice = query_one("#notice", Lines)

    def __init__(self, engine: Engine, workspace: Path, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._engine = engine
        self._workspace = workspace
        self._draft = Draft(TrainingJob())
        self._with_advanced = False
        self._focus_wanted = False
        self._job: TrainingJob | None = None
        self._problem: SettingError | None = None
        self._plan: tuple[TrainingJob, Plan] | None = None
        self._told: tuple[str, int] | None = None
        self._file_problem: tuple[TrainingJob, SettingError] | None = None
        self._checking: TrainingJob | None = None
        self._starting = False
        self._at_work: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Heading, settings, and below them the explanation and the plan."""
        yield Lines(id="heading")
        with Scroll(id="settings", can_focus=False):
            yield from self._new_rows(advanced=False)
            yield StartLine()
        yield Lines(id="notice")

    def on_mount(self) -> None:
        """Show the draft."""
        self.query_one("#heading", Lines).show_lines(((("new run", "title"),),))
        self._show_rows()
        self._check()
        if self._focus_wanted:
            self.focus_first()

    # -- what the pane calls

    def fill(self, job: TrainingJob) -> None:
        """Start from this job."""
        self._draft = Draft(job)
        self._show_texts([setting.path for setting in SETTINGS])
        self.reopen()

    def suggest(self, path: str, text: str) -> None:
        """Fill in a setting that the person has not touched."""
        self._draft.suggest(path, text)
        self._show_texts([path])

    def show_at_work(self, runs: tuple[str, ...]) -> None:
        """These runs are at work or wait for their turn."""
        if runs != self._at_work:
            self._at_work = runs
            if self.is_mounted:
                self._show_notice()

    def reopen(self) -> None:
        """Look at the files anew, and be ready to start a run."""
        self._starting = False
        self._plan = self._file_problem = None
        if self.is_mounted:
            self._show_rows()
            self._check()

    def focus_first(self) -> None:
        """The first setting, or the one that cannot be used; as soon as there are any."""
        rows = self._rows()
        self._focus_wanted = not rows
        if not rows:
            return
        refused = [row for row in rows if self._problem is not None and row.setting.path == self._problem.path]
        (refused or rows)[0].take_focus()

    # -- settings

    def _new_rows(self, *, advanced: bool) -> list[SettingRow]:
        return [
            SettingRow(setting, self._draft.texts[setting.path]) for setting in SETTINGS if setting.advanced == advanced
        ]

    def _new_groups(self) -> list[SettingRow | GroupLine]:
        """The rarer settings, each group under its heading."""
        lines: list[SettingRow | GroupLine] = []
        for group, rows in groupby(self._new_rows(advanced=True), key=lambda row: row.setting.group):
            lines += [GroupLine(group), *rows]
        return lines

    def _rows(self) -> list[SettingRow]:
        return [row for row in self.query(SettingRow) if row.display]

    def _show_texts(self, paths: list[str]) -> None:
        """Write these settings anew. Never the one being typed into: what was typed since would be lost."""
        for row in self.query(SettingRow) if self.is_mounted else ():
            if row.setting.path in paths:
                row.show_text(self._draft.texts[row.setting.path])

    def _show_rows(self) -> None:
        """Show the settings that the method has, the rarer ones only where they are wanted."""
        for row in self.query(SettingRow):
            row.display = self._draft.applies(row.setting) and (self._with_advanced or not row.setting.advanced)
        for heading in self.query(GroupLine):
            heading.display = any(row.setting.group == heading.group for row in self._rows())

    @on(SettingEdited)
    def _edited(self, message: SettingEdited) -> None:
        message.stop()
        self._show_texts(self._draft.set(message.path, message.text))
        self._show_rows()
        self._check()

    # -- checking

    def _check(self) -> None:
        """Check the draft by the job's rules now, and against the files in a thread."""
        try:
            self._job, self._problem = self._draft.job(), None
        except SettingError as problem:
            self._job, self._problem = None, problem
        if self._job is not None:
            if self._file_problem is not None and same_files(self._file_problem[0], self._job):
                self._problem = self._file_problem[1]
            elif self._plan is None or not same_files(self._plan[0], self._job):
                self._check_files(self._job)
            else:
                self._tell(self._job)
        self._show_notice()

    def _tell(self, job: TrainingJob) -> None:
        """Say which model is to be trained on rows of which length, once."""
        planned = job.model, job.training.max_length
        if planned != self._told:
            self._told = planned
            self.post_message(TrainingPlanned(*planned))

    def _check_files(self, job: TrainingJob) -> None:
        """One check at a time; when it ends, the draft as it is then is checked if it differs."""
        if self._checking is None:
            self._checking = job
            self._read_files(job)

    @work(thread=True, group="check", description="check a job against its files")
    def _read_files(self, job: TrainingJob) -> None:
        self.post_message(checked(job, self._workspace))

    @on(Checked)
    def _take_check(self, message: Checked) -> None:
        message.stop()
        self._checking = None
        self._plan = (message.job, message.plan) if message.plan else None
        self._file_problem = (message.job, message.problem) if message.problem else None
        self._check()

    def on_descendant_focus(self) -> None:
        """Explain the setting that has the focus now."""
        self._show_notice()

    def on_resize(self) -> None:
        """Wrap the explanation anew."""
        self._show_notice()

    def _show_notice(self) -> None:
        width = self.notice.size.width
        if width < 10:
            return
        for row in self.query(SettingRow):
            row.refuse(self._problem is not None and row.setting.path == self._problem.path)
        row = self._focused_row()
        lines: list[Line] = []
        explanation = (
            self._draft.explanation(row.setting) if row else "Starts the run; it goes on when you leave burnish."
        )
        lines += [((line, "dim"),) for line in wrapped(explanation, width, 2)]
        lines += [()] * (2 - len(lines))
        if self._problem is not None and not self._starting:
            sentence = f"✗ {literal(self._problem.sentence, one_line=True)}"
            lines += [((line, "disagrees"),) for line in wrapped(sentence, width, 3)]
        else:
            busy = () if self._starting else at_work_line(self._at_work, width)
            lines += [self._verdict(width), self._costs(width), busy]
        self.notice.show_lines(tuple(lines))

    def _verdict(self, width: int) -> Line:
        """What the run will do."""
        if self._starting:
            return (("▶ starting …", "accent"),)
        if self._job is None or self._plan is None or not same_files(self._plan[0], self._job):
            return (("reading the dataset …", "dim"),)
        return steps_line(self._job, self._plan[1], width)

    def _costs(self, width: int) -> Line:
        """The line below: what the run takes."""
        planned = self._plan is not None and self._job is not None and same_files(self._plan[0], self._job)
        return costs_line(self._plan[1], width) if planned and self._plan else ()

    # -- keys

    def _focused_row(self) -> SettingRow | None:
        focused = self.screen.focused
        return next((each for each in focused.ancestors if isinstance(each, SettingRow)), None) if focused else None

    def action_next(self, by: int) -> None:
        """To the next line or the one before; enter on the last line starts the run."""
        focused = self.screen.focused
        start = self.query_one(StartLine)
        rows: list[SettingRow | StartLine] = [*self._rows(), start]
        current = self._focused_row() or start
        index = rows.index(current) if current in rows and focused is not None else -1
        target = rows[(index + by) % len(rows)]
        if isinstance(target, SettingRow):
            target.take_focus()
        else:
            target.focus()

    def on_input_submitted(self) -> None:
        """Enter goes on to the next setting."""
        self.action_next(1)

    def action_advanced(self) -> None:
        """Show or hide the rarer settings."""
        self._with_advanced = not self._with_advanced
        if not any(row.setting.advanced for row in self.query(SettingRow)):
            self.query_one("#settings").mount(*self._new_groups(), before=self.query_one(StartLine))
        self._show_rows()
        row = self._focused_row()
        if row is not None and not row.display:
            self._rows()[-1].take_focus()

    def action_starts(self) -> None:
        """Choose what to start from."""
        self.post_message(StartsWanted())

    def action_file(self) -> None:
        """Show the job as a file; one that cannot be used is mended first."""
        if self._job is None:
            self.focus_first()
        else:
            self.post_message(JobFileWanted(self._job))

    def action_close(self) -> None:
        """Leave the form."""
        self.post_message(FormClosed())

    @on(StartLine.Pressed)
    def _start_now(self) -> None:
        self.action_start()

    def action_start(self, queued: bool = False) -> None:
        """Start the run that the form describes, at once or when those at work have ended."""
        if self._starting:
            return
        if self._job is not None and self._problem is not None:
            self._check()  # what was refused before may be possible now
        if self._problem is not None:
            self.post_message(Flashed(f"Not started: {self._problem.sentence}", severity="warning"))
            self.focus_first()
            return
        if self._job is None:
            return
        self._starting = True
        self._show_notice()
        self._start(self._job, queued)

    @work(group="start", description="start a run")
    async def _start(self, job: TrainingJob, queued: bool) -> None:
        try:
            run_id = await asyncio.wrap_future(self._engine.start_run(job, queued=queued))
        except BurnishError as error:
            self._starting, self._problem = False, setting_error(error.sentence)
            self._show_notice()
        else:
            # Nothing more is started from here until the form is opened again: a second ctrl+s may be on its way.
            self.post_message(RunStarted(run_id))
