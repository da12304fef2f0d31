"""A block of styled lines that repaints only the cells that changed."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

Part = tuple[str, str]
"""Some text, and the name of its style ("" for plain text; the names are those of `Lines.STYLES`)."""
Line = tuple[Part, ...]


class Lines(Widget):
    """Draws lines of parts as they are: no markup, no wrapping, cut off at the right edge.

    Text in parts must be free of control characters (`tui.literal.literal`).
    """

    ALLOW_SELECT = False
    STYLES: ClassVar[tuple[str, ...]] = (
        "title",
        "bold",
        "dim",
        "accent",
        "agrees",
        "disagrees",
        "differs",
        "info",
        "train",
        "raw",
        "held-out",
        "run-1",
        "run-2",
        "run-3",
        "run-4",
        "run-5",
        "run-6",
        "cursor",
        "cursor-accent",
    )
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"lines--{name}" for name in STYLES}
    DEFAULT_CSS = """
    Lines > .lines--title { color: $foreground; text-style: bold; }
    Lines > .lines--bold { text-style: bold; }
    Lines > .lines--dim { color: $dim; }
    Lines > .lines--accent { color: $accent; }
    Lines > .lines--agrees { color: $agrees; }
    Lines > .lines--disagrees { color: $disagrees; }
    Lines > .lines--differs { color: $differs; }
    Lines > .lines--info { color: $info; }
    Lines > .lines--train { color: $chart-train; }
    Lines > .lines--raw { color: $chart-train; text-style: dim; }
    Lines > .lines--held-out { color: $chart-held-out; }
    Lines > .lines--run-1 { color: $chart-train; }
    Lines > .lines--run-2 { color: $chart-held-out; }
    Lines > .lines--run-3 { color: $agrees; }
    Lines > .lines--run-4 { color: $only-here; }
    Lines > .lines--run-5 { color: $differs; }
    Lines > .lines--run-6 { color: $disagrees; }
    Lines > .lines--cursor { background: $cursor; color: $block-cursor-foreground; }
    Lines > .lines--cursor-accent { background: $cursor; color: $block-cursor-foreground; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's names
        super().__init__(id=id, classes=classes)
        self._lines: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is drawn."""
        return self._lines

    @property
    def plain(self) -> str:
        """What is drawn, as text."""
        return "\n".join("".join(text for text, _ in line).rstrip() for line in self._lines)

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Draw these lines from now on."""
        before, self._lines = self._lines, lines
        if before == lines:
            return
        if not self.is_mounted:
            # Already painted, empty, where its line of messages is long: the lines must not wait for the next change.
            self.refresh()
            return
        none: Line = ()
        regions: list[Region] = []
        for y in range(max(len(before), len(lines))):
            old, new = (each[y] if y < len(each) else none for each in (before, lines))
            if old != new:
                start, end = changed_cells(old, new)
                if end > start:
                    regions.append(Region(start, y, end - start, 1))
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """One line, on the widget's own background."""
        base = self.rich_style
        if y >= len(self._lines):
            return Strip.blank(self.size.width, base)
        segments: list[Segment] = []
        for text, name in self._lines[y]:
            style = base + self.get_component_rich_style(f"lines--{name}", partial=True) if name else base
            segments.append(Segment(text, style))
        return Strip(segments).adjust_cell_length(self.size.width, base)


def changed_cells(old: Line, new: Line) -> tuple[int, int]:
    """The first cell in which two lines differ, and the one after the last."""
    before, after = ([(character, style) for text, style in line for character in text] for line in (old, new))
    end = max(width_of(old), width_of(new))
    if len(before) != width_of(old) or len(after) != width_of(new):
        return 0, end  # a wide character takes two cells: positions in the text are no positions on the screen
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    if len(before) == len(after):
        while end > start and before[end - 1] == after[end - 1]:
            end -= 1
    return start, end


def width_of(line: Line) -> int:
    """Cells that a line takes."""
    return sum(cell_len(text) for text, _ in line)


def cut(text: str, width: int) -> str:
    """A text cut to a width in cells, with … where something is missing."""
    if len(text) <= 4 * width and cell_len(text) <= width:
        return text
    return _start(text, width - 1) + "…" if width > 0 else ""


def wrapped(text: str, width: int, most: int) -> list[str]:
    """A text in at most so many lines, broken between words; what does not fit is cut from the last."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and (len(lines) == most or cell_len(lines[-1]) + 1 + cell_len(word) <= width):
            lines[-1] += " " + word
        else:
            lines.append(word)
    return [cut(line, width) for line in lines]


def cut_line(line: Line, width: int) -> Line:
    """A line cut to a width in cells, with … where something is missing."""
    if width_of(line) <= width:
        return line
    kept: list[Part] = []
    left = width - 1
    for text, style in line:
        if cell_len(text) > left:
            kept.append((_start(text, left) + "…" if width > 0 else "", style))
            break
        kept.append((text, style))
        left -= cell_len(text)
    return tuple(kept)


def _start(text: str, width: int) -> str:
    """The beginning of a text that fits a width in cells."""
    # A line of a log or of a dataset can be a megabyte long; hardly a character takes less than a cell.
    text = text[: 4 * max(width, 0)]
    while text and cell_len(text) > width:
        text = text[:-1]
    return text
