"""The learning rate over a run, as a share of its peak."""

from __future__ import annotations

import math

_ONE_CYCLE_START, _ONE_CYCLE_END = 1 / 25, 1e-5
"""Where a one-cycle begins and ends, as in torch's OneCycleLR."""


def rate(schedule: str, step: int, steps: int, warmup_fraction: float) -> float:
    """The share of the peak rate for the optimizer step `step` (from 0) of `steps`.

    After the warm-up: `constant` stays, `linear` falls to nothing along a line, `cosine` along half a cosine
    (Loshchilov and Hutter, "SGDR", 2016). `one-cycle` also rises along a cosine, from 1/25 (Smith and Topin,
    "Super-Convergence", 2018). The first step of a warm-up already learns: at a rate of nothing it would be wasted.
    """
    warmup = math.ceil(steps * warmup_fraction)
    if step < warmup:
        way = (step + 1) / (warmup + 1)
        return _between(_ONE_CYCLE_START, 1.0, way) if schedule == "one-cycle" else way
    way = (step - warmup) / max(1, steps - warmup)
    match schedule:
        case "linear":
            return max(0.0, 1 - way)
        case "cosine":
            return _between(1.0, 0.0, way)
        case "one-cycle":
            return _between(1.0, _ONE_CYCLE_END, way)
        case _:
            return 1.0


def _between(start: float, end: float, way: float) -> float:
    """From start to end along half a cosine, as `way` goes from 0 to 1."""
    return end + (start - end) * (1 + math.cos(math.pi * min(1.0, way))) / 2
