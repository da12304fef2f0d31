"""What a run will read: the units of its epochs, its steps, and its tokens where they can be counted.

Needs no torch.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from math import ceil
from pathlib import Path

from data.errors import InputError
from data.formats.conversation import Conversation
from data.templates import Template
from engine.models.tokenizer import context_length
from engine.training.estimate import MemoryEstimate
from engine.training.job import TrainingJob
from engine.training.labels import IGNORED
from engine.training.plan import Epochs, Plan, TokenPlan, count_steps
from engine.training.rows import Rows
from engine.training.tokenised import reading_of, tokenised

COUNTED = 20_000
"""Rows that are tokenised for a plan: some seconds, and only once."""
_CHARACTERS = 4
"""Characters of a token, about, in English."""
_TEMPLATE = 30
"""Tokens that a chat template writes around a row, about."""


def epochs_of(rows: Rows, lengths: Sequence[int], places: Sequence[int], job: TrainingJob) -> Epochs:
    """What the epochs of a run show, of examples of these lengths; `places` says which of the rows each one is."""
    ends = list(accumulate(len(source.rows) for source in rows.sources))
    members: list[list[int]] = [[] for _ in ends]
    for index, place in enumerate(places):
        members[bisect_right(ends, place)].append(index)
    weights = [source.weight for source in rows.sources]
    return Epochs(lengths, members, weights, job.training, job.parallel.world_size)


def require_context(directory: Path, max_length: int) -> None:
    """Raise InputError when rows may be longer than what the model was made for, where its config says that."""
    made_for = context_length(directory)
    if made_for is not None and 0 < made_for < max_length:
        raise InputError(
            f"training.max_length is {max_length} and {directory.name} was made for {made_for} tokens; set it to "
            f"{made_for} or less."
        )


def require_optimizer(job: TrainingJob, *, gpu: bool) -> None:
    """Raise InputError for an optimizer that does not work on this machine."""
    if job.training.optimizer == "adamw-8bit" and not gpu:
        raise InputError('training.optimizer "adamw-8bit" needs a CUDA GPU, and there is none here; take "adamw".')


def nothing_left(job: TrainingJob) -> InputError:
    """The error for rows none of which can be trained on within the maximum length."""
    limit = job.training.max_length
    return InputError(f"No row has an answer within {limit} tokens; raise training.max_length.")


def plan_of(job: TrainingJob, rows: Rows, template: Template | None, memory: MemoryEstimate | None) -> Plan:
    """What a run on these rows will do; its tokens are counted where there is a template and not too many rows.

    Raises InputError for rows that cannot be rendered, or when none is left within the maximum length.
    """
    if template is not None and len(rows.train) <= COUNTED:
        return replace(_counted(job, rows, template), memory=memory)
    return replace(_uncounted(job, rows), memory=memory)


def _counted(job: TrainingJob, rows: Rows, template: Template) -> Plan:
    """The plan with the tokens that the run will read."""
    examples = tokenised(template, rows.train, reading_of(job))
    if not len(examples):
        raise nothing_left(job)
    tokenised(template, rows.held_out, reading_of(job))
    lengths = examples.lengths
    epochs = epochs_of(rows, lengths, examples.places, job)
    shown = epochs.rows(0)
    targets = [len(labels) - 1 - labels[1:].count(IGNORED) for labels in examples.labels]
    tokens = TokenPlan(
        epoch=sum(lengths[row] for row in shown),
        targets=sum(targets[row] for row in shown),
        longest=examples.longest,
        cut=examples.cut,
        dropped=examples.dropped,
    )
    steps = count_steps(len(epochs), job.training, job.parallel.world_size)
    unusable = tuple(rows.unusable)
    return Plan(len(rows.train), len(rows.held_out), steps, unusable, units=len(epochs), tokens=tokens)


def _uncounted(job: TrainingJob, rows: Rows) -> Plan:
    """The plan where the tokens are not known: each row is taken for its characters, and a text for one row."""
    rendered = job.stage == "instruction" and not job.training.packing
    lengths = [_likely_tokens(row, rendered=job.stage == "instruction") for row in rows.train]
    limit = job.training.max_length
    pieces = [max(1, ceil(each / limit)) if job.stage == "text" else 1 for each in lengths]
    places = [place for place, count in enumerate(pieces) for _ in range(count)]
    epochs = epochs_of(rows, [min(lengths[place], limit) for place in places], places, job)
    steps = count_steps(len(epochs), job.training, job.parallel.world_size)
    shown = [places[row] for row in epochs.rows(0)]
    tokens = TokenPlan(
        epoch=sum(min(lengths[place], limit) for place in shown),
        targets=sum(min(_likely_targets(rows.train[place], job), limit) for place in shown),
        longest=max(lengths),
        cut=0,
        dropped=0,
        estimated=True,
    )
    return Plan(
        len(rows.train),
        len(rows.held_out),
        steps,
        tuple(rows.unusable),
        units=len(epochs),
        estimated=not rendered,
        tokens=tokens,
    )


def _likely_tokens(row: Conversation, *, rendered: bool) -> int:
    said = sum(len(turn.text) for turn in row.turns) + len(row.system or "")
    return max(1, said // _CHARACTERS + rendered * _TEMPLATE)


def _likely_targets(row: Conversation, job: TrainingJob) -> int:
    """Tokens that carry loss, from the characters of the answers that do."""
    if job.stage == "text" or job.training.loss_on == "everything":
        return _likely_tokens(row, rendered=job.stage == "instruction")
    answers = [len(turn.text) for turn in row.turns if turn.role == "assistant"]
    return sum(answers[-1:] if job.training.loss_on == "last-answer" else answers) // _CHARACTERS + 1
