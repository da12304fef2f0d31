"""The loss of rows under a model as it is, without training on them (worker side)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from engine.training.batching import PadRight
from engine.training.examples import Examples
from engine.training.loading import Arithmetic
from engine.training.loss import losses_by_row
from engine.training.parallel import gathered, rank, world_size


@dataclass(frozen=True, slots=True)
class Measured:
    """The loss of one row."""

    loss: float
    """Mean cross-entropy, nats a target token."""
    tokens: int
    """Target tokens."""
    right: int = 0
    """Target tokens that the model itself would have chosen, each given the right ones before it."""


def measure(
    model: Any,
    examples: Examples,
    pad: PadRight,
    batch_size: int,
    arithmetic: Arithmetic,
    which: Iterable[int] | None = None,
) -> Iterator[list[tuple[int, Measured]]]:
    """The losses of the examples at these indices (of all by default), batch by batch, the shortest first.

    Several processes measure every so manieth batch each, and all get all of them. Leaves the model in evaluation mode.
    Draws no random numbers.
    """
    chosen = range(len(examples)) if which is None else which
    order = sorted(chosen, key=lambda row: len(examples.input_ids[row]))
    model.eval()
    batches = [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
    for start in range(0, len(batches), world_size()):
        # A process without a batch repeats the last one: a sharded model is computed by all of them together.
        rows = batches[min(start + rank(), len(batches) - 1)]
        measured = list(zip(rows, _measure_batch(model, examples, rows, pad, arithmetic), strict=True))
        yield from gathered(measured)[: len(batches) - start]


def mean_loss(measured: Iterable[Measured]) -> float:
    """The mean over all rows, each target token counting the same."""
    rows = list(measured)
    return sum(row.loss * row.tokens for row in rows) / sum(row.tokens for row in rows)


def accuracy(measured: Iterable[Measured]) -> float:
    """The share of all target tokens that the model itself would have chosen, 0 to 1."""
    rows = list(measured)
    return sum(row.right for row in rows) / sum(row.tokens for row in rows)


def _measure_batch(
    model: Any, examples: Examples, rows: Sequence[int], pad: PadRight, arithmetic: Arithmetic
) -> list[Measured]:
    batch = pad([{"input_ids": examples.input_ids[row], "labels": examples.labels[row]} for row in rows])
    batch = {name: each.to(model.device) if hasattr(each, "to") else each for name, each in batch.items()}
    with torch.no_grad(), torch.autocast(arithmetic.device, torch.bfloat16, enabled=arithmetic.bf16):
        found = losses_by_row(model, batch, len(rows))
    return [Measured(*each) for each in zip(*(each.tolist() for each in found), strict=True)]
