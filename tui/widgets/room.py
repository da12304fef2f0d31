"""One line that says when the terminal is too small to show everything."""

from __future__ import annotations

from textual.geometry import Size
from textual.widgets import Static

SMALLEST = Size(80, 24)
"""The smallest terminal in which nothing is left out."""

_FEWEST_LINES = 4
"""Below that, every line is needed for what is worked on."""


class RoomLine(Static):
    """Takes no room on a terminal that is large enough."""

    DEFAULT_CSS = """
    RoomLine { height: 1; padding: 0 1; color: $differs; display: none; }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)

    def on_mount(self) -> None:
        """Judge the first size."""
        self.judge(self.app.size)

    def judge(self, size: Size) -> None:
        """Show or hide the line for a terminal of a size."""
        small = size.width < SMALLEST.width or size.height < SMALLEST.height
        self.display = small and size.height >= _FEWEST_LINES
        if self.display:
            self.update(_words(size))


def _words(size: Size) -> str:
    """As much as fits: the last is three words."""
    least = f"{SMALLEST.width}×{SMALLEST.height}"
    known = (
        f"! {size.width}×{size.height} is too small for everything; what fits is shown, all of it from {least}",
        f"! not everything fits below {least}",
        f"! less than {least}",
    )
    return next((words for words in known if len(words) <= size.width - 2), known[-1])
