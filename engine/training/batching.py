"""Batches of rows of about the same length (worker side)."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch.utils.data import Dataset, Sampler

from engine.training.examples import Examples
from engine.training.labels import IGNORED
from engine.training.plan import Epochs
from engine.training.row_attention import lay_out

_WINDOW = 64
"""Batches that are sorted together: enough for little padding, few enough that epochs differ."""
_JITTER = 0.15
"""How far a row may be sorted from its length, as a share of it, so that batches are not the same in every epoch."""


Item = TypeVar("Item", covariant=True)


class EpochOrder(Sampler[Item]):
    """The order of an epoch.

    Depends on seed and epoch alone, never on the state of a random generator, so that a resumed run sees the same
    batches.
    """

    def __init__(self, epochs: Epochs, seed: int) -> None:
        self._epochs = epochs
        self._seed = seed
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch that the next iteration gives."""
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._epochs)

    def _draw(self) -> random.Random:
        return random.Random(f"{self._seed}/{self._epoch}")  # noqa: S311 - no secret


class LengthBuckets(EpochOrder[int]):
    """The order of the rows: rows of a batch are about equally long. The batch that is not full comes last."""

    def __init__(self, lengths: Sequence[int], epochs: Epochs, batch_size: int, seed: int) -> None:
        super().__init__(epochs, seed)
        self._lengths = lengths
        self._batch_size = batch_size

    def __iter__(self) -> Iterator[int]:
        draw = self._draw()
        rows = self._epochs.rows(self._epoch)
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


class ShuffledPacks(EpochOrder[tuple[int, ...]]):
    """The order of the packs, each as its rows."""

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        packs = self._epochs.packs(self._epoch)
        self._draw().shuffle(packs)
        return (tuple(each) for each in packs)


class ShareOfBatches(Sampler[list[Any]]):
    """One process's rows of every batch: each `size`-th, so that all processes have rows of about the same length.

    In the last batch of an epoch some may have one row less, or none. Packs are shared out as rows are.
    """

    def __init__(self, rows: EpochOrder[Any], batch_size: int, rank: int, size: int) -> None:
        self.batch_sampler = rows
        """Where transformers looks for the sampler whose epoch it sets."""
        self._batch_size = batch_size
        """Rows in a batch of all processes together."""
        self._rank = rank
        self._size = size

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch that the next iteration gives."""
        self.batch_sampler.set_epoch(epoch)

    def __len__(self) -> int:
        return math.ceil(len(self.batch_sampler) / self._batch_size)

    def __iter__(self) -> Iterator[list[Any]]:
        rows: list[Any] = list(self.batch_sampler)
        for start in range(0, len(rows), self._batch_size):
            yield rows[start : start + self._batch_size][self._rank :: self._size]


class ExampleRows(Dataset[list[dict[str, list[int]]]]):
    """Examples by their indexes: of one row, or of all rows of a pack."""

    def __init__(self, examples: Examples) -> None:
        self._examples = examples

    def __len__(self) -> int:
        return len(self._examples)

    def __getitem__(self, index: int | tuple[int, ...]) -> list[dict[str, list[int]]]:
        rows = (index,) if isinstance(index, int) else index
        return [{"input_ids": self._examples.input_ids[row], "labels": self._examples.labels[row]} for row in rows]


@dataclass(frozen=True, slots=True)
class Counts:
    """What a batch holds."""

    rows: int
    tokens: int
    """Real tokens of the rows, prompt and answer."""
    targets: int
    """Tokens that carry loss."""
    computed: int
    """Tokens that the model computes: with padding, and what all rows begin with only once where that is shared."""


@dataclass(frozen=True, slots=True)
class PadRight:
    """Makes a batch of examples: `input_ids` and `labels` [rows, tokens], and the `counts` of the batch.

    An example has `input_ids` and `labels`; a list of examples stands for all of them. Where there is no example (a
    process may have none in the last batch of an epoch) the batch is one row of padding, without targets.
    """

    pad_id: int

    def __call__(self, examples: Sequence[Any]) -> dict[str, Any]:
        """The batch."""
        own = _flat(examples)
        rows = own or [_nothing(self.pad_id)]
        lengths = [len(row["input_ids"]) for row in rows]
        size = (len(rows), max(lengths))
        input_ids = torch.full(size, self.pad_id)
        labels = torch.full(size, IGNORED)
        for place, (row, length) in enumerate(zip(rows, lengths, strict=True)):
            input_ids[place, :length] = torch.tensor(row["input_ids"])
            labels[place, :length] = torch.tensor(row["labels"])
        return {"input_ids": input_ids, "labels": labels, "counts": _counts(own, input_ids.numel())}


@dataclass(frozen=True, slots=True)
class EndToEnd(PadRight):
    """Lays the rows of a batch end to end in one sequence, for a model with the attention of `row_attention`.

    `input_ids`, `labels`, `position_ids` and `row_of` (the row of a token, from 0) are [1, tokens]; `rows` is their
    layout. No token is padding. What all rows begin with stands there once, as far as no row has a target in it.
    """

    share: bool = True
    """Not with dropout: then every row has a beginning of its own."""

    def __call__(self, examples: Sequence[Any]) -> dict[str, Any]:
        """The batch."""
        own = _flat(examples)
        rows = own or [_nothing(self.pad_id)]
        ids = [row["input_ids"] for row in rows]
        # The first token of a row is predicted from nothing, and by no means from the row that lies before it.
        labels = [[IGNORED, *row["labels"][1:]] for row in rows]
        shared = _shared(ids, labels) if self.share else 0
        input_ids, targets, positions, row_of = (
            list(ids[0][:shared]),
            [IGNORED] * shared,
            [*range(shared)],
            [0] * shared,
        )
        for place, (row, wanted) in enumerate(zip(ids, labels, strict=True)):
            input_ids += row[shared:]
            targets += wanted[shared:]
            positions += range(shared, len(row))
            row_of += [place] * (len(row) - shared)
        return {
            "input_ids": torch.tensor([input_ids]),
            "labels": torch.tensor([targets]),
            "position_ids": torch.tensor([positions]),
            "row_of": torch.tensor([row_of]),
            "rows": lay_out([len(row) for row in ids], shared),
            "counts": _counts(own, len(input_ids)),
        }


def _flat(examples: Sequence[Any]) -> list[Mapping[str, list[int]]]:
    return [row for each in examples for row in (each if isinstance(each, list) else [each])]


def _nothing(pad_id: int) -> Mapping[str, list[int]]:
    return {"input_ids": [pad_id, pad_id], "labels": [IGNORED, IGNORED]}


def _counts(rows: Sequence[Mapping[str, list[int]]], computed: int) -> Counts:
    targets = sum(len(row["labels"]) - 1 - row["labels"][1:].count(IGNORED) for row in rows)
    return Counts(len(rows), sum(len(row["input_ids"]) for row in rows), targets, computed)


def _shared(ids: Sequence[list[int]], labels: Sequence[list[int]]) -> int:
    """Tokens that all rows begin with: fewer than any row has, and none of them predicts a target."""
    if len(ids) < 2:
        return 0
    first_targets = (next((at for at, label in enumerate(row) if label != IGNORED), len(row)) for row in labels)
    most = min(first_targets) - 1
    low, high = min(ids), max(ids)
    return next((at for at in range(most) if low[at] != high[at]), max(most, 0))
