"""Batches of rows of about the same length (worker side)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils.data import Sampler

from engine.training.labels import IGNORED

_WINDOW = 64
"""Batches that are sorted together: enough for little padding, few enough that epochs differ."""
_JITTER = 0.15
"""How far a row may be sorted from its length, as a share of it, so that batches are not the same in every epoch."""


class LengthBuckets(Sampler[int]):
    """The order of the rows in an epoch: shuffled, but rows of a batch are about equally long.

    Depends on seed and epoch alone, never on the state of a random generator, so that a resumed run sees the same
    batches. The batch that is not full comes last.
    """

    def __init__(self, lengths: Sequence[int], batch_size: int, seed: int) -> None:
        self._lengths = lengths
        self._batch_size = batch_size
        self._seed = seed
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch that the next iteration gives."""
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        draw = random.Random(f"{self._seed}/{self._epoch}")  # noqa: S311 - no secret
        rows = list(range(len(self._lengths)))
        draw.shuffle(rows)
        keys = {row: self._lengths[row] * (1 + draw.uniform(-_JITTER, _JITTER)) for row in rows}
        batches: list[list[int]] = []
        for start in range(0, len(rows), window := self._batch_size * _WINDOW):
            near = sorted(rows[start : start + window], key=keys.__getitem__)
            batches += [near[at : at + self._batch_size] for at in range(0, len(near), self._batch_size)]
        full = [batch for batch in batches if len(batch) == self._batch_size]
        rest = [batch for batch in batches if len(batch) < self._batch_size]
        draw.shuffle(full)
        return (row for batch in full + rest for row in batch)


@dataclass(frozen=True, slots=True)
class PadRight:
    """Makes a batch of examples: `input_ids` and `labels` [rows, tokens], `lengths` [rows] (tokens without padding)."""

    pad_id: int

    def __call__(self, examples: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
        lengths = [len(example["input_ids"]) for example in examples]
        size = (len(examples), max(lengths))
        input_ids = torch.full(size, self.pad_id)
        labels = torch.full(size, IGNORED)
        for row, (example, length) in enumerate(zip(examples, lengths, strict=True)):
            input_ids[row, :length] = torch.tensor(example["input_ids"])
            labels[row, :length] = torch.tensor(example["labels"])
        return {"input_ids": input_ids, "labels": labels, "lengths": torch.tensor(lengths)}
