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

    def fields(self, values: Mapping[str, Any]) -> frozenset[str]:
        """The fields of a row whose content `conversation` takes over; the others are beside this format."""
        ...

    def write(self, conversation: Conversation) -> dict[str, Any]:
        """A row that says this, without what `losses` names. Raises PairError when there is no such row."""
        ...

    def losses(self, conversation: Conversation) -> list[str]:
        """What a row of this format has no place for: "tool calls, which Alpaca has no place for"."""
        ...
