"""What runs along a chart: steps, epochs or time; its ticks and its words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from tui.widgets.axes import step_ticks, tick_labels, ticks
from tui.widgets.figures import count, duration

Unit = Literal["step", "epoch", "time"]
UNITS: tuple[Unit, ...] = ("step", "epoch", "time")

_SPANS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
"""Seconds between ticks of a time axis, up to a day; beyond that whole days."""
_ROOM = 12
"""Columns that a tick of a time axis takes with the air beside it."""


@dataclass(frozen=True, slots=True)
class Across:
    """One way of running along: time is seconds of training."""

    unit: Unit = "step"

    @property
    def least(self) -> float:
        """The narrowest view that says something; 0 where that depends on the run."""
        return {"step": 8.0, "epoch": 0.0, "time": 2.0}[self.unit]

    def ticks(self, start: float, end: float, width: int) -> list[tuple[float, str]]:
        """Round values with their labels, as many as fit `width` columns with air between."""
        match self.unit:
            case "step":
                return step_ticks(start, end, width)
            case "epoch":
                values = ticks(start, end, max(width // 9, 1))
                return list(zip(values, tick_labels(values), strict=True))
            case "time":
                return _time_ticks(start, end, max(width // _ROOM, 1))

    def text(self, value: float) -> str:
        """A place in words: "step 1,180", "epoch 3.93", "after 2 h 05 m"."""
        match self.unit:
            case "step":
                return f"step {count(value)}"
            case "epoch":
                return f"epoch {value:.2f}"
            case "time":
                return f"after {duration(value)}"

    def short(self, value: float) -> str:
        """A place without its unit."""
        return self.text(value).partition(" ")[2]

    def stretch(self, start: float, end: float, to: str) -> str:
        """A part of the axis in words: "steps 100–200"."""
        what = {"step": "steps ", "epoch": "epochs ", "time": ""}[self.unit]
        return f"{what}{self.short(max(start, 0))}{to}{self.short(end)}"


STEPS = Across()


def _time_ticks(start: float, end: float, most: int) -> list[tuple[float, str]]:
    if not end > start:
        return []
    wanted = (end - start) / most
    span = next((each for each in _SPANS if each >= wanted), 86400 * math.ceil(wanted / 86400))
    first, last = math.ceil(start / span), math.floor(end / span)
    return [(index * span, _label(index * span)) for index in range(first, last + 1)]


def _label(seconds: float) -> str:
    """A round span of time without units that are zero: "90 s" is "1 m 30 s", "2 h 00 m" is "2 h"."""
    return duration(seconds).removesuffix(" 00 s").removesuffix(" 00 m") if seconds else "0"
