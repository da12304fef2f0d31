"""Where a model's tokenizer lies on this machine: found without a network and without loading weights."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from data.errors import InputError
from engine.models.catalog import EMBEDDED, prepared
from engine.models.check import check_model, is_hub_id, local_directory
from engine.training.job import TrainingJob, read_job
from engine.training.runs import JOB_FILE, RUNS

_TOKENIZER = "tokenizer.json"


@dataclass(frozen=True, slots=True)
class Tokenizing:
    """What decides how rows become tokens."""

    model: str = TrainingJob().model
    """An embedded model's name, a directory, or a hub id."""
    max_length: int = TrainingJob().training.max_length
    """Tokens a row may have in training."""


def tokenizer_directory(name: str, workspace: Path | None = None) -> Path:
    """The directory with the tokenizer and chat template of a model, as training would use them.

    Relative directories count from the workspace. Raises InputError for a name that can be no model, and for a model
    that is not on this machine.
    """
    directory = local_directory(name, workspace)
    if directory is not None and (directory / _TOKENIZER).is_file():
        return directory
    check_model(name, workspace=workspace)
    found = prepared(name) if name in EMBEDDED else _in_hub_cache(name) if is_hub_id(name) else None
    if found is None:
        raise InputError(
            f"The model {name} is not on this machine; the first run with it fetches it, "
            f"or choose a directory that has a tokenizer.json.",
            title="No tokenizer",
        )
    return found


def context_length(directory: Path) -> int | None:
    """Tokens that the model of a directory was made for, where its config says so."""
    try:
        config = json.loads((directory / "config.json").read_bytes())
        length = (config | (config.get("text_config") or {})).get("max_position_embeddings")
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return length if isinstance(length, int) else None


def tokenizing_of(workspace: Path) -> Tokenizing:
    """That of the newest run of a workspace that can be read, else the defaults of a new one."""
    jobs = sorted(_jobs(workspace), reverse=True)
    for _, path in jobs:
        try:
            job = read_job(path)
        except (InputError, OSError):
            continue
        return Tokenizing(job.model, job.training.max_length)
    return Tokenizing()


def _jobs(workspace: Path) -> list[tuple[float, Path]]:
    found: list[tuple[float, Path]] = []
    for path in (workspace / RUNS).glob(f"*/{JOB_FILE}"):
        try:
            found.append((path.stat().st_mtime, path))
        except OSError:
            continue
    return found


def _in_hub_cache(hub_id: str) -> Path | None:
    """The snapshot of a model in the hub's own cache, complete enough to tokenise."""
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(hub_id, _TOKENIZER)
    return Path(found).parent if isinstance(found, str) else None
