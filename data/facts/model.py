"""What a fact is, and what a comparison says of it: plain records, no behaviour.

Tuples, because a frozen dataclass takes five times as long to make, and a comparison makes a hundred.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

Value = float | str | bool | tuple[float, ...] | tuple[str, ...]


class Kind(StrEnum):
    """What sort of fact a span states."""

    QUANTITY = "quantity"
    RANGE = "range"
    COUNT = "count"
    ORDINAL = "ordinal"
    VERSION = "version"
    IDENTIFIER = "identifier"
    CODE = "code"
    HEX = "hex"
    DATE = "date"
    MONEY = "money"
    RATIO = "ratio"
    DIMENSIONS = "dimensions"
    POLARITY = "polarity"
    NAME = "name"
    TERM = "term"
    LIST = "list"

    __hash__ = str.__hash__  # Enum's own is a Python function: ten times slower, and facts are looked up by kind


class Outcome(StrEnum):
    """A fact of one answer against the other answer."""

    SAME = "same"
    CONFLICT = "conflict"
    ONLY_HERE = "only here"


class Standing(StrEnum):
    """A fact of an answer against the reference."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    NOT_COVERED = "not covered"


class Verdict(StrEnum):
    """A whole answer against a reference."""

    RIGHT = "right"
    WRONG = "wrong"
    UNCLEAR = "unclear"


class Fact(NamedTuple):
    """One checkable statement in a text, with its value in a normal form."""

    start: int
    """Offset of the first character in the text."""
    end: int
    """Offset behind the last character."""
    text: str
    """The span as it stands in the text."""
    kind: Kind
    value: Value
    """As stated, in `unit`: a number, (low, high) of a range, the sides of dimensions; or a name, date, code."""
    unit: str | None = None
    """Canonical spelling of the unit at the stated scale ("MHz", "KB", "USD"), or the noun of a count."""
    dimension: str = ""
    """What the value measures ("frequency", "data rate"): facts of different dimensions are never compared."""
    base: tuple[float, ...] = ()
    """The value in the base unit of its dimension; empty when it is not a number."""
    other_base: tuple[float, ...] = ()
    """A second reading of the same span: 264 KB as 264,000 B, 2 × 512 KB as each 512 KB."""
    key: tuple[str, ...] = ()
    """Normal form of a fact that is not a number (name, version, date, code)."""
    noun: tuple[str, ...] = ()
    """Stems of what is counted or labelled, or the product of a version."""
    about: frozenset[str] = frozenset()
    """Stems of the words around the span, which say what it is a fact about."""
    bound: str = ""
    """"min" (at least), "max" (up to), "about", "over", "under", or empty."""
    follows: str = ""
    """Stem of the word right behind a quantity, which it may belong to ("12 MHz crystal")."""
    head: str = ""
    """Stem of what a quantity is a quantity of ("SRAM" in "264 KB of on-chip SRAM"), else `follows`."""
    digits: int = 0
    """Significant digits as written; 0 when it is not a number."""
    aside: bool = False
    """Mentioned only to be set apart (negated, compared with, formerly): no claim about the subject."""


FACT_OF = tuple.__new__
"""Makes a fact of all its fields in a row, in half the time that the constructor takes."""


class MarkedFact(NamedTuple):
    """A fact with what became of it."""

    fact: Fact
    outcome: Outcome | None
    """Against the other answer; None when there is none (`judge`)."""
    standing: Standing | None
    """Against the reference; None when there is none."""
    counterpart: int | None
    """Index of the fact it was aligned with, in the other side's facts."""
    reason: str
    """Why, in words: "1.8 GHz ≠ 150 MHz"; empty when there is nothing to say."""


class Difference(NamedTuple):
    """One point on which two texts differ."""

    a_text: str | None
    """The words of A, or None when A says nothing on it."""
    b_text: str | None
    reason: str


class Comparison(NamedTuple):
    """Two answers to one question."""

    a: tuple[MarkedFact, ...]
    b: tuple[MarkedFact, ...]
    label: str
    """"same" or "different"."""
    agrees: str | None
    """Which side agrees with the reference: "A", "B", "both", "neither"; None without a reference."""
    differing: tuple[Difference, ...]


class Judgement(NamedTuple):
    """One answer against a reference."""

    verdict: Verdict
    reason: str
    facts: tuple[MarkedFact, ...]
