"""The text of one answer: streamed plain, with its facts marked, scrolled line by line."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from tui.compare.light_markdown import MarkdownText
from tui.compare.marks import Mark
from tui.compare.wrapping import TAB, WrappedText
from tui.literal import literal

Span = tuple[int, int]
"""Start and end offset of some characters."""

Item = TypeVar("Item")

_WHEEL_LINES = 3
_AHEAD = 4
"""Lines by which a growing text gets more room, or its view moves on, at once: each time all lines are sent anew."""
_UNDERLINE = RichStyle(underline=True)
_REVERSE = RichStyle(reverse=True)


class AnswerBody(Widget):
    """A model's words, drawn line by line: an update costs the lines that changed and never a layout.

    They stream as they come; a block that is finished is drawn as Markdown, unless the raw text is wanted.

    Below the text stands a note (an error, or what to do while there is no text). The view follows a growing text as
    long as it stands at its end.
    """

    DEFAULT_CSS = """
    AnswerBody {
        height: 1fr;
        min-height: 1;
    }
    """

    class Rewrapped(Message):
        """The text takes another number of lines in another width."""

    def __init__(self) -> None:
        super().__init__()
        self._raw = ""
        self._markdown = MarkdownText()
        self._plain = False
        self._done = False
        self._text = WrappedText()
        self._note = WrappedText()
        self._note_style = ""
        self._marks: tuple[Mark, ...] = ()
        self._words: tuple[Span, ...] = ()
        self._selected: Span | None = None
        self._top = 0
        self._following = True

    @property
    def text(self) -> str:
        """The text shown, its control characters made visible."""
        return self._text.text

    def show(
        self,
        text: str,
        marks: Sequence[Mark] = (),
        *,
        note: str = "",
        note_style: str = "$text-muted",
        words: Sequence[Span] = (),
        done: bool = True,
        plain: bool = False,
    ) -> None:
        """Show an answer as far as it has come; offsets of `marks` and `words` (the word diff) count in `text`.

        `done` when nothing more comes; `plain` to show it without Markdown.
        """
        shown = literal(text)
        grown = len(shown) > len(self._raw) > 0
        if not self._raw or not shown.startswith(self._raw):
            self._selected, self._top, self._following, grown = None, 0, True, False
        self._raw, self._done, self._plain = shown, done, plain
        kept = self._markdown.update(shown, done=done, plain=plain)
        drawn = tuple(mark.moved(*self._markdown.drawn((mark.start, mark.end))) for mark in marks)
        drawn_words = tuple(map(self._markdown.drawn, words))
        same_look = drawn == self._marks and drawn_words == self._words and note_style == self._note_style
        self._marks, self._words, self._note_style = drawn, drawn_words, note_style
        changed = self._wrap(self._markdown.text, literal(note), kept)
        top = self._end if self._following and grown else min(self._top, self._last_top)
        moved, self._top = top != self._top, top
        self._repaint(changed if same_look and not moved else 0)

    def select(self, span: Span | None) -> None:
        """Highlight one fact, by its place in the text as it came, and bring it into view."""
        if span is not None:
            span = self._markdown.drawn(span)
        if span == self._selected:
            return
        self._selected = span
        if span is not None:
            line = self._text.line_of(span[0])
            if not self._top <= line < self._top + self.size.height:
                self._top = max(0, min(self._last_top, line - self.size.height // 2))
        self.refresh()

    def move(self, lines: int) -> None:
        """Scroll down by some lines (up if negative)."""
        top = max(0, min(self._last_top, self._top + lines))
        if top != self._top:
            self._top, self._following = top, top == self._last_top
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        base = self.visual_style
        index, width = self._top + y, self.size.width
        strip = Strip(list(self._segments(index, base)), None)
        strip = strip.crop(0, width - 1).extend_cell_length(width - 1, base.rich_style)
        return Strip.join([strip, self._thumb(y, base)])

    def on_resize(self) -> None:
        """Wrap to the new width."""
        at_end, lines = self._top >= self._last_top > 0, self.lines
        self._wrap(self._text.text, self._note.text)
        self._top = self._last_top if at_end else min(self._top, self._last_top)
        if self.lines != lines:
            self.post_message(self.Rewrapped())
        self.refresh()

    @property
    def lines(self) -> int:
        """How many lines text and note take at the present width."""
        return self._note_start + len(self._note.lines) if self._note.text else len(self._text.lines)

    @property
    def room(self) -> int:
        """How many lines it wants: while the text grows, with some for what comes next."""
        return self.lines if self._done else -(-self.lines // _AHEAD) * _AHEAD

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves this side alone."""
        event.stop()
        self.move(_WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves this side alone."""
        event.stop()
        self.move(-_WHEEL_LINES)

    @property
    def _note_start(self) -> int:
        """The line at which the note begins: after the text and a blank line."""
        return len(self._text.lines) + 1 if self._text.text else 0

    @property
    def _last_top(self) -> int:
        return max(0, self.lines - self.size.height)

    @property
    def _end(self) -> int:
        """The top line of a view at the end of the text; while that grows there is room for what comes next."""
        step = 1 if self._done else max(1, min(_AHEAD, self.size.height // 4))
        return -(-self._last_top // step) * step

    def _wrap(self, text: str, note: str, kept: int = 0) -> int:
        """Break both texts into lines; gives the first line that may look different."""
        width = max(1, self.size.width - 2)
        changed = self._text.update(text, width, [mark.start for mark in self._marks], kept)
        if self._note.text != note:
            changed = min(changed, self._note_start)
        self._note.update(note, width)
        return changed

    def _repaint(self, first: int) -> None:
        y = max(0, first - self._top)
        if y < self.size.height:
            self.refresh(Region(0, y, self.size.width, self.size.height - y))

    def _segments(self, index: int, base: Style) -> Iterator[Segment]:
        if self._text.text and index < len(self._text.lines):
            yield from self._text_segments(self._text.lines[index], base)
        elif 0 <= index - self._note_start < len(self._note.lines):
            start, end = self._note.lines[index - self._note_start]
            style = base + Style.parse(self._note_style)
            yield Segment(_drawn(self._note.text[start:end]), style.rich_style)

    def _text_segments(self, line: Span, base: Style) -> Iterator[Segment]:
        start, end = line
        plain = _rich(base)
        styles = [plain] * (end - start)
        signs: dict[int, Segment] = {}

        def paint(span: Span, style: RichStyle) -> None:
            for offset in range(max(span[0], start), min(span[1], end)):
                styles[offset - start] += style

        # Only what touches this line is looked at, so a long answer costs no more than a short one.
        for styled in _touching(self._markdown.spans, line, key=lambda styled: styled.start):
            paint((styled.start, styled.end), _rich(Style.parse(styled.style)))
        for mark in _touching(self._marks, line, key=lambda mark: mark.start):
            style = _rich(Style.parse(("bold " if mark.conflict else "") + mark.look.style))
            paint((mark.start, mark.end), style)
            if start <= mark.start < end:
                pointed = self._selected is not None and self._selected[0] == mark.start
                sign_style = style + _REVERSE if pointed else style
                signs[mark.start - start] = Segment(mark.look.sign, plain + sign_style)
        for word in _touching(self._words, line, key=lambda word: word[0]):
            paint(word, _UNDERLINE)
        if self._selected is not None:
            paint(self._selected, _REVERSE)
        begin = 0
        for position in range(1, len(styles) + 1):
            if position == len(styles) or position in signs or styles[position] is not styles[begin]:
                if begin in signs:
                    yield signs[begin]
                yield Segment(_drawn(self._text.text[start + begin : start + position]), styles[begin])
                begin = position

    def _thumb(self, y: int, base: Style) -> Strip:
        """The last column: where the view stands in a text that is longer than it."""
        height, total = self.size.height, self.lines
        if total <= height:
            return Strip.blank(1, base.rich_style)
        length = max(1, height * height // total)
        start = round((height - length) * self._top / (total - height))
        sign = "▐" if start <= y < start + length else " "
        return Strip([Segment(sign, (base + Style.parse("$text-muted")).rich_style)], 1)


@lru_cache(maxsize=64)
def _rich(style: Style) -> RichStyle:
    """Turned into Rich's form once, not for every mark in every line."""
    return style.rich_style


def _touching(items: Sequence[Item], line: Span, key: Callable[[Item], int]) -> Sequence[Item]:
    """Those of some ascending spans that may reach into a line."""
    return items[max(0, bisect_right(items, line[0], key=key) - 1) : bisect_left(items, line[1], key=key)]


def _drawn(text: str) -> str:
    return text.replace("\t", TAB)
