"""A log in full, of a run or a server: to scroll through, to search, to follow."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Input
from textual.worker import get_current_worker

from tui.literal import literal
from tui.messages import Flashed
from tui.training.log_file import LogFile
from tui.widgets.figures import count
from tui.widgets.lines import Line, Lines, cut, cut_line

AROUND = 400
"""Lines read before and after those in sight, so that scrolling seldom waits."""


class LogClosed(Message):
    """The person has read enough."""


class SearchWanted(Message):
    """The words to look for are to be typed."""


class LogLines(Lines, can_focus=True):
    """Shows the newest lines and follows them until the person scrolls up. Reads and searches in threads."""

    DEFAULT_CSS = """
    LogLines { height: 1fr; }
    """
    BINDING_GROUP_TITLE = "Log"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f", "close", "Back", key_display="esc", id="log.close", tooltip="Leave the log"),
        Binding(
            "slash", "search", "Search", id="log.search", tooltip="Look for a text; capitals matter if you type one"
        ),
        Binding("n", "next(1)", "Next", id="log.next", tooltip="The next line that has it"),
        Binding("N", "next(-1)", "Before", id="log.previous", tooltip="The line before that has it"),
        Binding("j,down", "scroll(1)", "Down", show=False, id="log.down", tooltip="A line down"),
        Binding("k,up", "scroll(-1)", "Up", show=False, id="log.up", tooltip="A line up"),
        Binding(
            "pagedown,ctrl+f,space",
            "page(1)",
            "Page down",
            show=False,
            key_display="pgdn",
            id="log.page-down",
            tooltip="A page down",
        ),
        Binding(
            "pageup,ctrl+b",
            "page(-1)",
            "Page up",
            show=False,
            key_display="pgup",
            id="log.page-up",
            tooltip="A page up",
        ),
        Binding("home,g", "edge(-1)", "Start", key_display="g", id="log.start", tooltip="To the start of the log"),
        Binding("end,G", "edge(1)", "Follow", key_display="G", id="log.end", tooltip="To the newest line, and follow"),
    ]

    class _Read(Message):
        """A window of the log was read."""

        def __init__(self, path: Path, total: int, first: int, lines: tuple[str, ...]) -> None:
            super().__init__()
            self.path = path
            self.total = total
            self.first = first
            self.lines = lines

    class _Found(Message):
        """A search has ended."""

        def __init__(self, path: Path, text: str, line: int | None, *, around: bool) -> None:
            super().__init__()
            self.path = path
            self.text = text
            self.line = line
            self.around = around
            """Whether it went on from the other end."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._file: LogFile | None = None
        self._called = ""
        self._total = 0
        self._first = 0
        """Number of the first line of `_text`."""
        self._text: tuple[str, ...] = ()
        self._top: int | None = None
        """First line shown; None while the newest are followed."""
        self._sought = ""
        self._hit: int | None = None
        """The line that was found last."""

    def open(self, path: Path, name: str) -> None:
        """Show a log from its newest line on."""
        if self._file is None or path != self._file.path:
            self._file, self._called = LogFile(path), literal(name, one_line=True)
            self._total, self._first, self._text, self._top, self._hit = 0, 0, (), None, None
        self.read_again()

    def read_again(self) -> None:
        """The log may have grown, or other lines are wanted."""
        if self._file is not None:
            self._read(self._file, self._top, self._room)

    def seek(self, text: str) -> None:
        """Look for a text, from the first line in sight on."""
        self._sought, self._hit = text, None
        if text and self._file is not None:
            self._find(self._file, text, self._shown_top - 1, 1)
        self._draw()

    @work(thread=True, exclusive=True, group="log", description="read a log")
    def _read(self, file: LogFile, top: int | None, room: int) -> None:
        grown = file.grow()
        last = max(file.lines - room, 0)
        first = max((last if top is None else min(top, last)) - AROUND, 0)
        if grown or top is not None or first != self._first:
            lines = file.window(first, room + 2 * AROUND)
            if not get_current_worker().is_cancelled:
                self.post_message(self._Read(file.path, file.lines, first, lines))

    @work(thread=True, exclusive=True, group="log-search", description="search a log")
    def _find(self, file: LogFile, text: str, start: int, direction: int) -> None:
        worker = get_current_worker()
        # A log of its own: the index of the other belongs to the thread that reads.
        own = LogFile(file.path)
        own.grow()
        line = own.find(text, start, direction, lambda: worker.is_cancelled)
        around = line is None
        if around:
            line = own.find(text, -1 if direction > 0 else own.lines, direction, lambda: worker.is_cancelled)
        if not worker.is_cancelled:
            self.post_message(self._Found(file.path, text, line, around=around))

    def on_log_lines__read(self, message: _Read) -> None:
        """Show what was read, unless another log was opened meanwhile."""
        message.stop()
        if self._file is not None and message.path == self._file.path:
            self._total, self._first, self._text = message.total, message.first, message.lines
            self._draw()

    def on_log_lines__found(self, message: _Found) -> None:
        """Go to the line that was found, or say that there is none."""
        message.stop()
        if self._file is None or message.path != self._file.path or message.text != self._sought:
            return
        if message.line is None:
            self.post_message(Flashed(f"“{message.text}” is not in this log.", severity="warning"))
            return
        if message.around and self._hit is not None:
            self.post_message(Flashed("Searched on from the other end."))
        self._hit = message.line
        self._go_to(max(message.line - self._room // 3, 0))

    def on_resize(self) -> None:
        """Another size shows other lines."""
        self._draw()

    def action_close(self) -> None:
        """Back to the monitor."""
        self.post_message(LogClosed())

    def action_search(self) -> None:
        """Type what to look for."""
        self.post_message(SearchWanted())

    def action_next(self, direction: int) -> None:
        """Go to the next line that has what was looked for."""
        if not self._sought:
            self.post_message(SearchWanted())
        elif self._file is not None:
            self._find(self._file, self._sought, self._shown_top if self._hit is None else self._hit, direction)

    def action_scroll(self, lines: int) -> None:
        """Move by lines; at the end the newest are followed again."""
        self._go_to(self._shown_top + lines)

    def action_page(self, pages: int) -> None:
        """Move by pages, one line of which stays."""
        self.action_scroll(pages * max(self._room - 1, 1))

    def action_edge(self, direction: int) -> None:
        """To the start, or to the newest line."""
        self._go_to(0 if direction < 0 else self._total)

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves three lines."""
        self.action_scroll(3)

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves three lines."""
        self.action_scroll(-3)

    @property
    def _room(self) -> int:
        return max(self.size.height - 1, 1)

    @property
    def _last_top(self) -> int:
        return max(self._total - self._room, 0)

    @property
    def _shown_top(self) -> int:
        return self._last_top if self._top is None else self._top

    def _go_to(self, top: int) -> None:
        top = min(max(top, 0), self._last_top)
        self._top = None if top == self._last_top else top
        end = min(top + self._room, self._total)
        if not (self._first <= top and end <= self._first + len(self._text)):
            self.read_again()
        self._draw()

    def _draw(self) -> None:
        width = self.size.width
        if width < 12:
            return
        top = self._shown_top
        if not self._first <= top <= self._first + len(self._text):
            return  # the lines come in a moment
        shown = self._text[top - self._first : top - self._first + self._room]
        where = f"  lines {count(top + 1)} to {count(top + len(shown))} of {count(self._total)}" if shown else "  empty"
        following = "  following" if self._top is None and shown else ""
        head: Line = (("log of " + cut(self._called, width // 2), "title"), (where, "dim"), (following, "accent"))
        self.show_lines((head, *(self._line(top + row, text, width) for row, text in enumerate(shown))))

    def _line(self, number: int, text: str, width: int) -> Line:
        """One line, with what was looked for marked."""
        text = literal(text, one_line=True)
        sought = self._sought
        folded = text if sought != sought.lower() else text.lower()
        at = folded.find(sought) if sought and len(folded) == len(text) else -1
        if at < 0:
            return ((cut(text, width), ""),)
        end = at + len(sought)
        style = "cursor-accent" if number == self._hit else "differs"
        if at >= width:  # so far to the right that it would not be seen
            before = max(at - width // 2, 0)
            return cut_line((("… ", "dim"), (text[before:at], ""), (text[at:end], style), (text[end:], "")), width)
        return cut_line(((text[:at], ""), (text[at:end], style), (text[end : end + 4 * width], "")), width)


class LogSearch(Input):
    """Where the words to look for are typed."""

    BINDING_GROUP_TITLE = "Log"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "drop", "No search", id="log.drop-search", tooltip="Back to the log, nothing marked"),
    ]
    DEFAULT_CSS = """
    LogSearch { display: none; height: 1; border: none; padding: 0 1; background: $surface; }
    LogSearch:focus { border: none; }
    LogSearch.-shown { display: block; }
    """

    def action_drop(self) -> None:
        """Give the search up."""
        self.value = ""
        self.post_message(self.Submitted(self, ""))


class LogView(Container):
    """The log, and a line to search it with."""

    DEFAULT_CSS = """
    LogView { height: 1fr; padding: 0 1; layout: vertical; }
    """

    log_lines = query_one(LogLines)
    search_line = query_one(LogSearch)

    def compose(self) -> ComposeResult:
        """The lines, and the search below."""
        yield LogLines()
        yield LogSearch(placeholder="text to look for", compact=True)

    def on_mount(self) -> None:
        """No blinking over SSH."""
        self.search_line.cursor_blink = False

    def open(self, path: Path, name: str) -> None:
        """Show a log from its newest line on."""
        self.log_lines.open(path, name)

    def read_again(self) -> None:
        """The log may have grown."""
        self.log_lines.read_again()

    def focus_first(self) -> None:
        """The lines."""
        self.log_lines.focus()

    @on(SearchWanted)
    def _ask(self, message: SearchWanted) -> None:
        message.stop()
        self.search_line.add_class("-shown").focus()

    @on(Input.Submitted)
    def _seek(self, message: Input.Submitted) -> None:
        message.stop()
        self.search_line.remove_class("-shown")
        self.log_lines.focus()
        self.log_lines.seek(message.value)
