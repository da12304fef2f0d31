"""What part of a growing axis of steps is in view, and where the cross-hair stands."""

from __future__ import annotations

import math
from collections.abc import Sequence

MINIMUM_SPAN = 8.0
"""Steps that the closest view shows."""
_CLOSEST = 1 / 2000
"""Share of the whole that the closest view shows at least."""
_FACTOR = 2.0
_STRIDES = 8


class Viewport:
    """Zoomed in at the newest step, the view follows it; zoomed in elsewhere, live data does not steal the view."""

    def __init__(self) -> None:
        self.cursor: float | None = None
        """Step of the cross-hair; None while it is away."""
        self._whole = 1.0
        self._newest = 0.0
        self._least = MINIMUM_SPAN
        self._span: float | None = None
        self._end: float | None = None

    @property
    def zoomed(self) -> bool:
        """Whether only a part of the steps is in view."""
        return self._span is not None

    @property
    def window(self) -> tuple[float, float]:
        """First and last step in view."""
        if self._span is None:
            return 0.0, self._whole
        if self._end is not None:
            return self._end - self._span, self._end
        # Moving on with every step would repaint everything each time; an eighth of the view is a good stride.
        stride = self._span / _STRIDES
        end = max(math.ceil(self._newest / stride) * stride, self._span)
        return end - self._span, end

    def grow(self, whole: float, newest: float, least: float = MINIMUM_SPAN) -> None:
        """The axis reaches to `whole` now, and `newest` is the last step that was done.

        `least` is the narrowest view; 0 for a small share of the whole.
        """
        self._whole, self._newest = whole, newest
        self._least = least or whole * _CLOSEST
        if self._span is not None and self._span >= whole:
            self._span = self._end = None

    def reset(self) -> None:
        """Everything in view, no cross-hair."""
        self._span = self._end = self.cursor = None

    def zoom(self, direction: int) -> None:
        """Closer (1), further away (-1) or everything (0); about the cross-hair, else from the right edge."""
        start, end = self.window
        span = (end - start) * (1 / _FACTOR if direction > 0 else _FACTOR)
        if direction == 0 or span >= self._whole:
            self._span = self._end = None
            return
        self._span = span = max(span, min(self._least, self._whole))
        if self.cursor is not None:
            share = (self.cursor - start) / (end - start)
            self._end = min(max(self.cursor + span * (1 - share), span), self._whole)
        elif self._end is not None or end < self._newest:
            self._end = min(max(end, span), self._whole)

    def pan(self, direction: int) -> None:
        """Half a view to the left (-1) or to the right (1); at the right end the newest step is followed again."""
        if self._span is None:
            return
        end = self.window[1] + direction * self._span / 2
        self._end = None if end >= self._whole else max(end, self._span)

    def follow(self) -> None:
        """Keep the newest step in view."""
        self._end = None

    def point(self, step: float) -> None:
        """Put the cross-hair on a step; a zoomed view goes along."""
        self.cursor = step
        start, end = self.window
        if self._span is None:
            return
        if step < start:
            self._end = max(step, 0.0) + self._span
        elif step > end:
            self._end = step

    def move(self, distance: float, steps: Sequence[float], nearest: int) -> None:
        """Move the cross-hair by a distance, to a step that was logged and to the next one at least.

        `steps` are all logged steps, `nearest` the index of the one nearest to where the distance leads.
        """
        if self.cursor is None or (steps[nearest] - self.cursor) * distance > 0:
            self.point(steps[nearest])
        else:
            beside = nearest + (1 if distance > 0 else -1)
            self.point(steps[min(max(beside, 0), len(steps) - 1)])
