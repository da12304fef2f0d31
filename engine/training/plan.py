"""How many steps a run has, and at which of them it looks up."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.training.estimate import MemoryEstimate
from engine.training.job import HyperparameterSection


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


def count_steps(rows: int, training: HyperparameterSection, processes: int = 1) -> int:
    """Optimizer steps of a run, as transformers' Trainer counts them (batches and epochs rounded up)."""
    return math.ceil(training.epochs * steps_an_epoch(rows, training, processes))


def steps_an_epoch(rows: int, training: HyperparameterSection, processes: int = 1) -> int:
    """Optimizer steps in one pass over the rows. Each process has a batch of its own in every step."""
    batches = math.ceil(rows / (training.batch_size * processes))
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
