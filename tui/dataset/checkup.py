"""The quality checks of the open file: run in slices between which the screen lives, kept in step with edits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from data.quality.flag import Finding, Flag
from data.store import RowStore
from data.wording import counted
from tui.dataset.columns import Format
from tui.dataset.slices import Slices

if TYPE_CHECKING:
    from pathlib import Path

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
        self._given_up = False
        self._meanwhile: list[_Edit] = []
        """Edits made while a run is under way."""
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
        workspace: Path,
    ) -> None:
        """Check all rows with the checks that are not `off`; `tell` hears of progress, between slices.

        `limits`: what tokens are counted with, and how many a row may have. `workspace`: whose synonyms count.
        Raises SourceError, and InputError when the synonym file cannot be used.
        """
        await asyncio.to_thread(import_module, "data.quality.checker")
        from data.facts import use_synonyms
        from data.quality.checker import Checker

        use_synonyms(workspace)
        template, most = limits
        names = [name for name in signs() if name not in off]
        checker = Checker(store.snapshot(), form.form, checks=names, template=template, max_tokens=most or None)
        self.done, self.edits, self.flags, self.findings = 0.0, 0, checker.flags, checker.findings
        self.seconds, self.checker = checker.seconds, checker
        self._meanwhile.clear()
        slices = Slices(background=True)
        for done in checker.run():
            if slices.due:
                self.done = min(done, 0.999)
                if slices.tells:
                    tell()
                await slices.pause()
                if self._given_up:
                    return
        self.done = 1.0
        self._catch_up(checker)
        tell()

    def _catch_up(self, checker: Checker) -> None:
        """The checker told rows by where they were when it began: move its flags as the rows were moved since."""
        self.flags = checker.flags
        for edit in self._meanwhile:
            self.flags = _edited(self.flags, edit)
        self._meanwhile.clear()

    def give_up(self) -> None:
        """Another file is shown, or this one anew: a run under way is about what is gone."""
        self._given_up = True

    def stopped(self) -> None:
        """The run was given up; what it found stays."""
        if self.checker is not None:
            self._catch_up(self.checker)
        self.done = 1.0 if self.flags else None

    # -- edits --------------------------------------------------------------------------------------------------------

    def changed(self, index: int) -> None:
        """A row got another content: what was said of it, or of another row beside it, need not be so any more."""
        self._edit(_Edit(lambda row: row, index))

    def inserted(self, index: int) -> None:
        """A row came in before `index`."""
        self._edit(_Edit(lambda row: row + (row >= index)))

    def deleted(self, index: int) -> None:
        """The row at `index` went out."""
        self._edit(_Edit(lambda row: row - (row > index), index))

    def moved(self, index: int, to: int) -> None:
        """The row at `index` is at `to` now."""

        def place(row: int) -> int:
            if row == index:
                return to
            row -= row > index
            return row + (row >= to)

        self._edit(_Edit(place))

    def _edit(self, edit: _Edit) -> None:
        if self.done is None:
            return
        self.edits += 1
        if self.running:
            self._meanwhile.append(edit)
            self.flags = {}  # until the checker, which knows nothing of the edit, is done
        else:
            self.flags = _edited(self.flags, edit)


@dataclass(frozen=True, slots=True)
class _Edit:
    """Where rows are after an edit."""

    place: Callable[[int], int]
    """The index after it of a row with an index before it."""
    gone: int | None = None
    """The row, by its index before, of which nothing is known any more."""


def _edited(flags: Mapping[int, Sequence[Flag]], edit: _Edit) -> dict[int, list[Flag]]:
    """Flags after an edit, without those of and about a row that changed or went out."""
    after: dict[int, list[Flag]] = {}
    for row, of_row in flags.items():
        kept = [_moved(flag, edit.place) for flag in of_row if edit.gone is None or edit.gone not in (row, flag.other)]
        if kept:
            after[edit.place(row)] = kept
    return after


def _moved(flag: Flag, place: Callable[[int], int]) -> Flag:
    """A flag whose rows have other places; its words keep the numbers of the run."""
    row, other = place(flag.row), None if flag.other is None else place(flag.other)
    return flag if (row, other) == (flag.row, flag.other) else replace(flag, row=row, other=other)
