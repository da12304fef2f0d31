"""What is done with the open file as a whole: say what its fields are, count it, write it in another format."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from data.errors import BurnishError, InputError
from data.store import RowStore
from data.wording import counted
from tui.dataset.many import ManyRows
from tui.dataset.panel_tools import PanelTools
from tui.dataset.slices import Slices
from tui.literal import literal

_SAMPLE = 100
_MOST_DIFFERENCES = 500


class FileTools(PanelTools):
    """The rows with all their verbs, and what is done with all of them."""

    BINDING_GROUP_TITLE = "The whole file"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "m", "map", "Fields", show=False, id="dataset.map", tooltip="Say which field is the question, the answer"
        ),
        Binding("S", "count", "Statistics", show=False, id="dataset.count", tooltip="Rows, tokens, turns, a histogram"),
        Binding("E", "export", "Export", show=False, id="dataset.export", tooltip="Write the rows in another format"),
    ]
    VERBS = ("map", "count", "export")
    LATER = (("tui.dataset.ask_panel", "AskPanel"), ("tui.dataset.text_panel", "TextPanel"))

    class Mapped(Message):
        """The file's fields mean something else now."""

    def __init__(self, many: ManyRows, workspace: Path) -> None:
        super().__init__(many, many, workspace)
        self._why = ""

    def answered(self, values: Mapping[str, str], *, accepted: bool) -> None:
        """See `PanelTools`."""
        if self.doing == "export":
            self._export(values, write=accepted)
        elif accepted:
            self._save_mapping(values)
        else:
            self._show_mapping(values)

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
            self.flash("no row of this file has fields", "warning")
            return
        self._why = "" if form.mapping is not None else literal(evidence(rows), one_line=True)
        await self.ask("map", f"what the fields of {store.path.name} are", asked)
        self._show_mapping(self.answers)

    def _show_mapping(self, values: Mapping[str, str]) -> None:
        from tui.dataset.mapping_form import mapping_from_answers, outcome

        mapping, store = mapping_from_answers(values), self.desk.store
        if store is None:
            return
        if not mapping:
            self.say("no field is named: the format is told from the rows again")
            return
        try:
            mapping.check(store.path.name)
        except InputError as error:
            self.refuse(error)
            return
        found = outcome(mapping, self._sample(store), self.size.width)
        self.say(Content.assemble(found, (f"\nfilled in because {self._why}", "$dim") if self._why else ""))

    def _save_mapping(self, values: Mapping[str, str]) -> None:
        from data.formats.mapping_file import save_mapping
        from tui.dataset.mapping_form import mapping_from_answers

        mapping, store = mapping_from_answers(values), self.desk.store
        if store is None:
            return
        try:
            save_mapping(self.workspace, store.path, mapping or None)
        except BurnishError as error:
            self.refuse(error)
            return
        self.leave()
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
        from tui.dataset.statistics_lines import statistics_lines

        desk = self.desk
        store, form = desk.store, desk.format
        if store is None or form is None:
            return
        if form.form is None:
            self.flash("m says what the fields are; then there is something to count", "warning")
            return
        title = f"statistics of {store.path.name}"
        await self.read(title, [])
        template = desk.tokens.template
        count = None if template is None else lambda rows: count_rows(template, rows)
        counting, slices = Counting(store.snapshot(), form.form, count), Slices()
        try:
            for done in counting.run():
                if slices.due:
                    if slices.tells:
                        await self.read(f"{title} … {100 * done:.0f} %", [])
                    await slices.pause()
        except BurnishError as error:
            self.flash(error.sentence, "error")
            return
        if counting.result is not None:
            model = desk.tokens.name if template is not None else ""
            await self.read(title, statistics_lines(counting.result, form, self.size.width, model))

    # -- another format -----------------------------------------------------------------------------------------------

    @work(exclusive=True, group="tool")
    async def action_export(self) -> None:
        """Ask for a format and a file."""
        from tui.dataset.export_form import questions

        store, form = self.desk.store, self.desk.format
        if store is None or form is None:
            return
        if form.form is None:
            self.flash("m says what the fields are; then they can be written in another format", "warning")
            return
        title = f"write {counted(len(store))} of {store.path.name} in another format"
        await self.ask("export", title, questions(store.path))
        self._export(self.answers, write=False)

    @work(exclusive=True, group="tool")
    async def _export(self, values: Mapping[str, str], *, write: bool) -> None:
        """Say what would come of it; then do it, where it is wanted."""
        from data.conversion.plan import planning_of
        from data.conversion.writing import write_conversion
        from tui.dataset.export_form import outcome, target

        store, form = self.desk.store, self.desk.format
        if store is None or form is None or form.form is None:
            return
        try:
            path, wanted = target(values, self.workspace, store.path)
            planning, slices = planning_of(store, form.form, wanted), Slices()
            for done in planning.run():
                if slices.due:
                    if slices.tells:
                        self.say(f"looking at the rows … {100 * done:.0f} %")
                    await slices.pause()
            plan = planning.plan
            assert plan is not None
            self.say(outcome(plan))
            if not write:
                return
            if plan.losses and values["lossy"] == "stop":
                self.flash("something would be lost: choose “go on” to write it nevertheless", "warning")
                return
            rows = await asyncio.to_thread(write_conversion, plan, path)
        except BurnishError as error:
            self.refuse(error)
            return
        self.leave()
        self.flash(f"{counted(rows)} written to {path.name}")

    # -- somebody else's change ---------------------------------------------------------------------------------------

    @work(exclusive=True, group="tool")
    async def show_difference(self) -> None:
        """Show where the rows in hand and the file on disk differ."""
        from tui.dataset.difference_lines import difference_lines

        store = self.desk.store
        if store is None:
            return
        try:
            found = await asyncio.to_thread(store.difference, _MOST_DIFFERENCES)
        except BurnishError as error:
            self.flash(error.sentence, "error")
            return
        more = f", the first {_MOST_DIFFERENCES}" if len(found) == _MOST_DIFFERENCES else ""
        title = f"{store.path.name}: {counted(len(found), 'difference')}{more} · esc goes back, w asks again"
        await self.read(title, difference_lines(found))
