"""The quality checks of the open file: run in slices between which the screen lives, kept in step with edits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from data.quality.flag import Finding, Flag
from data.store import RowStore
from data.wording import counted
from tui.dataset.columns import Format
from tui.dataset.slices import Slices

if TYPE_CHECKING:
    from data.quality.checker import Checker
    from data.templates import Template


@cache
def signs() -> Mapping[str, str]:
    """The sign of each check. The checks are imported (0.1 s) when they are first needed, not at the start."""
    from data.quality.registry import CHECKS

    return {check.name: check.sign for check in CHECKS}


class Checkup:
    """What the checks found last, told by where rows are now."""

    def __init__(self) -> None:
        self.flags: dict[int, list[Flag]] = {}
        """The flags of each row that has any, by its index."""
        self.findings: list[Finding] = []
        """What is said of the file as a whole."""
        self.seconds: Mapping[str, float] = {}
        """What each check cost, in the last run."""
        self.checker: Checker | None = None
        """The last run, as it was: what a report is made of."""
        self.done: float | None = None
        """How much of a run is done, 0 to 1; None before the first."""
        self.edits = 0
        """Edits made since the last run: an edited row has no flags until the next."""

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self.done is not None and self.done < 1

    @property
    def words(self) -> str:
        """How it stands, for a heading: empty before the first run."""
        if self.done is None:
            return ""
        if self.running:
            return f"checking … {self.done:.0%}".replace("%", " %")
        since = f", {counted(self.edits, 'edit')} ago" if self.edits else ""
        return f"{len(self.flags):,} flagged{since}"

    def count(self, name: str) -> int:
        """How many rows a check flags now."""
        return sum(any(flag.check == name for flag in flags) for flags in self.flags.values())

    async def run(
        self,
        store: RowStore,
        form: Format,
        off: frozenset[str],
        limits: tuple[Template | None, int],
        tell: Callable[[], None],
    ) -> None:
        """Check all rows with the checks that are not `off`; `tell` hears of progress, between slices.

        `limits`: what tokens are counted with, and how many a row may have. Raises SourceError.
        """
        await asyncio.to_thread(import_module, "data.quality.checker")
        from data.quality.checker import Checker

        template, most = limits
        names = [name for name in signs() if name not in off]
        checker = Checker(store.snapshot(), form.form, checks=names, template=template, max_tokens=most or None)
        self.done, self.edits, self.flags, self.findings = 0.0, 0, checker.flags, checker.findings
        self.seconds, self.checker = checker.seconds, checker
        slices = Slices(background=True)
        for done in checker.run():
            if slices.due:
                self.done = min(done, 0.999)
                tell()
                await slices.pause()
        self.done = 1.0
        tell()

    def stopped(self) -> None:
        """The run was given up; what it found stays."""
        self.done = 1.0 if self.flags else None

    # -- edits --------------------------------------------------------------------------------------------------------

    def changed(self, index: int) -> None:
        """A row got another content."""
        if self.done is not None:
            self.edits += 1
            self.flags.pop(index, None)

    def inserted(self, index: int) -> None:
        """A row came in before `index`."""
        self._shift(lambda row: row + (row >= index))

    def deleted(self, index: int) -> None:
        """The row at `index` went out, with what was said of it and about it."""
        self._shift(lambda row: None if row == index else row - (row > index))

    def moved(self, index: int, to: int) -> None:
        """The row at `index` is at `to` now."""

        def place(row: int) -> int:
            if row == index:
                return to
            row -= row > index
            return row + (row >= to)

        self._shift(place)

    def _shift(self, place: Callable[[int], int | None]) -> None:
        """Every row has another place, None for one that went out."""
        if self.done is None:
            return
        self.edits += 1
        before, self.flags = self.flags, {}
        for row, flags in before.items():
            now = place(row)
            kept = [moved for flag in flags if (moved := _moved(flag, now, place)) is not None]
            if now is not None and kept:
                self.flags[now] = kept


def _moved(flag: Flag, row: int | None, place: Callable[[int], int | None]) -> Flag | None:
    """A flag whose row is now at `row`; None where that or the row it is about went out."""
    other = None if flag.other is None else place(flag.other)
    if row is None or (flag.other is not None and other is None):
        return None
    return flag if (row, other) == (flag.row, flag.other) else replace(flag, row=row, other=other)
