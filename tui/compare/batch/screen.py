"""The screen of a batch: its rows in a table, one of them in full, the batches there were, and a form for a new one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.getters import query_one
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from data.errors import BurnishError
from engine.engine import Engine
from engine.evaluation.asked_rows import AskedRow
from engine.reports import BatchAdvanced, BatchListed
from tui.compare.batch.batch_list import BatchList
from tui.compare.batch.head import BatchHead
from tui.compare.batch.pairs import keep_shown
from tui.compare.batch.row_detail import BatchRowDetail
from tui.compare.batch.row_table import BatchTable
from tui.compare.batch.search_line import SearchLine
from tui.compare.batch.start_form import known, plan, questions
from tui.dataset.ask_panel import AskPanel
from tui.dataset.choice import Choice
from tui.messages import FaultShown, FileWritten
from tui.widgets.footer import FooterLine

_HALF_PAGE = 5
_KINDS = (("h", ".html", "HTML page"), ("c", ".csv", "CSV"), ("m", ".md", "Markdown"), ("j", ".jsonl", "JSON lines"))


class BatchScreen(Screen[AskedRow | None]):
    """Gives back the row that is to be asked in the chat, or nothing."""

    BINDING_GROUP_TITLE = "Evaluation"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", id="batch.search", tooltip="Only rows with some words"),
        Binding(
            "x",
            "export",
            "Export",
            show=False,
            id="batch.export",
            tooltip="Write the rows as HTML, CSV, Markdown or JSONL",
        ),
        Binding("c", "resume", "Go on", id="batch.resume", tooltip="Ask what is missing, and again what failed"),
        Binding("s", "stop", "Stop", id="batch.stop", tooltip="Stop asking; what was answered is kept"),
        Binding("n", "new", "New", id="batch.new", tooltip="Evaluate a run's held-out rows or a file"),
        Binding("o", "earlier", "Earlier", show=False, id="batch.earlier", tooltip="The evaluations of this workspace"),
        Binding(
            "P",
            "pairs",
            "Keep pairs",
            show=False,
            id="batch.pairs",
            tooltip="Preference pairs: the right answer chosen",
        ),
        Binding("space", "enlarge", "Whole row", show=False, id="batch.enlarge", tooltip="More room for the row"),
        Binding("ctrl+d", "scroll(1)", "Row down", show=False, id="batch.row-down", tooltip="Scroll the row down"),
        Binding("ctrl+u", "scroll(-1)", "Row up", show=False, id="batch.row-up", tooltip="Scroll the row up"),
        Binding("1", "go('dataset')", "Dataset", show=False, id="batch.dataset", tooltip="Back, and to the rows"),
        Binding("2", "go('training')", "Train", show=False, id="batch.training", tooltip="Back, and to the runs"),
        Binding("3", "go('compare')", "Compare", show=False, id="batch.compare", tooltip="Back to the chat"),
        Binding("escape,q,B", "leave", "Back", key_display="esc", id="batch.leave", tooltip="Back to the chat"),
    ]
    DEFAULT_CSS = """
    BatchScreen ContentSwitcher { height: 1fr; }
    BatchScreen #batch-rows { height: 1fr; layout: vertical; }
    BatchScreen BatchTable { margin: 0 1; }
    BatchScreen.-enlarged BatchRowDetail { height: 1fr; }
    BatchScreen.-enlarged BatchTable { height: 4; }
    """

    views = query_one(ContentSwitcher)
    head = query_one(BatchHead)
    table = query_one(BatchTable)
    detail = query_one(BatchRowDetail)
    search = query_one(SearchLine)
    choice = query_one(Choice)
    form = query_one(AskPanel)
    batches = query_one(BatchList)

    def __init__(self, engine: Engine, workspace: Path) -> None:
        super().__init__()
        self._engine = engine
        self._workspace = workspace
        self._batch: BatchAdvanced | None = None
        self._wanted_id = ""
        """The batch that is shown, or shown as soon as it is read."""
        self._said = ""
        self._fault = False
        """Whether what is said went wrong."""

    def compose(self) -> ComposeResult:
        """Head, then the rows with the chosen one in full, or the list, or the form."""
        yield BatchHead()
        with ContentSwitcher(initial="batch-list"):
            yield BatchList(id="batch-list")
            with Widget(id="batch-rows"):
                yield BatchTable(id="batch-table")
                yield BatchRowDetail()
            form = AskPanel()
            form.id = "batch-form"
            yield form
        yield Choice()
        yield SearchLine()
        yield FooterLine()

    def on_mount(self) -> None:
        """Show the newest batch; where there is none, the form."""
        self._load_facts()
        self._begin()

    def receive(self, batch: BatchAdvanced) -> None:
        """Take note of how a batch goes on; another than the one shown is passed over."""
        if batch.batch.id == self._wanted_id:
            self._show_batch(batch)

    # -- what is shown ------------------------------------------------------------------------------------------------

    @work(exclusive=True, group="begin", description="look for the newest evaluation")
    async def _begin(self) -> None:
        listed = await self._listed()
        if listed:
            self._open(listed[0].batch.id)
        else:
            await self._show_form()

    async def _listed(self) -> tuple[BatchListed, ...]:
        try:
            listed = await asyncio.wrap_future(self._engine.list_evaluations())
        except BurnishError as error:
            self._say(error.sentence)
            return ()
        self.batches.show_batches(listed)
        return listed

    @work(exclusive=True, group="open", description="read an evaluation")
    async def _open(self, batch_id: str) -> None:
        self._wanted_id = batch_id
        try:
            batch = await asyncio.wrap_future(self._engine.open_evaluation(batch_id))
        except BurnishError as error:
            self._say(error.sentence)
            return
        if batch.batch.id != self._wanted_id:
            return
        newer = self._batch if self._batch is not None and self._batch.batch.id == batch_id else None
        self._show("batch-rows")
        # Reports that came while the files were read know more than they.
        self._show_batch(newer if newer is not None and newer.answered > batch.answered else batch)

    def _show_batch(self, batch: BatchAdvanced) -> None:
        self._batch = batch
        self.table.show_batch(batch)
        self.detail.show_row(batch, self.table.row)
        self._write_head()
        self.refresh_bindings()

    def _write_head(self) -> None:
        self.head.show_batch(self._batch, self.table.wanted, self.table.length(), self._said, fault=self._fault)

    def _say(self, sentence: str, *, fault: bool = True) -> None:
        self._said, self._fault = sentence, fault
        if fault and sentence:
            self.post_message(FaultShown(sentence))
        self._write_head()

    def _show(self, view: str) -> None:
        if view != "batch-form":
            self.form.close()
        self.views.current = view
        self._focus()
        self.refresh_bindings()

    def _focus(self) -> None:
        match self.views.current:
            case "batch-rows":
                self.table.focus()
            case "batch-list":
                self.batches.focus()
            case _:
                self.form.focus_line()

    @work(thread=True, group="facts", description="load what compares answers")
    def _load_facts(self) -> None:
        from data.facts import compare

        compare("It has 2 cores.", "It has 4 cores.", question="How many cores?", reference="2 cores")
        self.app.call_later(self.detail.allow_facts)

    @on(BatchTable.Chosen)
    def _row_chosen(self, message: BatchTable.Chosen) -> None:
        message.stop()
        self.detail.show_row(self._batch, message.row)
        self._say("")

    @on(BatchTable.Kept)
    def _rows_kept(self, message: BatchTable.Kept) -> None:
        message.stop()
        self._say("")

    @on(BatchTable.Opened)
    def _ask_row(self, message: BatchTable.Opened) -> None:
        message.stop()
        self.dismiss(message.row.question)

    @on(BatchList.Opened)
    def _open_listed(self, message: BatchList.Opened) -> None:
        message.stop()
        self._said = ""
        self._open(message.batch_id)

    # -- keys ---------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Hide the keys of what cannot be done now; while something is typed or asked only escape is one."""
        if not self.is_mounted or action == "leave":
            return True
        view, batch = self.views.current, self._batch
        if view == "batch-form" or self.choice.asking or self.search.has_focus:
            return False
        match action:
            case "resume":
                return view == "batch-rows" and batch is not None and not batch.running and not _complete(batch)
            case "stop":
                return batch is not None and batch.running
            case "search" | "export" | "pairs" | "enlarge" | "scroll":
                return view == "batch-rows" and batch is not None
            case _:
                return True

    async def action_new(self) -> None:
        """Show the form."""
        await self._show_form()

    @work(exclusive=True, group="list", description="list the evaluations")
    async def action_earlier(self) -> None:
        """Show the batches there were."""
        await self._listed()
        self._show("batch-list")

    @work(exclusive=True, group="ask", description="go on with an evaluation")
    async def action_resume(self) -> None:
        """Ask what is missing."""
        self._say("")
        if self._batch is not None:
            try:
                await asyncio.wrap_future(self._engine.resume_evaluation(self._batch.batch.id))
            except BurnishError as error:
                self._say(error.sentence)

    def action_stop(self) -> None:
        """Stop asking."""
        self._engine.stop_evaluation()

    def action_search(self) -> None:
        """Type words to look for."""
        self.search.open(self.table.wanted.words)

    def action_enlarge(self) -> None:
        """More room for the row in full, or for the table again."""
        self.toggle_class("-enlarged")

    def action_scroll(self, direction: int) -> None:
        """Move the row in full."""
        self.detail.scroll(direction * _HALF_PAGE)

    def action_export(self) -> None:
        """Ask in which form."""
        answers = [*((key, word) for key, _, word in _KINDS), ("escape", "not")]
        self.choice.ask("export", "Export as", answers)
        self.refresh_bindings()

    @work(exclusive=True, group="export", description="keep preference pairs of an evaluation")
    async def action_pairs(self) -> None:
        """Keep a preference pair of each row in the table of which one side is right and the other one wrong."""
        if self._batch is None:
            return
        try:
            said, written = await keep_shown(self._batch, self.table.wanted, self._workspace)
        except BurnishError as error:
            self._say(error.sentence)
            return
        self._say(said, fault=not written)
        for path in written:
            self.post_message(FileWritten(path))

    def action_leave(self) -> None:
        """Back to the rows, or to the chat."""
        if self.choice.asking:
            self.choice.close()
        elif self.views.current != "batch-rows" and self._batch is not None:
            self._show("batch-rows")
            return
        else:
            self.dismiss(None)
            return
        self._focus()

    async def action_go(self, pane: str) -> None:
        """Close this screen, and go to a pane."""
        self.dismiss(None)
        await self.app.run_action(f"app.pane('{pane}')")

    @on(SearchLine.Typed)
    def _search(self, message: SearchLine.Typed) -> None:
        message.stop()
        self.table.search(message.words)
        if message.done:
            self.table.focus()
            self.refresh_bindings()

    # -- the form -----------------------------------------------------------------------------------------------------

    async def _show_form(self) -> None:
        self._said = ""
        asked, about = await asyncio.to_thread(lambda: (questions(self._workspace), known(self._workspace)))
        self.views.current = "batch-form"
        await self.form.open("evaluate many rows", asked)
        self.form.say(about)
        self.refresh_bindings()

    @on(AskPanel.Left)
    def _leave_form(self, message: AskPanel.Left) -> None:
        message.stop()
        self.action_leave()

    @on(AskPanel.Changed)
    def _form_edited(self, message: AskPanel.Changed) -> None:
        message.stop()

    @on(AskPanel.Accepted)
    @work(exclusive=True, group="ask", description="start an evaluation")
    async def _start(self, message: AskPanel.Accepted) -> None:
        message.stop()
        try:
            self._wanted_id = await asyncio.wrap_future(self._engine.evaluate(plan(message.values, self._workspace)))
        except BurnishError as error:
            self._say(error.sentence)
            return
        self._batch = None
        self._open(self._wanted_id)

    # -- exporting ----------------------------------------------------------------------------------------------------

    @on(Choice.Made)
    @work(exclusive=True, group="export", description="export an evaluation")
    async def _export(self, message: Choice.Made) -> None:
        from engine.evaluation.export.writing import free_name

        message.stop()
        self._focus()
        self.refresh_bindings()
        ending = next((ending for key, ending, _ in _KINDS if key == message.key), "")
        if not ending or self._batch is None:
            return
        path = free_name(self._workspace, self._batch.batch.id, ending)
        try:
            await asyncio.wrap_future(self._engine.export_evaluation(self._batch.batch.id, path))
        except BurnishError as error:
            self._say(error.sentence)
        else:
            self._say(f"Written to {path.name}.", fault=False)


def _complete(batch: BatchAdvanced) -> bool:
    return batch.answered == batch.batch.total
