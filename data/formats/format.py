"""What a module of a format offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from data.formats.conversation import Conversation


class Format(Protocol):
    """One format; each is a module."""

    @property
    def NAME(self) -> str:  # noqa: N802 (a module's constant)
        """For a person."""
        ...

    @property
    def NEEDS(self) -> str:  # noqa: N802
        """The fields without which a row is not of this format, in words."""
        ...

    def evidence(self, values: Mapping[str, Any]) -> str:
        """What in the fields of a row shows this format: "instruction and output"; empty when it is not of it."""
        ...

    def conversation(self, values: Mapping[str, Any], row_number: int) -> Conversation:
        """What a row says. Raises PairError, and nothing else whatever the row holds."""
        ...
