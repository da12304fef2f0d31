"""Which files of a hub dataset hold its rows: decided from their names alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from data.dataset_files import SUFFIXES, TEXT_SUFFIXES
from data.errors import InputError
from engine.models.check import is_hub_id

_KINDS = [{".parquet"}, {".jsonl", ".ndjson", ".jsonlines"}, {".json"}, {".csv", ".tsv"}, {".txt"}]
"""What a dataset is taken from, the best first, where it comes in several kinds."""
_PACKED = {".gz", ".gzip", ".zst", ".zstd"}
_NO_ROWS = {
    "dataset_info.json",
    "dataset_infos.json",
    "dataset_dict.json",
    "state.json",
    "requirements.txt",
    "readme.txt",
    "license.txt",
}
_SAME = {"training": "train", "valid": "validation", "val": "validation", "dev": "validation", "evaluation": "eval"}
_USUAL = ("train", "validation", "test", "eval")
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class HubDataset:
    """A dataset of the hub, or a part of one."""

    hub_id: str
    """`owner/name`."""
    part: str | None = None
    """Words that its file names hold: a split ("test"), or a configuration and a split ("en/test")."""


def hub_dataset(text: str) -> HubDataset | None:
    """What `owner/name` or `owner/name:part` names; None for a text of another shape."""
    hub_id, _, part = text.strip().partition(":")
    return HubDataset(hub_id, part or None) if is_hub_id(hub_id) else None


def named_by(path: Path, workspace: Path) -> HubDataset | None:
    """The dataset that a person means by a path of a workspace where nothing is; None where a file is meant."""
    if path.parent.is_dir() or path.name.lower().endswith((*SUFFIXES, *TEXT_SUFFIXES)):
        return None
    return hub_dataset(str(path.relative_to(workspace))) if path.is_relative_to(workspace) else None


def chosen_files(names: Iterable[str], dataset: HubDataset) -> list[str]:
    """The files that hold the rows of a dataset, in order; several where it is in pieces.

    Without a part, the training rows are meant where there are such. Raises InputError when no file fits.
    """
    kinds = {name: kind for name in names if (kind := _kind(name)) is not None}
    if not kinds:
        raise InputError(
            f"The dataset {dataset.hub_id} has no file with rows that burnish opens (Parquet, JSONL, JSON, CSV, TSV, "
            "text).",
            title="No rows in it",
        )
    found = _holding(kinds, dataset.part or "train")
    if not found and dataset.part:
        raise InputError(
            f"The dataset {dataset.hub_id} has no part {dataset.part}; it has {_parts(kinds)}.", title="No such part"
        )
    found = found or sorted(kinds)
    best = min(kinds[name] for name in found)
    return [name for name in found if kinds[name] == best]


def has_rows(names: Iterable[str]) -> bool:
    """Whether any of these files does."""
    return any(_kind(name) is not None for name in names)


def _kind(name: str) -> int | None:
    """Which of `_KINDS` a file is; None for one that holds no rows."""
    path = PurePosixPath(name.lower())
    if path.name in _NO_ROWS or any(part.startswith((".", "/")) for part in path.parts):
        return None
    suffix = PurePosixPath(path.stem).suffix if path.suffix in _PACKED else path.suffix
    return next((kind for kind, suffixes in enumerate(_KINDS) if suffix in suffixes), None)


def _holding(names: Collection[str], part: str) -> list[str]:
    """Those whose path holds every word of a part."""
    wanted = _words(part)
    return sorted(name for name in names if wanted <= _words(name))


def _words(text: str) -> set[str]:
    return {_SAME.get(found[0], found[0]) for found in _WORD.finditer(text.lower())}


def _parts(names: Collection[str]) -> str:
    known = set[str]().union(*map(_words, names))
    return ", ".join([part for part in _USUAL if part in known] or sorted(names)[:8])
