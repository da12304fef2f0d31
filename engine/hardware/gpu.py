"""What the graphics processors are doing, as NVIDIA's driver tells it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.hardware.nvidia_smi import ask_gpus

_SECONDS = 5.0
"""How long the tool may take; a driver that hangs must not hang who asks."""


@dataclass(frozen=True, slots=True)
class GpuLoad:
    """One graphics processor; what it does not tell is None (some boards know neither power nor temperature)."""

    utilisation: float | None
    """Share of the time in which something ran on it, 0 to 1."""
    temperature: float | None
    """Degrees Celsius."""
    watts: float | None

    def differs(self, other: GpuLoad) -> bool:
        """Whether a person would call this another state."""
        return (
            _apart(self.utilisation, other.utilisation, 0.06)
            or _apart(self.temperature, other.temperature, 2)
            or _apart(self.watts, other.watts, 12)
        )


def read_gpus() -> tuple[GpuLoad, ...]:
    """All graphics processors now; () where there is none or the driver's tool does not answer. Blocks."""
    return parse_gpus(ask_gpus("utilization.gpu", "temperature.gpu", "power.draw", seconds=_SECONDS) or "")


def parse_gpus(text: str) -> tuple[GpuLoad, ...]:
    """The loads in the tool's answer: a line each, "97, 64, 210.50"; "[N/A]" and the like stand for unknown."""
    loads: list[GpuLoad] = []
    for line in text.splitlines():
        fields = [_number(field) for field in line.split(",")]
        if len(fields) != 3:
            continue
        share, temperature, watts = fields
        loads.append(GpuLoad(None if share is None else min(max(share / 100, 0.0), 1.0), temperature, watts))
    return tuple(loads)


def _apart(one: float | None, other: float | None, by: float) -> bool:
    return one != other if one is None or other is None else abs(one - other) > by


def _number(field: str) -> float | None:
    try:
        number = float(field)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
