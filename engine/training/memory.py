"""Whether a run's memory is there: the estimate held against what is available, less a reserve for the machine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from data.errors import BurnishError
from data.formats.conversation import Conversation
from data.wording import byte_size
from engine.hardware.cpu import cpu_has_bf16
from engine.hardware.pool import read_pool
from engine.models.shape import known_shape, read_shape
from engine.training.estimate import GIB, MemoryEstimate, estimate_memory
from engine.training.job import TrainingJob

_RESERVE = GIB, 0.1
"""What is left to the machine: at least so much, and so much of all its memory. On a DGX Spark that is 12 GiB; with
less free it begins to swap, and does not come back."""
_BYTES = 3
"""Of UTF-8 a token, about: fewer in no language that tokenizers are made for."""
_TURNS = 64
"""Tokens of a chat template around a row."""


def forecast(job: TrainingJob, directory: Path | None, longest: int) -> MemoryEstimate | None:
    """What a job will take on this machine; None for a model that is not here and of unknown shape.

    `longest` is the longest row in tokens. Raises InputError when the model's weights cannot be read.
    """
    shape = known_shape(job.model) if directory is None else read_shape(directory)
    if shape is None:
        return None
    _, gpu = read_pool()
    return estimate_memory(job, shape, gpu=gpu, bf16=gpu or cpu_has_bf16(), longest=longest)


def likely_longest(rows: Iterable[Conversation]) -> int:
    """Tokens of the longest row, from its bytes alone."""
    said = ((row.turns + (row.preference.chosen if row.preference else ()), row.system or "") for row in rows)
    sizes = (len("".join((system, *(turn.text for turn in turns))).encode()) for turns, system in said)
    return max(sizes, default=0) // _BYTES + _TURNS


def room_for(job: TrainingJob) -> tuple[int, str]:
    """Bytes that a run may take: what is available less a reserve, or what the job allows; and why, in words."""
    pool, _ = read_pool()
    least, share = _RESERVE
    room = max(0, pool.available - max(least, int(share * pool.total)))
    limit = int(job.limits.memory_gib * GIB)
    if limit and limit < room:
        return limit, f"limits.memory_gib allows {byte_size(limit)}"
    return room, f"{byte_size(room)} are available (a reserve for the machine is left)"


def shortage(estimate: MemoryEstimate, job: TrainingJob) -> str:
    """One sentence when the run takes more than there is, or than the job allows; empty when it fits."""
    room, reason = room_for(job)
    if estimate.total <= room:
        return ""
    first, second, third = estimate.largest[:3]
    parts = f"{first.name} {byte_size(first.size)}, {second.name} {byte_size(second.size)}"
    need = f"This run needs about {byte_size(estimate.total)} of memory ({parts}) and {reason}"
    remedies = dict.fromkeys(part.remedy for part in (first, second, third) if part.remedy)
    return f"{need}; choose {', or '.join(remedies) or 'a smaller model'}."


def require_memory(estimate: MemoryEstimate | None, job: TrainingJob) -> None:
    """Raise BurnishError when the run does not fit, naming what takes most and what makes it smaller."""
    sentence = shortage(estimate, job) if estimate else ""
    if sentence:
        raise BurnishError(sentence, title="Not enough memory")
