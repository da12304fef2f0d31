"""Splitting a dataset into rows to train on and rows to hold out, so that no fact is on both sides."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from data.errors import InputError
from data.formats.pair import PairError
from data.formats.reading import read_as
from data.rows.row import Row
from data.splitting.keys import Why, answer_kind
from data.splitting.links import Link, Linking, Source
from data.splitting.questions import answered, asked
from data.wording import counted

ANSWER_KIND, LENGTH = "answer-kind", "length"
"""What rows can be stratified by beside one of their fields."""
_SLICE = 0.004
_STEP = 4000
"""Rows or links that are gone through between two reports of progress."""
_LENGTHS = (100, 300, 1000, 3000, 10_000)
"""Characters of a question and its answer at which another stratum of lengths begins."""


def held_out_of(text: str) -> float:
    """What to hold out, as typed: below 1 a share ("10 %", "0.1"), else a number of rows. Raises InputError."""
    clean = text.strip()
    try:
        value = float(clean.removesuffix("%")) / (100 if clean.endswith("%") else 1)
    except ValueError:
        value = -1.0
    if not (0 < value < 1 or (clean.isdecimal() and value >= 1)):
        raise InputError(
            f"{clean or 'Nothing'} cannot be held out; give a share such as 10% or 0.1, or a number of rows."
        )
    return value


@dataclass(frozen=True, slots=True)
class SplitOptions:
    """How a dataset is split."""

    held_out: float
    """Below 1 the share of the rows to hold out, else their number."""
    by_fact: bool = True
    """Whether rows that ask or state the same stay on one side; else each row falls by itself."""
    stratify: str = ""
    """A field whose values, "answer-kind" or "length" have the same shares on both sides; empty: none."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Split:
    """Which rows are held out."""

    held_out: frozenset[int]
    """Their indexes, from 0; all others are trained on."""
    rows: int
    unread: tuple[int, ...]
    """Numbers (from 1) of rows that cannot be read; they are among those trained on."""
    groups: int
    """Groups of two or more rows that stay on one side."""
    grouped: int
    """Rows in them."""
    largest: tuple[int, ...]
    """Numbers (from 1) of the rows of the largest group."""
    reasons: Mapping[Why, int]
    """Links between rows by reason."""
    strata: Mapping[str, tuple[int, int]]
    """Rows trained on and held out of each stratum, where rows were stratified."""


class Splitting:
    """Splits a dataset; `run` until it ends, then `split` is there."""

    def __init__(self, source: Source, options: SplitOptions) -> None:
        """Raises InputError for a share or a number that cannot be held out."""
        rows = len(source.snapshot)
        if options.held_out <= 0 or options.held_out >= max(rows, 1):
            raise InputError(f"{options.held_out:g} of {counted(rows)} cannot be held out; give a share such as 10%.")
        self.split: Split | None = None
        self._source, self._options = source, options

    def run(self) -> Iterator[float]:
        """Find what belongs together and choose; yields the fraction done. Raises InputError where no split is left."""
        linking = Linking([self._source] if self._options.by_fact else [])
        yield from (done * 0.9 for done in linking.run())
        strata: list[str] = []
        unread: list[int] = []
        began = perf_counter()
        for row in self._source.snapshot.rows():
            stratum = self._stratum(row)
            strata.append(stratum or "")
            if stratum is None:
                unread.append(row.index)
            if perf_counter() - began > _SLICE:
                yield 0.9 + 0.1 * row.number / max(len(self._source.snapshot), 1)
                began = perf_counter()
        groups: list[list[int]] = yield from _grouped(len(strata), linking.links, set(unread))
        held_out = self._choose(groups, strata)
        if not held_out or len(held_out) + len(unread) >= len(strata):
            few = "too few different questions to hold some out"
            raise InputError(f"The dataset has {few}: {counted(len(groups), 'group')} of rows that ask the same.")
        several = [group for group in groups if len(group) > 1]
        counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for index, stratum in enumerate(strata if self._options.stratify else ()):
            counts[stratum][index in held_out] += 1
        reasons = Counter(link.why for link in linking.links)
        self.split = Split(
            held_out,
            len(strata),
            tuple(index + 1 for index in unread),
            len(several),
            sum(map(len, several)),
            tuple(index + 1 for index in max(several, key=len, default=())),
            {why: reasons[why] for why in Why if reasons[why]},
            {stratum: (both[0], both[1]) for stratum, both in sorted(counts.items())},
        )
        yield 1.0

    def _choose(self, groups: list[list[int]], strata: list[str]) -> frozenset[int]:
        """Whole groups, of each stratum about its share; what one stratum has too much the next has less."""
        rows = sum(map(len, groups))
        share = self._options.held_out if self._options.held_out < 1 else self._options.held_out / max(rows, 1)
        by_stratum: defaultdict[str, list[list[int]]] = defaultdict(list)
        for group in groups:
            by_stratum[strata[group[0]]].append(group)
        chosen: set[int] = set()
        missing = 0.0
        for stratum in sorted(by_stratum):
            candidates = by_stratum[stratum]
            random.Random(f"{self._options.seed} {stratum}").shuffle(candidates)  # noqa: S311 - no secret
            missing += share * sum(map(len, candidates))
            for group in candidates:
                if len(group) < 2 * missing:
                    chosen.update(group)
                    missing -= len(group)
        return frozenset(chosen)

    def _stratum(self, row: Row) -> str | None:
        """Where a row belongs; None for a row that cannot be read."""
        name = self._options.stratify
        if row.values is None:
            return None
        try:
            found = read_as(self._source.form, row.values, row.number)
        except PairError:
            return None
        if not name:
            return ""
        if name in row.values:
            return str(row.values[name])
        if name == ANSWER_KIND:
            return answer_kind(found)
        if name == LENGTH:
            length = len(asked(found)) + len(answered(found))
            above = next((step for step in _LENGTHS if length < step), None)
            return f"below {above:,} characters" if above else f"{_LENGTHS[-1]:,} characters and more"
        return f"without {name}"


def _grouped(rows: int, links: Sequence[Link], left_out: set[int]) -> Generator[float, None, list[list[int]]]:
    """The rows in groups of those that are linked, over any number of links, without some rows."""
    parents = list(range(rows))

    def root(row: int) -> int:
        while parents[row] != row:
            parents[row] = parents[parents[row]]
            row = parents[row]
        return row

    for place, link in enumerate(links):
        first, second = sorted((root(link.row), root(link.other)))
        parents[second] = first
        if place % _STEP == 0:
            yield 1.0
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for row in range(rows):
        if row not in left_out:
            groups[root(row)].append(row)
        if row % _STEP == 0:
            yield 1.0
    return list(groups.values())
