"""A recognised file: where its rows are, how one of them is read, and how all of them are put together again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from data.atomic import AtomicFile
from data.rows.codec import Codec
from data.rows.index import Index, Readable
from data.rows.overlay import State


class Kind(StrEnum):
    """How rows are put together; the value is what a person reads."""

    LINES = "JSONL"
    ARRAY = "JSON array"
    VALUES = "JSON"
    CSV = "CSV"
    TSV = "TSV"
    TEXT = "text"
    PARQUET = "Parquet"

    @property
    def one_after_the_other(self) -> bool:
        """Whether rows are lines or records, with line ends between them."""
        return self not in (Kind.ARRAY, Kind.VALUES)


class Content(Readable, Protocol):
    """The bytes that an index looks at: those of the file, or a working copy."""

    @property
    def problem(self) -> str | None:
        """Why there are not all bytes of the file, as a sentence without its full stop."""
        ...

    @property
    def held(self) -> bytes | None:
        """All of them, for a small file."""
        ...

    @property
    def descriptor(self) -> int:
        """The open file that has them. Raises SourceError after `close`."""
        ...

    def check_untouched(self) -> None:
        """Raises BurnishError when the bytes of some row are not to be had, so that the file cannot be saved."""
        ...

    def close(self) -> None:
        """Let them go."""
        ...


class Packing(Protocol):
    """How a file that does not hold its rows as plain bytes is written."""

    @property
    def name(self) -> str:
        """What a person reads, "gzip"; empty where the kind of file says it."""
        ...

    def write(self, file: AtomicFile, container: Container, state: State) -> None:
        """Write all rows. Raises OSError and BurnishError."""
        ...


@dataclass(frozen=True, slots=True)
class Container:
    """A recognised file."""

    kind: Kind
    index: Index
    codec: Codec
    content: Content
    evidence: str | None = None
    """How it was recognised; None: by what the rows are."""
    packing: Packing | None = None

    @property
    def name(self) -> str:
        """The kind of file for a person: "JSONL · gzip"."""
        packed = self.packing.name if self.packing else ""
        return f"{self.kind.value} · {packed}" if packed else self.kind.value


def describe(container: Container, rows: Sequence[Mapping[str, Any] | None], *, whole: bool) -> str:
    """The evidence for a person, from the first rows (None for one that cannot be read); `whole`: those are all."""
    good = [row for row in rows if row is not None]
    if container.evidence is not None:
        bad = f"; {len(rows) - len(good)} of the first {len(rows)} rows cannot be read" if len(good) < len(rows) else ""
        return container.evidence + bad
    part = {Kind.LINES: "line", Kind.ARRAY: "element"}.get(container.kind, "value")
    if not rows:
        return "the file has no rows"
    if not good:
        return f"no {part} of the first {len(rows)} is a JSON object"
    fields = [field for field in good[0] if all(field in row for row in good)]
    named = f" with {', '.join(fields[:8])}" if fields else ""
    if len(rows) == 1 and whole:
        return f"one JSON object{named}"
    each = f"each {part}" if whole else f"each of the first {len(rows)} {part}s"
    bad = f", except {len(rows) - len(good)}" if len(good) < len(rows) else ""
    return f"{each} is a JSON object{named}{bad}"
