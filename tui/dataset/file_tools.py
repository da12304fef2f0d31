"""What is done with the open file as a whole: say what its fields are, count it, write it in another format."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from data.errors import BurnishError, InputError
from data.store import RowStore
from data.wording import counted
from tui.dataset.ask_panel import AskPanel
from tui.dataset.difference_lines import difference_lines
from tui.dataset.many import ManyRows
from tui.dataset.slices import Slices
from tui.dataset.statistics_lines import statistics_lines
from tui.dataset.text_panel import TextPanel
from tui.literal import literal
from tui.messages import Flashed

_VERBS = ("map", "count", "export")
_SAMPLE = 100
_MOST_DIFFERENCES = 500


class FileTools(Vertical):
    """The rows with all their verbs, and panels that take their place."""

    BINDING_GROUP_TITLE = "The whole file"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "m", "map", "Fields", show=False, id="dataset.map", tooltip="Say which field is the question, the answer"
        ),
        Binding("S", "count", "Statistics", show=False, id="dataset.count", tooltip="Rows, tokens, turns, a histogram"),
        Binding("E", "export", "Export", show=False, id="dataset.export", tooltip="Write the rows in another format"),
    ]
    DEFAULT_CSS = """
    FileTools {
        height: 1fr;
        &.-panel > ManyRows { display: none; }
    }
    """

    class Mapped(Message):
        """The file's fields mean something else now."""

    def __init__(self, many: ManyRows, workspace: Path) -> None:
        super().__init__()
        self.many = many
        self.desk = many.desk
        self._workspace = workspace
        self._ask = AskPanel()
        self._text = TextPanel()
        self._doing = ""
        self._why = ""

    def compose(self) -> ComposeResult:
        """The rows, or what took their place."""
        yield self.many
        yield self._ask
        yield self._text

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What cannot be done now is not offered."""
        return action not in _VERBS or (self.desk.store is not None and self.desk.table.has_focus)

    def focus_first(self) -> None:
        """To where a person goes on."""
        if self._ask.has_class("-open"):
            self._ask.focus_line()
        elif self._text.has_class("-open"):
            self._text.focus_lines()
        else:
            self.many.focus_first()

    def leave_all(self) -> None:
        """Show the rows, whatever took their place."""
        self._leave()
        self.many.leave_all()

    @on(AskPanel.Left)
    @on(TextPanel.Left)
    def _leave(self) -> None:
        if self.has_class("-panel"):
            self.workers.cancel_group(self, "tool")
            self._ask.close()
            self._text.close()
            self.remove_class("-panel")
            self.desk.focus_first()

    @on(AskPanel.Changed)
    def _answered(self, event: AskPanel.Changed) -> None:
        event.stop()
        if isinstance(event, AskPanel.Accepted):
            if self._doing == "map":
                self._save_mapping(dict(event.values))
            else:
                self._export(dict(event.values), write=True)
        elif self._doing == "map":
            self._show_mapping(dict(event.values))
        else:
            self._export(dict(event.values), write=False)

    # -- what the fields are ------------------------------------------------------------------------------------------

    @work(exclusive=True, group="tool")
    async def action_map(self) -> None:
        """Ask what each field is."""
        from tui.dataset.mapping_form import evidence, questions

        store, form = self.desk.store, self.desk.format
        if store is None or form is None:
            return
        rows = self._sample(store)
        asked = questions(rows, form.mapping)
        if not asked:
            self._flash("no row of this file has fields", "warning")
            return
        self._doing = "map"
        self.add_class("-panel")
        self._why = "" if form.mapping is not None else literal(evidence(rows), one_line=True)
        await self._ask.open(f"what the fields of {store.path.name} are", asked)
        self._show_mapping(self._ask.values)

    def _show_mapping(self, values: dict[str, str]) -> None:
        from tui.dataset.mapping_form import mapping_from_answers, outcome

        mapping, store = mapping_from_answers(values), self.desk.store
        if store is None:
            return
        if not mapping:
            self._ask.say("no field is named: the format is told from the rows again")
            return
        try:
            mapping.check(store.path.name)
        except InputError as error:
            self._ask.say(Content.assemble(("! ", "$disagrees"), literal(error.sentence, one_line=True)))
            return
        found = outcome(mapping, self._sample(store), self.size.width)
        self._ask.say(Content.assemble(found, (f"\nfilled in because {self._why}", "$dim") if self._why else ""))

    def _save_mapping(self, values: dict[str, str]) -> None:
        from data.formats.mapping_file import save_mapping
        from tui.dataset.mapping_form import mapping_from_answers

        mapping, store = mapping_from_answers(values), self.desk.store
        if store is None:
            return
        try:
            save_mapping(self._workspace, store.path, mapping or None)
        except BurnishError as error:
            self._ask.say(Content.assemble(("! ", "$disagrees"), literal(error.sentence, one_line=True)))
            return
        self._leave()
        self.post_message(self.Mapped())

    def _sample(self, store: RowStore) -> list[dict[str, object]]:
        rows = (store.row(index).values for index in range(min(len(store), _SAMPLE)))
        return [row for row in rows if row]

    # -- statistics ---------------------------------------------------------------------------------------------------

    @work(exclusive=True, group="tool")
    async def action_count(self) -> None:
        """Count the rows, their lengths and turns."""
        from data.rendered_row import count_rows
        from data.statistics import Counting

        desk = self.desk
        store, form = desk.store, desk.format
        if store is None or form is None:
            return
        if form.form is None:
            self._flash("m says what the fields are; then there is something to count", "warning")
            return
        self.add_class("-panel")
        title = f"statistics of {store.path.name}"
        self._text.open(title, [])
        template = desk.tokens.template
        count = None if template is None else lambda rows: count_rows(template, rows)
        counting, slices = Counting(store.snapshot(), form.form, count), Slices()
        try:
            for done in counting.run():
                if slices.due:
                    self._text.show(f"{title} … {100 * done:.0f} %", [])
                    await slices.pause()
        except BurnishError as error:
            self._flash(error.sentence, "error")
            return
        if counting.result is not None:
            model = desk.tokens.name if template is not None else ""
            self._text.show(title, statistics_lines(counting.result, self.size.width, model))

    # -- another format -----------------------------------------------------------------------------------------------

    @work(exclusive=True, group="tool")
    async def action_export(self) -> None:
        """Ask for a format and a file."""
        from tui.dataset.export_form import questions

        store, form = self.desk.store, self.desk.format
        if store is None or form is None:
            return
        if form.form is None:
            self._flash("m says what the fields are; then they can be written in another format", "warning")
            return
        self._doing = "export"
        self.add_class("-panel")
        await self._ask.open(
            f"write {counted(len(store))} of {store.path.name} in another format", questions(store.path)
        )
        self._export(self._ask.values, write=False)

    @work(exclusive=True, group="tool")
    async def _export(self, values: dict[str, str], *, write: bool) -> None:
        """Say what would come of it; then do it, where it is wanted."""
        from data.conversion.plan import planning_of
        from data.conversion.writing import write_conversion
        from tui.dataset.export_form import outcome, target

        store, form = self.desk.store, self.desk.format
        if store is None or form is None or form.form is None:
            return
        try:
            path, wanted = target(values, self._workspace, store.path)
            planning, slices = planning_of(store, form.form, wanted), Slices()
            for done in planning.run():
                if slices.due:
                    self._ask.say(f"looking at the rows … {100 * done:.0f} %")
                    await slices.pause()
            plan = planning.plan
            assert plan is not None
            self._ask.say(outcome(plan))
            if not write:
                return
            if plan.losses and values["lossy"] == "stop":
                self._flash("something would be lost: choose “go on” to write it nevertheless", "warning")
                return
            rows = await asyncio.to_thread(write_conversion, plan, path)
        except BurnishError as error:
            self._ask.say(Content.assemble(("! ", "$disagrees"), literal(error.sentence, one_line=True)))
            return
        self._leave()
        self._flash(f"{counted(rows)} written to {path.name}")

    # -- somebody else's change ---------------------------------------------------------------------------------------

    @work(exclusive=True, group="tool")
    async def show_difference(self) -> None:
        """Show where the rows in hand and the file on disk differ."""
        store = self.desk.store
        if store is None:
            return
        try:
            found = await asyncio.to_thread(store.difference, _MOST_DIFFERENCES)
        except BurnishError as error:
            self._flash(error.sentence, "error")
            return
        self.add_class("-panel")
        more = f", the first {_MOST_DIFFERENCES}" if len(found) == _MOST_DIFFERENCES else ""
        title = f"{store.path.name}: {counted(len(found), 'difference')}{more} · esc goes back, w asks again"
        self._text.open(title, difference_lines(found))

    def _flash(self, text: str, severity: str = "information") -> None:
        self.post_message(Flashed(text, severity=severity).set_sender(self))
