"""Line 1 of the screen: where one is, and how the machine and the servers are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widget import Widget

from tui.literal import literal
from tui.widgets.bar import bar as filled_bar
from tui.widgets.server_look import server_look

if TYPE_CHECKING:
    from engine.reports import Report

PANES: tuple[tuple[str, str, str], ...] = (
    ("dataset", "1", "Dataset"),
    ("training", "2", "Train"),
    ("compare", "3", "Compare"),
)
"""Id, key and word of each pane."""

SERVERS = ("base", "tuned")

_GIB = 1 << 30
_BAR_CELLS = 7
_SHORT_NAME = 12
_MIN_GAP = 2

Part = tuple[str, str]
"""Some text and its style."""


class HeaderLine(Widget):
    """One line; where it is too narrow, it first drops what is said elsewhere or matters least."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    HeaderLine {
        height: 1;
        padding: 0 1;
        background: $surface;
        text-wrap: nowrap;
        text-overflow: clip;
    }
    """

    def __init__(self, workspace: str) -> None:
        super().__init__()
        self._workspace = literal(workspace, one_line=True)
        self._pane = ""
        self._memory: tuple[int, int] | None = None
        self._cpu: float | None = None
        self._servers: dict[str, str] = {}
        self._written = ""
        """What was drawn last."""

    def show_pane(self, name: str) -> None:
        """Mark the pane that the person is in, by its id."""
        self._pane = name
        self.refresh()

    def receive(self, report: Report) -> None:
        """Take note of the machine's memory and of the servers."""
        from engine.reports import HardwareSampled, ServersChanged  # not before the first paint

        match report:
            case HardwareSampled():
                self._memory = report.memory_used, report.memory_total
                self._cpu = report.cpu_share
            case ServersChanged():
                self._servers = {server.name: server.state for server in report.servers}
            case _:
                return
        # Nothing is sent while what is shown stays the same.
        before = self._written
        if self.render().plain != before:
            self.refresh()

    def render(self) -> Content:
        """The fullest form that fits."""
        width = self.size.width
        left, right = self._form(0)
        for dropped in range(1, _FORMS):
            if _cells(left) + _MIN_GAP + _cells(right) <= width:
                break
            left, right = self._form(dropped)
        gap = max(_MIN_GAP, width - _cells(left) - _cells(right))
        content = Content.assemble(*left, " " * gap, *right)
        self._written = content.plain
        return content

    def _form(self, dropped: int) -> tuple[list[Part], list[Part]]:
        """The left and the right half with the first `dropped` of: processors, bar, the word burnish, the long name
        of the workspace, the words of the other panes, the name, the memory.
        """
        left: list[Part] = []
        if dropped < 3:
            left.append(("burnish  ", "bold $accent"))
        if dropped < 6:
            name = self._workspace if dropped < 4 else _shortened(self._workspace)
            left.append((f"{name}   ", ""))
        left += self._tabs(words=dropped < 5)
        right: list[Part] = []
        if dropped < 1 and self._cpu is not None:
            right.append((f"cpu {self._cpu * 100:.0f} %   ", "$text-muted"))
        if dropped < 7 and self._memory is not None:
            right += _memory(*self._memory, bar=dropped < 2)
        for name in SERVERS:
            look = server_look(self._servers.get(name))
            right += [(f"{name} ", "$text-muted"), (look.sign, look.style), ("  ", "")]
        return left, right[:-1]

    def _tabs(self, *, words: bool) -> list[Part]:
        tabs: list[Part] = []
        for name, key, word in PANES:
            if name == self._pane:
                tabs.append((f"{key} {word}", "bold underline $accent"))
            else:
                tabs.append((f"{key} {word}" if words else key, "$text-muted"))
            tabs.append(("  ", ""))
        return tabs[:-1]


_FORMS = 8


def _memory(used: int, total: int, *, bar: bool) -> list[Part]:
    share = used / total if total else 0.0
    style = "$disagrees" if share > 0.9 else "$differs" if share > 0.75 else "$text-muted"
    figures = f"{_gib(used)}/{_gib(total)} GiB   "
    return [("mem ", "$text-muted"), (f"{filled_bar(share, _BAR_CELLS)} " if bar else "", style), (figures, style)]


def _gib(amount: int) -> str:
    gib = amount / _GIB
    return f"{gib:.1f}" if gib < 10 else f"{gib:.0f}"


def _shortened(name: str) -> str:
    return name if cell_len(name) <= _SHORT_NAME else set_cell_size(name, _SHORT_NAME - 1) + "…"


def _cells(parts: list[Part]) -> int:
    return sum(cell_len(text) for text, _ in parts)
