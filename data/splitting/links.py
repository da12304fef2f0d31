"""Which rows of one or two datasets belong together, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

from data.formats.conversation import Conversation
from data.formats.format import Format
from data.formats.pair import PairError
from data.formats.reading import read_as
from data.quality.groups import Groups
from data.rows.row import Snapshot
from data.rows.text import RowError
from data.splitting.keys import Why, alike_rows, keys_of

_SLICE = 0.004
"""Seconds of work between two reports of progress, so that an event loop can do it."""
_MOST_LIKE = 12
"""Earlier rows that a row is compared with as a whole."""
_READING = 0.9
"""The part of the work that reading the rows is."""


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one dataset and the format they are read as."""

    snapshot: Snapshot
    form: Format


@dataclass(frozen=True, slots=True)
class Link:
    """Two rows that belong together, by their index from 0; rows of a second source follow those of the first."""

    row: int
    """The earlier one."""
    other: int
    why: Why


class Linking:
    """Finds the links between rows; `run` until it ends, then `links` is there.

    Of rows that share a key, each is linked with the first of them. With two sources only links between both are kept,
    each from a row of the first to one of the second.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self.links: list[Link] = []
        self.unread: list[int] = []
        """Rows that cannot be read, by index."""
        self._sources = sources
        self._starts = [sum(len(each.snapshot) for each in sources[:place]) for place in range(len(sources))]
        self._total = sum(len(each.snapshot) for each in sources)
        self._groups = {why: Groups() for why in Why}

    def run(self) -> Iterator[float]:
        """Read the rows and compare them, a few milliseconds at a time; yields the fraction done."""
        began, index = perf_counter(), 0
        for source in self._sources:
            for row in source.snapshot.rows():
                found = _read(source.form, row.values, row.number)
                if found is None:
                    self.unread.append(index)
                for why, key in set(keys_of(found)) if found else ():
                    self._groups[why].add(key, index)
                index += 1
                if perf_counter() - began > _SLICE:
                    yield _READING * index / max(self._total, 1)
                    began = perf_counter()
        linked: set[tuple[int, int]] = set()
        for place, why in enumerate(Why):
            for done, groups in self._groups[why].groups():
                for group in groups:
                    for link in self._of_group(why, group):
                        if (link.row, link.other) not in linked:
                            linked.add((link.row, link.other))
                            self.links.append(link)
                        if perf_counter() - began > _SLICE:
                            yield _READING + (1 - _READING) * (place + done) / len(Why)
                            began = perf_counter()
        yield 1.0

    def _of_group(self, why: Why, group: list[int]) -> Iterator[Link]:
        rows = sorted(set(group))
        border = self._starts[1] if len(self._starts) > 1 else None
        for place, row in enumerate(rows):
            if border is not None and row < border:
                continue
            earlier = rows[:place] if border is None else [each for each in rows[:_MOST_LIKE] if each < border]
            if why is Why.LIKE:
                earlier = earlier[-_MOST_LIKE:]
                found = self._conversation(row) if earlier else None
                earlier = [each for each in earlier if found and self._alike(each, found)]
            if earlier:
                yield Link(earlier[0], row, why)

    def _alike(self, row: int, other: Conversation) -> bool:
        found = self._conversation(row)
        return found is not None and alike_rows(found, other)

    def _conversation(self, index: int) -> Conversation | None:
        place = max(place for place, start in enumerate(self._starts) if start <= index)
        source = self._sources[place]
        try:
            values = source.snapshot.read(source.snapshot.text(index - self._starts[place]))
        except RowError:
            return None
        return _read(source.form, values, index - self._starts[place] + 1)


def _read(form: Format, values: dict[str, object] | None, number: int) -> Conversation | None:
    try:
        return None if values is None else read_as(form, values, number)
    except PairError:
        return None
