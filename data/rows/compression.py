"""Files packed with gzip or zstd: unpacked into a working copy, packed again when saved."""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from data.atomic import AtomicFile
from data.rows.container import Container
from data.rows.overlay import State
from data.rows.rendering import render
from data.rows.saving import write_parts
from data.rows.source import Source
from data.rows.working_copy import UnpackError, WorkingCopy

_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_TAKE = 16 << 10
"""Packed bytes taken at once: gzip makes at most 1,032 bytes of one, so a step stays below 17 MB."""
_MADE = 1 << 20
"""Bytes that zstd may make in a step; a few packed bytes can be gigabytes there."""
_COPY = 1 << 20
_FASTEST, _SMALLEST = 4, 2
"""What the header of a gzip file says about the effort (RFC 1952, XFL)."""


class Compression(Protocol):
    """One way to pack a file."""

    @property
    def name(self) -> str:
        """What a person reads."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """What it adds to the name of a file."""
        ...

    def unpacked(self, path: Path, source: Source) -> WorkingCopy:
        """The bytes in it. Raises BurnishError when there is no room for them at all."""
        ...

    def write(self, file: AtomicFile, container: Container, state: State) -> None:
        """Pack all rows into a file. Raises OSError and BurnishError."""
        ...


def compression_of(head: bytes) -> Compression | None:
    """What packed a file that begins with `head` (16 bytes)."""
    if head.startswith(_GZIP):
        effort = {_FASTEST: 1, _SMALLEST: 9}.get(head[8] if len(head) > 8 else 0, 6)
        return Gzip(effort)
    if head.startswith(_ZSTD):
        return Zstd(checksum=len(head) > 4 and bool(head[4] & 0x04))
    return None


@dataclass(frozen=True, slots=True)
class Gzip:
    """gzip: members one after the other. A saved file has one, with neither name nor time in its header."""

    effort: int
    name = "gzip"
    suffixes = (".gz", ".gzip")

    def unpacked(self, path: Path, source: Source) -> WorkingCopy:
        return WorkingCopy(path, _gunzipped(source))

    def write(self, file: AtomicFile, container: Container, state: State) -> None:
        _write(file, zlib.compressobj(self.effort, wbits=31), container, state)


@dataclass(frozen=True, slots=True)
class Zstd:
    """zstd: frames one after the other. A saved file has one."""

    checksum: bool
    """Whether the file had one at its end."""
    name = "zstd"
    suffixes = (".zst", ".zstd")

    def unpacked(self, path: Path, source: Source) -> WorkingCopy:
        return WorkingCopy(path, _unzstd(source))

    def write(self, file: AtomicFile, container: Container, state: State) -> None:
        zstd = _zstd()
        packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.checksum_flag: int(self.checksum)})
        _write(file, packer, container, state)


class _Packer(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


class _Packed:
    """Packs what is written on its way to a file."""

    def __init__(self, file: AtomicFile, packer: _Packer) -> None:
        self._file, self._packer = file, packer

    def write(self, content: bytes) -> None:
        self._file.write(self._packer.compress(content))

    def copy(self, source: int, start: int, end: int) -> None:
        while start < end and (piece := os.pread(source, min(_COPY, end - start), start)):
            self.write(piece)
            start += len(piece)


def _write(file: AtomicFile, packer: _Packer, container: Container, state: State) -> None:
    write_parts(_Packed(file, packer), render(container, state), container.content)
    file.write(packer.flush())


def _gunzipped(source: Source) -> Iterator[tuple[bytes, float]]:
    at, packed = 0, b""
    unpacker = zlib.decompressobj(wbits=31)
    fresh, members = True, 0
    while packed or at < source.size:
        if not packed:
            packed = source.read(at, at + _TAKE)
            at += len(packed)
        if fresh and members and not (packed := packed.lstrip(b"\0")):
            continue  # zeros after the last member mean nothing, as after a tape's
        try:
            made = unpacker.decompress(packed)
        except zlib.error as error:
            raise UnpackError(f"is damaged {_where(at, source)}: what follows cannot be unpacked ({error})") from error
        yield made, at / source.size
        fresh, packed = unpacker.eof, unpacker.unused_data
        if fresh:
            members += 1
            unpacker = zlib.decompressobj(wbits=31)
    if not fresh:
        raise UnpackError("is cut off: its packed data ends early")


def _unzstd(source: Source) -> Iterator[tuple[bytes, float]]:
    zstd = _zstd()
    at, packed = 0, b""
    unpacker = zstd.ZstdDecompressor()
    fresh = True
    while packed or at < source.size or not (fresh or unpacker.needs_input):
        if not packed and (fresh or unpacker.needs_input):
            packed = source.read(at, at + _TAKE)
            at += len(packed)
        try:
            made = unpacker.decompress(packed, _MADE)
        except zstd.ZstdError as error:
            raise UnpackError(f"is damaged {_where(at, source)}: what follows cannot be unpacked ({error})") from error
        yield made, at / source.size
        fresh, packed = unpacker.eof, b""
        if fresh:
            packed = unpacker.unused_data
            unpacker = zstd.ZstdDecompressor()
    if not fresh:
        raise UnpackError("is cut off: its packed data ends early")


def _where(at: int, source: Source) -> str:
    return f"about {at / source.size:.0%} of the way in"


def _zstd() -> Any:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd
