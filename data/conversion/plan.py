"""What a conversion will do, found before anything is written: rows, fields carried along, and what is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

from data.conversion.converting import Converted, as_turns, converted, has_turns
from data.conversion.shape import Shape
from data.conversion.targets import FileKind, Target
from data.errors import InputError
from data.formats import plain_text
from data.formats.detect import FORMATS
from data.formats.format import Format
from data.formats.mapping import FieldMapping
from data.formats.writing import json_text
from data.rows.row import Row, Snapshot
from data.store import RowStore
from data.wording import counted

Choice = Callable[[int], bool]
"""Whether the row with an index, from 0, is taken."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_SLICE = 0.004
"""Seconds of work between two reports of progress, so that an event loop can do it."""
_REASONS = 50
"""Different losses kept; reasons may tell of characters and would be as many as rows."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that gets lost."""

    text: str
    """What: "tool calls, which Alpaca has no place for"; of rows left out why: "ends without an answer"."""
    rows: int
    first: int
    """The first of them, from 1."""
    left_out: bool
    """Whether whole rows are left out."""

    @property
    def sentence(self) -> str:
        """For a person: "3 rows have tool calls, which Alpaca has no place for (first: row 12)"."""
        if self.left_out:
            return f"{counted(self.rows)} left out: row {self.first} {self.text}"
        return f"{counted(self.rows)} {'has' if self.rows == 1 else 'have'} {self.text} (first: row {self.first})"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a conversion will do; `write_conversion` does it."""

    snapshot: Snapshot
    form: Format | None
    """The format that the rows are read as; None where none is known and only the kind of file changes."""
    target: Target
    same_text: bool
    """Whether rows are copied byte for byte."""
    cells: bool
    """Whether the values are texts that stand for others, as in a table."""
    rows: int
    """Rows that will be written."""
    read: int
    """Rows that are taken."""
    carried: dict[str, int]
    """Fields that neither format has and that are carried along, with the number of rows that have each."""
    losses: tuple[Loss, ...]
    """What gets lost, the most frequent first; empty when nothing does."""
    with_turns: bool
    """Whether prompts and answers are written as lists of turns in all rows, because some need that."""
    shape: Shape
    """Of the rows that will be written."""
    chosen: Choice | None
    """Which rows are taken, by their index from 0; None for all."""

    @property
    def lossless(self) -> bool:
        """Whether everything is kept."""
        return not self.losses

    def source(self) -> Iterator[Row]:
        """The rows that are taken."""
        return _chosen(self.snapshot, self.chosen)

    def rows_of(self, row: Row) -> tuple[dict[str, Any], ...]:
        """What will be written of a row."""
        if row.values is None:
            return ()
        rows = converted(row.values, row.number, self.form, self.target.form, cells=self.cells).rows
        return tuple(map(as_turns, rows)) if self.with_turns else rows


@dataclass(slots=True)
class Planning:
    """Looks at every row; `run` until it ends, then `plan` is there."""

    snapshot: Snapshot
    form: Format | None
    target: Target
    from_json: bool
    """Whether the rows are JSON texts now."""
    cells: bool = False
    """Whether all values are texts, as in a table."""
    chosen: Choice | None = None
    """Which rows are taken, by their index from 0; None for all."""
    plan: Plan | None = None
    _found: dict[tuple[str, bool], tuple[int, int]] = field(default_factory=dict[tuple[str, bool], tuple[int, int]])
    _carried: dict[str, int] = field(default_factory=dict[str, int])
    _shape: Shape = field(default_factory=Shape)
    _turns: set[bool] = field(default_factory=set[bool])
    _written: int = 0

    def run(self) -> Iterator[float]:
        """Look at the rows, a few milliseconds at a time; yields the fraction done.

        Raises InputError for rows that this kind of file cannot hold at all.
        """
        total, began = max(len(self.snapshot), 1), perf_counter()
        last = 0
        for row in _chosen(self.snapshot, self.chosen):
            last += 1
            try:
                self._look(row)
            except RecursionError as error:
                raise InputError(
                    f"Row {row.number} is nested too deeply to be converted; mend or delete it."
                ) from error
            if perf_counter() - began > _SLICE:
                yield min(row.number / total, 1.0)
                began = perf_counter()
        if False in self._turns and True in self._turns:
            self._shape = Shape()
            yield from self._shapes()
        yield from self._check()
        losses = sorted(
            (Loss(text, rows, first, left_out) for (text, left_out), (rows, first) in self._found.items()),
            key=lambda loss: (-loss.rows, loss.first),
        )
        self.plan = Plan(
            self.snapshot,
            self.form,
            self.target,
            self._same_text,
            self.cells,
            self._written,
            last,
            self._carried,
            tuple(losses),
            len(self._turns) == 2,
            self._shape,
            self.chosen,
        )
        yield 1.0

    @property
    def _same_text(self) -> bool:
        same = self.target.form is None or self.target.form is self.form
        return same and self.from_json and self.target.kind.json

    def _look(self, row: Row) -> None:
        if row.values is None:
            if self._same_text and self.target.kind is FileKind.LINES and not row.shortened and "\n" not in row.raw:
                self._written += 1
            else:
                self._lose((row.error or "").removeprefix(f"Row {row.number} ").removesuffix("."), row, left_out=True)
            return
        became = self._convert(row)
        if became.left_out:
            self._lose(became.left_out, row, left_out=True)
        for loss in became.losses:
            self._lose(loss, row)
        for name in became.carried:
            self._carried[name] = self._carried.get(name, 0) + 1
        for written in became.rows:
            self._written += 1
            if (turns := has_turns(written)) is not None and self.target.form in FORMATS:
                self._turns.add(turns)
            if not self.target.kind.json:
                self._shape.add(written)
                for loss in _losses_of_a_cell(self.target.kind, written):
                    self._lose(loss, row)

    def _shapes(self) -> Iterator[float]:
        """The shape again, where all rows get lists of turns because some do."""
        began = perf_counter()
        for row in _chosen(self.snapshot, self.chosen) if not self.target.kind.json else ():
            for written in self._convert(row).rows:
                self._shape.add(as_turns(written))
            if perf_counter() - began > _SLICE:
                yield 1.0
                began = perf_counter()

    def _check(self) -> Iterator[float]:
        """Refuse what cannot be written, and count the rows that lack fields of others."""
        kind = self.target.kind
        mixed = next(self._shape.mixed(), None) if kind is FileKind.PARQUET else None
        if mixed:
            raise InputError(f"{mixed}, and a column of Parquet holds values of one type; choose JSONL instead.")
        if kind is FileKind.TEXT and self._written and "text" not in self._shape.fields:
            raise InputError("A text file holds nothing but text; convert to text (--to text), or choose JSONL.")
        if kind not in (FileKind.PARQUET, FileKind.CSV, FileKind.TSV):
            return
        lacking = f"no value in fields that other rows have, which {kind.value} shows as "
        lacking += "null" if kind is FileKind.PARQUET else "empty"
        began = perf_counter()
        for row in _chosen(self.snapshot, self.chosen):
            rows = self._convert(row).rows
            rows = map(as_turns, rows) if len(self._turns) == 2 else rows
            for written in rows:
                if self._lacks(written):
                    self._lose(lacking, row)
                if kind is FileKind.PARQUET and self._shape.always_empty(written):
                    self._lose("objects without fields, which stand as JSON texts in Parquet", row)
            if perf_counter() - began > _SLICE:
                yield 1.0
                began = perf_counter()

    def _convert(self, row: Row) -> Converted:
        if row.values is None:
            return Converted()
        return converted(row.values, row.number, self.form, self.target.form, cells=self.cells)

    def _lacks(self, written: dict[str, Any]) -> bool:
        if self.target.kind is FileKind.PARQUET:
            return self._shape.lacks(written)
        return len(written) < len(self._shape.fields)

    def _lose(self, text: str, row: Row, *, left_out: bool = False) -> None:
        key = (text, left_out)
        if key not in self._found and len(self._found) >= _REASONS:
            key = ("cannot be read, for more reasons than are listed here" if left_out else "more", left_out)
        count, first = self._found.get(key, (0, row.number))
        self._found[key] = count + 1, first


def plan_conversion(store: RowStore, form: Format | None, target: Target, chosen: Choice | None = None) -> Plan:
    """Look at all rows at once; the store's rows are known. Raises InputError as `Planning.run` does."""
    planning = planning_of(store, form, target, chosen)
    for _ in planning.run():
        pass
    assert planning.plan is not None
    return planning.plan


