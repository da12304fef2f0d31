"""The steps of a run in memory: columns of numbers, of which each reader sees what there was when it looked."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any, overload

from engine.jobs.events import Progress

_KINDS = {each.name: str(each.type) for each in fields(Progress)}
"""The fields and their types as they are written: "int", "float", "float | None"."""
_PLACES = {name: place for place, name in enumerate(_KINDS)}
_BLOCK = 1024
"""Steps that are made at once while someone goes through them."""

Columns = tuple["array[float]", ...]


class StepColumns:
    """What a run said of its steps, in their order: 8 bytes a number, where objects take some 40.

    A run of a day says it a hundred thousand times, and the screen that watches it shares the machine's memory.
    """

    def __init__(self, steps: Iterable[Progress] = ()) -> None:
        self._columns: Columns = tuple(array("d") for _ in _KINDS)
        for step in steps:
            self.append(step)

    def append(self, step: Progress) -> None:
        """Add a step; one with something else than numbers is left out, as a torn line is."""
        try:
            numbers = [_number(getattr(step, name), kind) for name, kind in _KINDS.items()]
        except (TypeError, ValueError, OverflowError):
            return
        for column, number in zip(self._columns, numbers, strict=True):
            column.append(number)

    def seen(self) -> Steps:
        """The steps up to now; what is added later is not among them."""
        return Steps(self._columns, 0, len(self._columns[0]))


class Steps(Sequence[Progress]):
    """Some steps in a row of the columns, each made when it is asked for."""

    __slots__ = ("_columns", "_start", "_stop")

    def __init__(self, columns: Columns, start: int, stop: int) -> None:
        self._columns = columns
        self._start = start
        self._stop = stop

    def __len__(self) -> int:
        return self._stop - self._start

    @overload
    def __getitem__(self, index: int) -> Progress: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Progress]: ...
    def __getitem__(self, index: int | slice) -> Progress | Sequence[Progress]:
        if isinstance(index, slice):
            start, stop, by = index.indices(len(self))
            if by != 1:
                return tuple(self)[index]
            return Steps(self._columns, self._start + start, self._start + max(start, stop))
        if not -len(self) <= index < len(self):
            raise IndexError(f"there is no step {index} among {len(self)}")
        place = self._start + index % len(self)
        return next(_made(self._columns, place, place + 1))

    def __iter__(self) -> Iterator[Progress]:
        for start in range(self._start, self._stop, _BLOCK):
            yield from _made(self._columns, start, min(start + _BLOCK, self._stop))

    def numbers(self, name: str) -> Sequence[float]:
        """One field of each of the steps, as floating-point numbers; NaN where it is not known."""
        return self._columns[_PLACES[name]][self._start : self._stop]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Steps) and other._columns is self._columns:
            return (other._start, other._stop) == (self._start, self._stop)
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(other) == len(self) and all(one == another for one, another in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


def numbers(steps: Sequence[Progress], name: str) -> Sequence[float]:
    """One field of some steps: at once where they are in columns."""
    return steps.numbers(name) if isinstance(steps, Steps) else [float(getattr(each, name)) for each in steps]


def _number(value: float | None, kind: str) -> float:
    """A value of a field as a column holds it. Raises TypeError, ValueError or OverflowError when it is none."""
    if value is None:
        if kind == "float | None":
            return math.nan
        raise TypeError("not a number")
    return float(int(value) if kind == "int" else value)


def _made(columns: Columns, start: int, stop: int) -> Iterator[Progress]:
    parts = (_values(column[start:stop], kind) for column, kind in zip(columns, _KINDS.values(), strict=True))
    return map(Progress, *parts)


def _values(part: Iterable[float], kind: str) -> Iterable[Any]:
    match kind:
        case "int":
            return map(int, part)
        case "float | None":
            return (None if math.isnan(number) else number for number in part)
        case _:
            return part
