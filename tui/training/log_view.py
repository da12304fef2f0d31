"""A run's log in full, to scroll through."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.message import Message

from engine.jobs.log_tail import plain
from tui.literal import literal
from tui.widgets.figures import count
from tui.widgets.lines import Line, Lines, cut

MOST_BYTES = 1 << 20
"""Of a longer log only its end is read."""


class LogClosed(Message):
    """The person has read enough."""


class LogView(Lines, can_focus=True):
    """Shows the newest lines and follows them until the person scrolls up."""

    DEFAULT_CSS = """
    LogView { height: 1fr; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f", "close", "Back", key_display="esc", id="log.close", tooltip="Back to the monitor"),
        Binding("j,down", "scroll(1)", "Down", show=False, id="log.down", tooltip="A line down"),
        Binding("k,up", "scroll(-1)", "Up", show=False, id="log.up", tooltip="A line up"),
        Binding(
            "pagedown,ctrl+f,space",
            "page(1)",
            "Page down",
            key_display="pgdn",
            id="log.page-down",
            tooltip="A page down",
        ),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", key_display="pgup", id="log.page-up", tooltip="A page up"),
        Binding("home,g", "edge(-1)", "Start", key_display="g", id="log.start", tooltip="To the start of the log"),
        Binding("end,G", "edge(1)", "Newest", key_display="G", id="log.end", tooltip="To the newest line, and follow"),
    ]

    class _Read(Message):
        """The log was read."""

        def __init__(self, path: Path, size: int, lines: tuple[str, ...]) -> None:
            super().__init__()
            self.path = path
            self.size = size
            self.lines = lines

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._path: Path | None = None
        self._called = ""
        self._bytes = -1
        """Size of the log when it was read."""
        self._text: tuple[str, ...] = ()
        self._top: int | None = None
        """First line shown; None while the newest are followed."""

    def open(self, path: Path, name: str) -> None:
        """Show a log from its newest line on."""
        if path != self._path:
            self._path, self._called = path, literal(name, one_line=True)
            self._bytes, self._text, self._top = -1, (), None
        self.read_again()

    def read_again(self) -> None:
        """The log may have grown."""
        if self._path is not None:
            self._read(self._path)

    @work(thread=True, exclusive=True, group="log", description="read a run's log")
    def _read(self, path: Path) -> None:
        size = path.stat().st_size if path.exists() else 0
        if size != self._bytes:
            self.post_message(self._Read(path, size, read_log(path)))

    def on_log_view__read(self, message: _Read) -> None:
        """Show what was read, unless another log was opened meanwhile."""
        if message.path == self._path:
            self._bytes, self._text = message.size, message.lines
            self._draw()

    def on_resize(self) -> None:
        """Another size shows other lines."""
        self._draw()

    def action_close(self) -> None:
        """Back to the monitor."""
        self.post_message(LogClosed())

    def action_scroll(self, lines: int) -> None:
        """Move by lines; at the end the newest are followed again."""
        last = max(len(self._text) - self._room, 0)
        top = min(max((last if self._top is None else self._top) + lines, 0), last)
        self._top = None if top == last else top
        self._draw()

    def action_page(self, pages: int) -> None:
        """Move by pages, one line of which stays."""
        self.action_scroll(pages * max(self._room - 1, 1))

    def action_edge(self, direction: int) -> None:
        """To the start, or to the newest line."""
        self.action_scroll(direction * len(self._text))

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves three lines."""
        self.action_scroll(3)

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves three lines."""
        self.action_scroll(-3)

    @property
    def _room(self) -> int:
        return max(self.size.height - 1, 1)

    def _draw(self) -> None:
        width, total = self.size.width, len(self._text)
        if width < 12:
            return
        top = max(total - self._room, 0) if self._top is None else self._top
        shown = self._text[top : top + self._room]
        where = f"  lines {count(top + 1)} to {count(top + len(shown))} of {count(total)}" if shown else "  empty"
        head: Line = (("log of " + cut(self._called, width // 2), "title"), (where, "dim"))
        body: list[Line] = [((cut(literal(line, one_line=True), width), ""),) for line in shown]
        self.show_lines((head, *body))


def read_log(path: Path) -> tuple[str, ...]:
    """The lines of a log as a person would see them, at most `MOST_BYTES` from its end; () when it cannot be read."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - MOST_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ()
    lines = text.removesuffix("\n").split("\n") if text else []
    return tuple(plain(line) for line in (lines[1:] if size > MOST_BYTES else lines))
