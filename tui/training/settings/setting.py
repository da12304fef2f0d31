"""What the form knows about one setting of a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the form."""

    path: str
    """Where it stands in the job file ("training.epochs"); "dataset.held_out" stands for both ways of holding out."""
    label: str
    explanation: str
    """What it does, and what is usual."""
    read: Callable[[str], Any]
    """What the text means; raises InputError with the end of a sentence that starts with the label."""
    write: Callable[[Any], str] = str
    choices: tuple[str, ...] = ()
    when_empty: str = ""
    """What stands in an empty line."""
    group: str = ""
    """The heading that it stands under among the rarer settings; empty for those that are always shown."""

    @property
    def advanced(self) -> bool:
        """Whether it is shown only when more settings are wanted."""
        return bool(self.group)
