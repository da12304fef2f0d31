"""The dataset pane: one file at a time, its rows, and what happens between it and the disk."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from data.errors import BurnishError, InputError
from data.formats.conversation import Conversation
from data.row_append import row_for
from data.rows.disk_state import ChangedOnDisk
from data.store import RowStore
from data.wording import counted
from engine.datasets.files import HubDataset, named_by
from engine.engine import Engine
from tui.dataset import recovery
from tui.dataset.browser import RowBrowser
from tui.dataset.checking import CheckDesk
from tui.dataset.choice import Choice
from tui.dataset.desk import RowDesk
from tui.dataset.file_tools import FileTools
from tui.dataset.heading import Heading, facts_of
from tui.dataset.many import ManyRows
from tui.dataset.recovery import Recovery
from tui.dataset.row_verbs import RowVerbs
from tui.dataset.slices import Slices
from tui.dataset.split_tools import SplitTools
from tui.dataset.table import RowTable
from tui.messages import DatasetOpened, DatasetSaved, Flashed
from tui.pane import Pane

if TYPE_CHECKING:
    from engine.models.tokenizer import Tokenizing
    from engine.reports import Report
    from tui.dataset.picker import FilePicker

_INDEX_STEP = 16 << 20
"""Bytes looked at between two paints of the number of rows."""
_LOOK_AT_DISK = 4.0
"""Seconds between two looks at whether somebody else wrote to the file: one stat."""


class DatasetPane(Pane):
    """Shows a file's rows and edits them; saves only when told to, and never over somebody else's change unasked."""

    TITLE = "Dataset"
    BINDING_GROUP_TITLE = "Dataset"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w,ctrl+s", "save", "Save", id="dataset.save", tooltip="Write the edits into the file"),
        Binding("o", "open", "Open", show=False, id="dataset.open", tooltip="Open another file"),
    ]
    LATER = (("tui.dataset.picker", "FilePicker"),)
    DEFAULT_CSS = """
    DatasetPane {
        &.-picking > SplitTools { display: none; }
    }
    """

    def __init__(self, engine: Engine, *, workspace: Path, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(engine, id=id)
        self._workspace = workspace
        self._store: RowStore | None = None
        self._next_file: Path | None = None
        self._offered: tuple[int, ...] = ()
        self._changed_on_disk = False
        self._ended_runs: set[str] = set()
        self.desk = RowDesk(workspace)
        files = FileTools(ManyRows(CheckDesk(RowVerbs(self.desk), workspace), workspace), workspace)
        self._tools = SplitTools(files, workspace)
        self._choice = Choice()
        self._recovery = Recovery(self._choice)
        self._picker: FilePicker | None = None

    def compose(self) -> ComposeResult:
        """A heading, a question where there is one, and the rows; the picker comes when it is needed."""
        yield Heading()
        yield self._choice
        yield self._tools

    def on_mount(self) -> None:
        """Notice when somebody else writes to the file."""
        self.set_interval(_LOOK_AT_DISK, self.look_at_disk)

    # -- for the app and the other panes ------------------------------------------------------------------------------

    def receive(self, report: Report) -> None:
        """A run that has ended may have measured the rows of the file."""
        from engine.reports import RunSnapshot

        if not isinstance(report, RunSnapshot):
            return
        if report.state.alive:
            self._ended_runs.discard(report.run_id)
        elif report.run_id not in self._ended_runs:
            self._ended_runs.add(report.run_id)
            self.desk.read_losses()

    @property
    def path(self) -> Path | None:
        """The file that is open."""
        return self._store.path if self._store is not None else None

    @property
    def unsaved(self) -> int:
        """Edits that are not on disk, what is being typed included."""
        edits = self._store.unsaved if self._store is not None else 0
        return edits + self.desk.editor.changed

    def row_for(self, question: str) -> tuple[str, int] | None:
        """The dataset's answer to a question and its row, counted from 1; None when no row asks it."""
        store, survey, form = self._store, self.desk.survey, self.desk.format
        index = survey.row_asking(store, question) if store is not None and survey is not None else None
        if store is None or index is None or form is None:
            return None
        row = store.row(index)
        return form.answer(row.values or {}), row.number

    def open_file(self, path: Path) -> None:
        """Show this file, or the dataset of the hub that is named; where edits are unsaved, ask first."""
        if (dataset := named_by(path, self._workspace)) is not None:
            self._fetch(dataset)
            return
        if self.unsaved and self._store is not None and path.is_file():
            self._next_file = path
            question = f"{self._store.path.name} has {counted(self.unsaved, 'unsaved edit')}"
            self._choice.ask("leave", question, [("s", "save"), ("d", "discard"), ("escape", "stay")])
            return
        self._open(path)

    def trained_with(self, wanted: Tokenizing | None = None) -> None:
        """Count tokens as training with this model would, or as the workspace's newest run did."""
        self.desk.count_with(wanted)

    def take(self, said: Conversation) -> str:
        """Add a row that says this at the end of the file, in its format; where it went, in a sentence.

        It is saved at once where nothing else is unsaved. Raises BurnishError, and then nothing has changed.
        """
        store, form = self._store, self.desk.format
        if store is None or form is None or not store.indexed:
            raise InputError("The dataset is still being read; add the row in a moment.")
        others, number = store.unsaved, len(store) + 1
        self.desk.append(row_for(store, said, form.form))
        where = f"The corrected answer is row {number:,} of {store.path.name}"
        if others or self._changed_on_disk:
            return f"{where}, not saved yet like {counted(others, 'other edit')}: w in the dataset pane saves."
        self._save()
        return f"{where}."

    def file_written(self, path: Path) -> None:
        """Show what burnish itself wrote into a file, where it is the open one and has no edits to lose."""
        store = self._store
        if store is not None and not self.unsaved and store.path.resolve() == path.resolve():
            self._reload()

    def focus_first(self) -> None:
        """To the question that is asked, or to where a person goes on."""
        if self._choice.asking:
            self._choice.focus()
        elif self.has_class("-picking"):
            assert self._picker is not None
            self._picker.focus_input()
        else:
            self._tools.focus_first()

    def on_unmount(self) -> None:
        """Let the file go; unsaved edits stay in the journal and are offered next time."""
        if self._store is not None:
            self._store.close()

    # -- opening ------------------------------------------------------------------------------------------------------

    def _open(self, path: Path, *, keep_edits: bool = True) -> None:
        try:
            store = RowStore.open(path, journals=self._workspace / ".burnish" / "journals")
        except BurnishError as error:
            self._flash(error.sentence, "error")
            return
        if self._store is not None:
            self._store.close(keep_edits=keep_edits)
        self._store = store
        self._stop_picking()
        self._tools.leave_all()
        self.desk.show(store)
        self._show_heading()
        self._index(store)

    @work(exclusive=True, group="fetch")
    async def _fetch(self, dataset: HubDataset) -> None:
        """Bring a dataset of the hub into the workspace, and show its first file."""
        from engine.datasets.fetch import fetch

        try:
            paths = await asyncio.to_thread(fetch, dataset, self._workspace, report=lambda note: self._flash(note.text))
        except BurnishError as error:
            self._flash(error.sentence, "error")
            return
        if len(paths) > 1:
            self._flash(f"{dataset.hub_id} is in {len(paths)} files: o opens the others")
        self.open_file(paths[0])

    @work(exclusive=True, group="index")
    async def _index(self, store: RowStore) -> None:
        """Find all rows, showing those known so far; then offer the edits of an interrupted session."""
        # What holds up keys for a moment at the start is over then, and all rows are known when it is.
        if not store.indexed:
            await Slices.until_free()
        try:
            while not store.indexed:
                await asyncio.to_thread(store.index_some, _INDEX_STEP)
                self.desk.rows_came()
                self._show_heading()
        except BurnishError as error:
            self._flash(error.sentence, "error")
            return
        self.desk.all_rows_came()
        self.post_message(DatasetOpened(store.path, len(store)))
        form = self.desk.format
        if store.problem:
            self._flash(store.problem, "warning")
        elif form is not None and form.form is None:
            self._flash("no known format: m says which field is the question and which the answer", "warning")
        self._recovery.begin(store)

    def _recover(self, key: str) -> None:
        if self._store is None:
            return
        try:
            made = self._recovery.answer(self._store, key)
        except BurnishError as error:
            self._flash(error.sentence, "error")
            return
        if made:
            self.desk.all_rows_came()
            self._flash(made)

    # -- saving -------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What cannot be done now is not offered."""
        if action == "save":
            due = self._store is not None and (self._store.unsaved or self._changed_on_disk)
            return bool(due and self.desk.table.has_focus)
        if action == "open":
            return self._store is None or self.desk.table.has_focus
        return True

    def action_save(self) -> None:
        """Write the edits into the file; where somebody else did so, ask first."""
        if self._changed_on_disk:
            self._ask_about_change()
        else:
            self._save()

    @work(exclusive=True, group="disk")
    async def look_at_disk(self) -> None:
        """Say once when somebody else changed the file."""
        store = self._store
        if store is None or not store.indexed:
            return
        changed = await asyncio.to_thread(store.changed_on_disk)
        if store is self._store and changed != self._changed_on_disk:
            self._changed_on_disk = changed
            self._show_heading()
            self.refresh_bindings()
            if changed:
                self._flash(f"{store.path.name} was changed on disk by another program · w asks what to do", "warning")

    def _ask_about_change(self) -> None:
        store = self._store
        if store is None:
            return
        unsaved = store.unsaved
        answers = [
            ("r", "reload, giving up your edits" if unsaved else "reload"),
            ("o", "keep yours and overwrite"),
            ("v", "see the difference"),
            ("escape", "decide later"),
        ]
        self._choice.ask("conflict", f"{store.path.name} was changed by somebody else", answers)

    @work(exclusive=True, group="save")
    async def _save(self, *, overwrite: bool = False, then: Path | None = None) -> None:
        store = self._store
        if store is None:
            return
        try:
            with Slices.waited_for():
                await asyncio.to_thread(store.save, overwrite=overwrite)
        except ChangedOnDisk:
            self._ask_about_change()
            return
        except BurnishError as error:
            self._flash(error.sentence, "error")
            return
        self._changed_on_disk = False
        self.desk.rows_saved()
        self._show_heading()
        self._flash(f"{store.path.name} saved")
        self.post_message(DatasetSaved(store.path, len(store)))
        if then is not None:
            self._open(then)

    def _reload(self) -> None:
        store = self._store
        if store is None:
            return
        try:
            store.reload()
        except BurnishError as error:
            self._flash(error.sentence, "error")
            return
        self._changed_on_disk = False
        self.desk.show(store)
        self._show_heading()
        self._index(store)

    @on(FileTools.Mapped)
    def _mapped(self) -> None:
        if self._store is not None:
            self.desk.show(self._store)
            self.desk.all_rows_came()
            self._show_heading()

    # -- answers ------------------------------------------------------------------------------------------------------

    @on(Choice.Made)
    def _chosen(self, event: Choice.Made) -> None:
        event.stop()
        self.focus_first()
        match event.about, event.key:
            case recovery.ABOUT, key:
                self._recover(key)
            case "conflict", "r":
                self._reload()
            case "conflict", "v":
                self._tools.files.show_difference()
            case "conflict", "o":
                self._save(overwrite=True)
            case "leave", "s" if self.desk.keep_open_edit():
                self._save(then=self._next_file)
            case "leave", "d" if self._next_file is not None:
                self._open(self._next_file, keep_edits=False)

    async def action_open(self) -> None:
        """Choose another file."""
        from tui.dataset.picker import FilePicker

        if self._picker is None:
            self._picker = FilePicker(self._workspace)
            await self.mount(self._picker)
        self.add_class("-picking")
        self._picker.open()

    def on_file_picker_left(self) -> None:
        """Back to the rows."""
        self._stop_picking()

    def _stop_picking(self) -> None:
        if self._picker is not None and self.has_class("-picking"):
            self._picker.close()
            self.remove_class("-picking")
            self.focus_first()

    def on_file_picker_picked(self, event: FilePicker.Picked) -> None:
        """Open the file that was chosen."""
        event.stop()
        self.open_file(event.path)

    @on(RowDesk.RowsEdited)
    @on(RowBrowser.ViewChanged)
    @on(RowTable.CursorMoved)
    def _show_heading(self) -> None:
        desk, store = self.desk, self._store
        heading = self.query_one(Heading)
        if store is None or desk.format is None or desk.survey is None:
            heading.show(None)
            return
        offered = (
            store.can_undo,
            store.can_redo,
            store.unsaved > 0,
            desk.browser.filtered,
            bool(desk.table.marked),
            len(desk.checkup.flags),
        )
        if offered != self._offered:
            self._offered = offered
            self.refresh_bindings()
        heading.show(facts_of(store, desk, desk.format, desk.survey, changed_on_disk=self._changed_on_disk))

    def _flash(self, text: str, severity: str = "information") -> None:
        self.post_message(Flashed(text, severity=severity))
