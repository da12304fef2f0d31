"""What two files have in common: rows of one that ask or state what rows of the other do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from data.splitting.keys import Why
from data.splitting.links import Linking, Source


@dataclass(frozen=True, slots=True)
class Match:
    """A row of the one file and a row of the other; both from 1."""

    row: int
    other: int
    why: Why


@dataclass(frozen=True, slots=True)
class Leakage:
    """What two files have in common."""

    rows: int
    """Of the first file."""
    other_rows: int
    """Of the second file."""
    matches: tuple[Match, ...]
    """For each row of the second file that has a match its surest one, in the order of the second file."""
    counts: Mapping[Why, int]
    """Matches by reason, the surest first."""

    @property
    def share(self) -> float:
        """The part of the second file's rows that have a match, 0 to 1."""
        return len(self.matches) / self.other_rows if self.other_rows else 0.0


class LeakageMeasure:
    """Compares two files; `run` until it ends, then `result` is there."""

    def __init__(self, first: Source, second: Source) -> None:
        self.result: Leakage | None = None
        self._first, self._second = first, second

    def run(self) -> Iterator[float]:
        """Compare, a few milliseconds at a time; yields the fraction done."""
        linking = Linking([self._first, self._second])
        yield from linking.run()
        rows, other_rows = len(self._first.snapshot), len(self._second.snapshot)
        order = list(Why)
        surest: dict[int, Match] = {}
        for link in linking.links:
            match = Match(link.row + 1, link.other - rows + 1, link.why)
            known = surest.get(match.other)
            if known is None or order.index(match.why) < order.index(known.why):
                surest[match.other] = match
        matches = tuple(surest[other] for other in sorted(surest))
        counted = Counter(match.why for match in matches)
        self.result = Leakage(rows, other_rows, matches, {why: counted[why] for why in order if counted[why]})


def leakage(first: Source, second: Source) -> Leakage:
    """Compare two files at once; see `LeakageMeasure` for a screen."""
    measure = LeakageMeasure(first, second)
    for _ in measure.run():
        pass
    assert measure.result is not None
    return measure.result
