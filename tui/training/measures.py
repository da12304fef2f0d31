"""What can be shown of a run as a curve: the values that its steps and evaluations carry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.jobs.events import Evaluation, Progress
from tui.widgets.figures import count, decimal, loss, power

_GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of value."""

    name: str
    """What a person calls it, on the screen, in exports and for `--series`."""
    text: Callable[[float | None], str]
    """How a value is written."""
    of_step: Callable[[Progress], float | None] | None = None
    """The value of a step; None for a value of evaluations."""
    of_evaluation: Callable[[Evaluation], float | None] | None = None
    smoothed: bool = False
    """Whether single steps are so noisy that their average says more."""
    lowest_is_best: bool = False


def _gib(value: float | None) -> str:
    return f"{decimal(value)} GiB" if value is not None else decimal(value)


LOSS = Measure("loss", loss, of_step=lambda step: step.loss, smoothed=True, lowest_is_best=True)
HELD_OUT = Measure("held-out loss", loss, of_evaluation=lambda each: each.loss, lowest_is_best=True)
ACCURACY = Measure("held-out accuracy", decimal, of_evaluation=lambda each: each.accuracy)
LEARNING_RATE = Measure("learning rate", power, of_step=lambda step: step.learning_rate)
GRAD_NORM = Measure("grad norm", decimal, of_step=lambda step: step.grad_norm, smoothed=True)
SPEED = Measure("tokens/s", count, of_step=lambda step: step.tokens_per_second)
MEMORY = Measure("memory", _gib, of_step=lambda step: step.memory_bytes / _GIB)

MEASURES: tuple[Measure, ...] = (LOSS, HELD_OUT, ACCURACY, LEARNING_RATE, GRAD_NORM, SPEED, MEMORY)
"""In the order in which a key goes through them."""
