"""A picture as shapes, of which files of any kind are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Point = tuple[float, float]
"""From the upper left corner, in points."""


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points."""

    points: tuple[Point, ...]
    colour: str
    width: float = 1.0
    dash: tuple[float, ...] = ()
    """Lengths of strokes and gaps; () for an unbroken line."""


@dataclass(frozen=True, slots=True)
class Area:
    """A closed shape that is filled."""

    points: tuple[Point, ...]
    colour: str
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Words:
    """Some text; `at` is on its baseline."""

    text: str
    at: Point
    colour: str
    size: float = 12.0
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False


@dataclass(slots=True)
class Drawing:
    """Shapes in the order in which they are painted, on a ground of one colour."""

    width: int
    height: int
    ground: str = "#ffffff"
    shapes: list[Path | Area | Words] = field(default_factory=list)

    def add(self, *shapes: Path | Area | Words) -> None:
        """Paint these on top of what there is."""
        self.shapes.extend(shapes)
