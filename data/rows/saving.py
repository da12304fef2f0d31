"""Writing the parts of an edited file, and comparing them with what is on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from data.atomic import AtomicFile
from data.rows.container import Container, Content
from data.rows.overlay import State
from data.rows.rendering import Part, Span, render

_SMALL = 64 << 10
_BUFFER = 1 << 20


class Target(Protocol):
    """What takes the bytes: a file, or what packs them on their way into one. Raises OSError."""

    def write(self, content: bytes) -> None:
        """Append bytes."""
        ...

    def copy(self, source: int, start: int, end: int) -> None:
        """Append the bytes `start` to `end` of an open file; stops early where that file ends."""
        ...


def write_rows(file: AtomicFile, container: Container, state: State) -> None:
    """Write a whole file as it is in hand. Raises OSError, and BurnishError when the bytes of some row are gone."""
    if container.packing:
        container.packing.write(file, container, state)
    else:
        write_parts(file, render(container, state), container.content)


def write_parts(target: Target, parts: Iterable[Part], content: Content) -> None:
    """Write them all: long untouched stretches are copied by the kernel, the rest in large writes.

    Raises OSError, and SourceError when the old file has lost its end.
    """
    buffer = bytearray()
    for part in parts:
        if isinstance(part, Span) and content.held is None and part.end - part.start > _SMALL:
            target.write(bytes(buffer))
            buffer.clear()
            target.copy(content.descriptor, *part)
        else:
            buffer += content.read(*part) if isinstance(part, Span) else part
            if len(buffer) > _BUFFER:
                target.write(bytes(buffer))
                buffer.clear()
    target.write(bytes(buffer))


def same_content(path: Path, parts: Iterable[Part], content: Content) -> bool:
    """Whether a file holds exactly these parts. Raises OSError and SourceError."""
    with path.open("rb") as file:
        return all(file.read(len(each)) == each for each in _read(parts, content)) and not file.read(1)


def _read(parts: Iterable[Part], content: Content) -> Iterator[bytes]:
    for part in parts:
        if isinstance(part, Span):
            for start in range(part.start, part.end, _BUFFER):
                yield content.read(start, min(start + _BUFFER, part.end))
        else:
            yield part
