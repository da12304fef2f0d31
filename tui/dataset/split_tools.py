"""Splitting the open file into rows to train on and rows to hold out, and what it shares with another file."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from data.errors import BurnishError, InputError
from data.formats.pair import PairError
from data.store import RowStore
from data.wording import counted
from tui.dataset.file_tools import FileTools
from tui.dataset.panel_tools import PanelTools
from tui.dataset.slices import Slices

_ABOUT = "The file that is held out, or that should share nothing with this one. ^s compares them row by row."


class SplitTools(PanelTools):
    """The rows with their tools, and the two that make and check a held-out file."""

    BINDING_GROUP_TITLE = "Held-out rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "L", "split", "Split", show=False, id="dataset.split", tooltip="Write rows to train on and rows held out"
        ),
        Binding("O", "overlap", "Overlap", show=False, id="dataset.overlap", tooltip="What another file has in common"),
    ]
    VERBS = ("split", "overlap")

    def __init__(self, tools: FileTools, workspace: Path) -> None:
        super().__init__(tools, tools, workspace)
        self.files = tools

    def answered(self, values: Mapping[str, str], *, accepted: bool) -> None:
        """See `PanelTools`."""
        if self.doing == "split":
            self._split(values, write=accepted)
        elif accepted:
            self._compare(values["other"].strip())

    @work(exclusive=True, group="tool")
    async def action_split(self) -> None:
        """Ask how to split, and where to write."""
        from tui.dataset.split_form import questions

        store, form = self.desk.store, self.desk.format
        if store is None or form is None:
            return
        if form.form is None:
            self.flash("m says what the fields are; then rows on the same fact can be kept together", "warning")
            return
        title = f"split {counted(len(store))} of {store.path.name}"
        await self.ask("split", title, questions(store.path, form.fields))
        self._split(self.answers, write=False)

    @work(exclusive=True, group="tool")
    async def _split(self, values: Mapping[str, str], *, write: bool) -> None:
        """Say what the split would be; then write it, where that is wanted."""
        from data.splitting.links import Source
        from data.splitting.split import Splitting
        from data.splitting.writing import write_split
        from tui.dataset.split_form import files, options, outcome

        store, form = self.desk.store, self.desk.format
        if store is None or form is None or form.form is None:
            return
        try:
            train, held_out = files(values, self.workspace)
            splitting, slices = Splitting(Source(store.snapshot(), form.form), options(values)), Slices()
            for done in splitting.run():
                if slices.due:
                    if slices.tells:
                        self.say(f"comparing the rows … {100 * done:.0f} %")
                    await slices.pause()
            split = splitting.split
            assert split is not None
            self.say(outcome(split))
            if not write:
                return
            plans = await asyncio.to_thread(write_split, store, form.form, split, train, held_out)
        except BurnishError as error:
            self.refuse(error)
            return
        self.leave()
        rows, held = (plan.rows for plan in plans)
        self.flash(f"{counted(rows)} written to {train.name}, {counted(held)} held out in {held_out.name}")

    @work(exclusive=True, group="tool")
    async def action_overlap(self) -> None:
        """Ask for the other file."""
        from tui.dataset.ask_panel import Asked
        from tui.workspace import held_out_beside

        store, form = self.desk.store, self.desk.format
        if store is None or form is None or form.form is None:
            return
        beside = held_out_beside(store.path)
        other = Asked("other", "other file", beside.name if beside is not None else "", about=_ABOUT)
        await self.ask("overlap", f"what {store.path.name} has in common with another file", [other])

    @work(exclusive=True, group="tool")
    async def _compare(self, typed: str) -> None:
        """Show which rows of the other file ask or state what rows of this one do."""
        from data.formats.mapping_file import mapping_of
        from data.formats.reading import format_of_store
        from data.splitting.leakage import LeakageMeasure
        from data.splitting.links import Source
        from data.splitting.questions import asked
        from tui.dataset.split_form import leakage_lines

        store, form = self.desk.store, self.desk.format
        if store is None or form is None or form.form is None:
            return
        if not typed:
            self.refuse(InputError("Type the name of the other file."))
            return
        path = Path(typed).expanduser()
        other: RowStore | None = None
        try:
            other = RowStore.open(path if path.is_absolute() else store.path.parent / path)
            await asyncio.to_thread(other.index_all)
            second = Source(other.snapshot(), format_of_store(other, mapping_of(other.path)))
            measure, slices = LeakageMeasure(Source(store.snapshot(), form.form), second), Slices()
            for done in measure.run():
                if slices.due:
                    if slices.tells:
                        self.say(f"comparing the rows … {100 * done:.0f} %")
                    await slices.pause()
            assert measure.result is not None
            there = other

            def question(number: int) -> str:
                try:
                    return asked(second.form.conversation(there.row(number - 1).values or {}, number))
                except PairError:
                    return ""

            lines = leakage_lines(measure.result, store.path.name, there.path.name, question)
            await self.read(f"{store.path.name} and {there.path.name}", lines)
        except BurnishError as error:
            self.refuse(error)
        finally:
            if other is not None:
                other.close()
