"""What a workspace remembers of a person's last visit, and which dataset it opens with."""

from __future__ import annotations

import json
from pathlib import Path

from data.atomic import write_atomically
from data.dataset_files import SUFFIXES
from data.errors import BurnishError

HELD_OUT_ENDINGS = ("paraphrased", "held_out", "heldout", "test", "validation", "val", "eval", "dev")
"""A file beside the dataset with its name and one of these words is held out, unless the person says otherwise."""


def dataset_files(workspace: Path) -> list[Path]:
    """The dataset files that lie in a workspace itself, by name."""
    return sorted(each for each in workspace.iterdir() if each.name.lower().endswith(SUFFIXES) and each.is_file())


def held_out_beside(dataset: Path) -> Path | None:
    """The file of held-out rows that lies beside a dataset, if there is one: `pairs_test.jsonl` for `pairs.jsonl`."""
    candidates = (dataset.with_stem(f"{dataset.stem}_{ending}") for ending in HELD_OUT_ENDINGS)
    return next((each for each in candidates if each.is_file()), None)


def first_dataset(workspace: Path) -> Path | None:
    """The dataset that was open last, else the largest (held-out rows are fewer), else None."""
    try:
        remembered = workspace / json.loads(_memory(workspace).read_bytes())["dataset"]
    except (OSError, ValueError, KeyError, TypeError):
        remembered = None
    if remembered is not None and remembered.is_file():
        return remembered
    return max(dataset_files(workspace), key=lambda file: file.stat().st_size, default=None)


def remember_dataset(workspace: Path, dataset: Path) -> None:
    """Open this dataset next time. A workspace that cannot be written to simply forgets."""
    name = str(dataset.relative_to(workspace) if dataset.is_relative_to(workspace) else dataset)
    content = (json.dumps({"dataset": name}) + "\n").encode()
    memory = _memory(workspace)
    try:
        if memory.is_file() and memory.read_bytes() == content:
            return  # a write waits for the disk
        memory.parent.mkdir(exist_ok=True)
        write_atomically(memory, content)
    except (OSError, BurnishError):
        return


def _memory(workspace: Path) -> Path:
    return workspace / ".burnish" / "last.json"
