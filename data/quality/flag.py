"""What a check says: of a row, or of the file as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing that is wrong, or looks wrong, with one row."""

    check: str
    """Name of the check that raised it: "duplicate"."""
    row: int
    """Index of the row, from 0."""
    reason: str
    """The words after "row 12: ", without a full stop. Rows named in it count from 1; a secret is masked."""
    other: int | None = None
    """Index of the other row that it is about, from 0: the one it repeats or contradicts."""
    field: str | None = None
    """The field that it is about, where it is one."""
    fix: Mapping[str, Any] | None = None
    """Fields to set, with their new values, that mend it; None where no safe way is known."""
    delete: bool = False
    """Whether the way to mend it is to delete the row, because nothing is lost with it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about the file as a whole."""

    check: str
    text: str
    """A sentence with its full stop."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """The numbers in the text, by name."""
    suggestion: str = ""
    """What to do about it, a sentence; empty where there is nothing to do."""
