"""What a file can be turned into: a format, a kind of file (told by the name of the new file), and how it is packed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from data.errors import InputError
from data.formats import (
    alpaca,
    dolly,
    flan,
    kto,
    messages,
    named_pairs,
    oasst,
    plain_text,
    preference,
    prompt_completion,
    sharegpt,
)
from data.formats.format import Format

FORMATS: Mapping[str, Format] = {
    "alpaca": alpaca,
    "sharegpt": sharegpt,
    "messages": messages,
    "prompt-completion": prompt_completion,
    "preference": preference,
    "kto": kto,
    "question-answer": named_pairs,
    "dolly": dolly,
    "flan": flan,
    "oasst": oasst,
    "text": plain_text,
}
"""Every format that can be written, by its name on the command line."""


class FileKind(StrEnum):
    """A kind of file; the value is what a person reads."""

    LINES = "JSONL"
    ARRAY = "JSON"
    CSV = "CSV"
    TSV = "TSV"
    PARQUET = "Parquet"
    TEXT = "text file"

    @property
    def json(self) -> bool:
        """Whether it holds any JSON value as it is."""
        return self in (FileKind.LINES, FileKind.ARRAY)


class Packing(StrEnum):
    """How a file is compressed."""

    NONE = ""
    GZIP = "gzip"
    ZSTD = "zstd"


_KINDS = {
    ".jsonl": FileKind.LINES,
    ".ndjson": FileKind.LINES,
    ".jsonlines": FileKind.LINES,
    ".json": FileKind.ARRAY,
    ".csv": FileKind.CSV,
    ".tsv": FileKind.TSV,
    ".tab": FileKind.TSV,
    ".parquet": FileKind.PARQUET,
    ".txt": FileKind.TEXT,
}
_PACKINGS = {".gz": Packing.GZIP, ".gzip": Packing.GZIP, ".zst": Packing.ZSTD, ".zstd": Packing.ZSTD}


@dataclass(frozen=True, slots=True)
class Target:
    """What comes out of a conversion."""

    form: Format | None
    """None: the format stays, and so does every field."""
    kind: FileKind
    packing: Packing = Packing.NONE


def target_of(path: Path, form: Format | None) -> Target:
    """The target that the name of a new file tells. Raises InputError for a name that tells none."""
    packing = _PACKINGS.get(path.suffix.lower(), Packing.NONE)
    suffix = (Path(path.stem) if packing else path).suffix.lower()
    kind = _KINDS.get(suffix)
    if kind is None:
        raise InputError(f"{path.name} names no kind of file; end it in one of {', '.join(_KINDS)} (and .gz or .zst).")
    if packing and kind is FileKind.PARQUET:
        raise InputError(f"{path.name}: Parquet is compressed by itself; leave {path.suffix} out.")
    return Target(form, kind, packing)


def format_named(name: str) -> Format:
    """A format by its name on the command line. Raises InputError."""
    found = FORMATS.get(name.strip().lower().replace("_", "-"))
    if found is None:
        raise InputError(f"There is no format {name}; there are {', '.join(FORMATS)}.")
    return found
