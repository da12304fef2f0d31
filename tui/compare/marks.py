"""What a comparison means on the screen: a sign, a colour and a word for each fact, and which facts belong together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.facts import Comparison, MarkedFact


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: readable without its colour."""

    rank: int
    """0 for what matters most."""
    sign: str
    """One cell wide."""
    style: str
    """In Textual's words, with theme variables; empty for the text's own."""
    word: str


AGREES = Look(2, "✓", "$agrees", "agrees")
DISAGREES = Look(0, "✗", "$disagrees", "disagrees")
DIFFERS = Look(1, "≠", "$differs", "differ")
ONLY_HERE = Look(3, "◦", "$only-here", "on one side only")
SAME = Look(4, "=", "$text-muted", "the same")

LOOKS = (DISAGREES, DIFFERS, AGREES, ONLY_HERE, SAME)
"""By rank."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked span of an answer."""

    start: int
    end: int
    look: Look
    conflict: bool
    """Whether the other side says something else."""

    def moved(self, start: int, end: int) -> Mark:
        """The mark where its span is drawn."""
        return replace(self, start=start, end=end)


@dataclass(frozen=True, slots=True)
class FactRow:
    """One line of the facts table: what two sides say on one point."""

    first: MarkedFact | None
    """Of the arm that others are compared with."""
    other: MarkedFact | None
    times: int = 1
    """How often its side says it, where only one does."""

    @property
    def sides(self) -> tuple[MarkedFact, ...]:
        """The sides that say something."""
        return tuple(side for side in (self.first, self.other) if side is not None)

    @property
    def place(self) -> tuple[int, ...]:
        """Where its facts stand in the answers: it keeps that while they grow."""
        return tuple(-1 if side is None else side.fact.start for side in (self.first, self.other))

    @property
    def rank(self) -> int:
        """That of what matters most about it."""
        return min(look_of(side).rank for side in self.sides)

    @property
    def reason(self) -> str:
        """Why it is marked, in words."""
        looks = {look_of(side) for side in self.sides}
        told = next((side.reason for side in self.sides if side.reason), "")
        if looks >= {AGREES, DISAGREES}:
            return f"{told or 'the sides differ'} (dataset)"
        if DISAGREES in looks:
            return f"{told}, and not what the dataset says".removeprefix(", and ")
        if AGREES in looks:
            return f"{told}, agrees with the dataset".removeprefix(", ")
        again = f", {self.times} times" if self.times > 1 else ""
        return told or (f"on one side only{again}" if ONLY_HERE in looks else "the same on both sides")


def look_of(marked: MarkedFact) -> Look:
    """The one state of a fact that counts: the dataset's word first, then the other side's.

    The members of `data.facts` are compared as the text that they are, because that package is slow to import and
    the screen is not to wait for it.
    """
    if marked.standing == "agrees":
        return AGREES
    if marked.standing == "disagrees":
        return DISAGREES
    if marked.outcome == "conflict":
        return DIFFERS
    return SAME if marked.outcome == "same" else ONLY_HERE


def fact_rows(comparison: Comparison | None) -> tuple[FactRow, ...]:
    """Facts that were aligned side by side, what matters most first, else in the order of the text.

    What one side alone says again and again, as small models do, is one row.
    """
    if comparison is None:
        return ()
    rows = [FactRow(first, _at(comparison.b, first.counterpart)) for first in comparison.a]
    taken = {first.counterpart for first in comparison.a}
    rows += [
        FactRow(_at(comparison.a, other.counterpart), other)
        for index, other in enumerate(comparison.b)
        if index not in taken
    ]
    return tuple(sorted(_folded(rows), key=lambda row: row.rank))


def _folded(rows: list[FactRow]) -> list[FactRow]:
    """The rows with those of one side that say the same in the same words put together."""
    places: dict[tuple[object, ...], int] = {}
    found: list[FactRow] = []
    for row in rows:
        marked = row.sides[0]
        alone = len(row.sides) == 1 and look_of(marked) is ONLY_HERE
        key = (row.first is None, marked.fact.kind, marked.fact.text.casefold(), marked.reason)
        if alone and key in places:
            found[places[key]] = replace(found[places[key]], times=found[places[key]].times + 1)
            continue
        if alone:
            places[key] = len(found)
        found.append(row)
    return found


def marks(side: tuple[MarkedFact, ...], length: int) -> tuple[Mark, ...]:
    """The spans to mark in a text of `length` characters: ascending, without overlap, what is the same left out."""
    kept: list[Mark] = []
    for marked in sorted(side, key=lambda marked: (marked.fact.start, -marked.fact.end)):
        look, start, end = look_of(marked), marked.fact.start, min(marked.fact.end, length)
        if look is not SAME and start < end and (not kept or start >= kept[-1].end):
            kept.append(Mark(start, end, look, marked.outcome == "conflict"))
    return tuple(kept)


def _at(side: tuple[MarkedFact, ...], index: int | None) -> MarkedFact | None:
    return side[index] if index is not None and index < len(side) else None
