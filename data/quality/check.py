"""What a check is made of: its description, what it is given, and the worker that looks at the rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TypeAlias

from data.formats.format import Format
from data.quality.examined import Examined, Reader
from data.quality.flag import Finding, Flag
from data.templates import Template


@dataclass(frozen=True, slots=True)
class Context:
    """What all checks of one run share."""

    reader: Reader
    """Gives any row again."""
    form: Format | None
    """The format of the file; None when it is unknown."""
    template: Template | None
    """The chat template that tokens are counted with; None to estimate them."""
    max_tokens: int
    """A row of more tokens is too long."""


Reported: TypeAlias = Flag | Finding | float
"""What the end of a check gives: a flag, a finding, or how much of that end is done (0 to 1)."""


class Examiner(ABC):
    """The worker of a check in one run: sees each row once, then says what shows only when all were seen."""

    @abstractmethod
    def look(self, row: Examined) -> Iterable[Flag]:
        """What is wrong with a row by itself; rows come in order."""

    def finish(self) -> Iterator[Reported]:
        """What shows when all rows were seen, with a number at least every few milliseconds of work."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what a person reads of it, and where it is."""

    name: str
    """In one word, as in `flag:duplicate`."""
    title: str
    what: str
    """What it flags, in one line."""
    cost: str
    """What it costs, in words."""
    sign: str
    """One character for a column of a table."""
    module: str
    """The module with its `make`, imported when it is first run: the screen needs only the words."""

    def make(self, context: Context) -> Examiner:
        """A worker for one run."""
        examiner = import_module(f"data.quality.{self.module}").make(context)
        assert isinstance(examiner, Examiner)
        return examiner
