"""How many steps a run has, and at which of them it looks up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.training.estimate import MemoryEstimate
from engine.training.job import HyperparameterSection
from engine.training.mixing import Mix
from engine.training.packing import exactly, pack


@dataclass(frozen=True, slots=True)
class TokenPlan:
    """What a run reads, counted with the model's tokenizer, or estimated where that is not at hand."""

    epoch: int
    """Real tokens of an epoch, prompts and answers."""
    targets: int
    """Those of them that carry loss."""
    longest: int
    """Tokens of the longest row before any is cut."""
    cut: int
    """Rows that lose their end, because they are longer than the maximum length."""
    dropped: int
    """Rows that are left out, because their question alone is longer."""
    estimated: bool = False
    """Whether all this is taken from the rows' characters; what is cut is not known then."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do."""

    rows: int
    """Rows that are trained on."""
    held_out_rows: int
    steps: int
    """Optimizer steps in all epochs."""
    unusable: tuple[str, ...] = ()
    """Of each file with rows that are left out: how many, and why, a sentence without full stop."""
    memory: MemoryEstimate | None = None
    """What it takes; None for a model that is not here and whose shape is not known."""
    units: int = 0
    """What batches are made of in an epoch: rows as often as their weights say, or packs of them."""
    estimated: bool = False
    """Whether `units` and `steps` are an estimate: packs are counted in tokens, and the tokenizer is not at hand."""
    tokens: TokenPlan | None = None
    """Estimated where the tokenizer is not at hand, or the rows are too many to be counted for a plan."""


class Epochs:
    """The units of every epoch of a run: rows, or packs of them. Depends on the job and the lengths alone."""

    def __init__(
        self,
        lengths: Sequence[int],
        sources: Sequence[Sequence[int]],
        weights: Sequence[float],
        training: HyperparameterSection,
        processes: int = 1,
    ) -> None:
        """`lengths` is that of each example; `sources` and `weights` as `Mix` has them."""
        self._lengths = lengths
        self._mix = Mix(sources, weights, training.seed)
        self._training = training
        self._processes = processes
        self._packs: dict[int, list[list[int]]] = {}
        self._count = len(self._mix)
        if training.packing:
            self._packs = {0: self._pack(0)}
            # Every epoch has as many packs as the one that needs the most.
            self._packs |= {epoch: self._pack(epoch) for epoch in range(1, self._different(weights))}
            self._count = max(map(len, self._packs.values()))

    def __len__(self) -> int:
        """Units an epoch."""
        return self._count

    def rows(self, epoch: int) -> list[int]:
        """The examples of an epoch, in no particular order."""
        return self._mix.epoch(epoch)

    def packs(self, epoch: int) -> list[list[int]]:
        """The packs of an epoch, in no particular order: each a list of examples."""
        return exactly(self._packs[epoch % len(self._packs)], self._count)

    def _different(self, weights: Sequence[float]) -> int:
        """Epochs that have different rows."""
        if all(float(weight).is_integer() for weight in weights):
            return 1
        training = self._training
        if not training.max_steps:
            return math.ceil(training.epochs)
        return math.ceil(training.max_steps / steps_an_epoch(len(self._packs[0]), training, self._processes)) + 1

    def _pack(self, epoch: int) -> list[list[int]]:
        return pack(self._lengths, self._mix.epoch(epoch), self._training.max_length)


def count_steps(units: int, training: HyperparameterSection, processes: int = 1) -> int:
    """Optimizer steps of a run, as transformers' Trainer counts them (batches and epochs rounded up)."""
    return training.max_steps or math.ceil(training.epochs * steps_an_epoch(units, training, processes))


def steps_an_epoch(units: int, training: HyperparameterSection, processes: int = 1) -> int:
    """Optimizer steps in one pass over the rows. Each process has a batch of its own in every step."""
    batches = math.ceil(units / (training.batch_size * processes))
    return max(1, math.ceil(batches / training.gradient_accumulation))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Every how many steps something is done, and always at the last one."""

    every: int
    """0: only at the last step."""
    last: int

    def due(self, step: int) -> bool:
        """Whether it is done after this step."""
        return step == self.last or (self.every > 0 and step % self.every == 0)

    def left(self, step: int) -> int:
        """How often it still comes after this step."""
        if step >= self.last:
            return 0
        if self.every <= 0:
            return 1
        return self.last // self.every - step // self.every + (self.last % self.every > 0)
