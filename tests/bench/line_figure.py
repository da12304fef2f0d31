"""A measurement of `make bench-line`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measurement: medians of bytes sent and of milliseconds to the first of them; or one of both."""

    name: str
    bytes: float | None = None
    milliseconds: float | None = None
    limit: str = ""
    """The target, as the table shows it."""
    met: bool = True
    said: str = ""
    """What is neither bytes nor milliseconds."""

    @property
    def words(self) -> str:
        """It as the table shows it."""
        parts = [self.said] if self.said else []
        if self.bytes is not None:
            parts.append(f"{self.bytes:,.0f} B")
        if self.milliseconds is not None:
            parts.append(f"{self.milliseconds:,.0f} ms")
        return ", ".join(parts)
