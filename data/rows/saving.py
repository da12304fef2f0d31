"""Writing the pieces of an edited file, and comparing them with what is on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from data.atomic import AtomicFile
from data.rows.rendering import Piece, Span
from data.rows.source import Source

_SMALL = 64 << 10
_BUFFER = 1 << 20


def write_pieces(file: AtomicFile, pieces: Iterable[Piece], source: Source) -> None:
    """Write them all: long untouched stretches are copied by the kernel, the rest in large writes.

    Raises OSError, and SourceError when the old file has lost its end.
    """
    buffer = bytearray()
    for piece in pieces:
        if isinstance(piece, Span) and source.held is None and piece.end - piece.start > _SMALL:
            file.write(bytes(buffer))
            buffer.clear()
            file.copy(source.descriptor, *piece)
        else:
            buffer += source.read(*piece) if isinstance(piece, Span) else piece
            if len(buffer) > _BUFFER:
                file.write(bytes(buffer))
                buffer.clear()
    file.write(bytes(buffer))


def same_content(path: Path, pieces: Iterable[Piece], source: Source) -> bool:
    """Whether a file holds exactly these pieces. Raises OSError and SourceError."""
    with path.open("rb") as file:
        return all(file.read(len(part)) == part for part in _parts(pieces, source)) and not file.read(1)


def _parts(pieces: Iterable[Piece], source: Source) -> Iterator[bytes]:
    for piece in pieces:
        if isinstance(piece, Span):
            for start in range(piece.start, piece.end, _BUFFER):
                yield source.read(start, min(start + _BUFFER, piece.end))
        else:
            yield piece