def planning_of(store: RowStore, form: Format | None, target: Target, chosen: Choice | None = None) -> Planning:
    """The planning of a conversion of the rows of a store as they are now, unsaved edits included."""
    cells = store.format_name.startswith(("CSV", "TSV"))
    keeps_types = target.kind.json or target.kind is FileKind.PARQUET
    if target.form is None and cells and keeps_types and not isinstance(form, FieldMapping):
        target = replace(target, form=form)  # a cell of text becomes the list or the number that it stands for
    return Planning(store.snapshot(), form, target, store.format_name.startswith("JSON"), cells, chosen)


def _chosen(snapshot: Snapshot, chosen: Choice | None) -> Iterator[Row]:
    return (row for row in snapshot.rows() if chosen is None or chosen(row.index))


def _losses_of_a_cell(kind: FileKind, written: dict[str, Any]) -> Iterator[str]:
    """What a kind of file that holds text only makes of a row's values."""
    if kind is FileKind.TEXT:
        beside = [name for name in written if name != plain_text.NEEDS]
        if beside:
            yield f"{', '.join(beside)}, which a text file has no place for"
        text = written.get(plain_text.NEEDS)
        if isinstance(text, str) and ("\n" in text or "\r" in text):
            yield "line breaks inside their text, which become spaces in a text file"
    elif kind is not FileKind.PARQUET:
        if any(isinstance(value, list | dict) for value in written.values()):
            yield f"lists or objects, which stand as JSON texts in {kind.value}"
        if any(isinstance(value, bool | int | float) for value in written.values()):
            yield f"numbers, true or false, which are texts in {kind.value}"
        if any(value is None for value in written.values()):
            yield f"null, which is empty in {kind.value}"
    if kind is not FileKind.PARQUET and _SURROGATE.search("".join(map(json_text, written.values()))):
        yield f"half a character, which becomes a question mark in {kind.value}"
