"""One field of a row, open for editing: a text area that gives back exactly what was not typed over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.containers import Lines
from rich.text import Span, Text

from tui.literal import literal
from tui.widgets.text_box import TextBox

_STAND_INS = range(0x10F000, 0x10FFFE)
"""Private-use characters, one cell wide, drawn by nobody."""


class Stowed:
    """A text whose odd characters are stowed behind stand-ins, so that a text area keeps them.

    Textual's document takes vertical tabs, form feeds and Unicode's line separators for line breaks and rewrites them,
    and its rendering passes escape characters on to the terminal. Every character that is not literal is replaced by
    a private-use character while it is edited, and put back afterwards.
    """

    def __init__(self, text: str) -> None:
        self.windows_line_ends = "\r\n" in text and text.count("\r\n") == text.count("\n") == text.count("\r")
        if self.windows_line_ends:
            text = text.replace("\r\n", "\n")
        odd = dict.fromkeys(character for character in text if literal(character) != character)
        free = (chr(code) for code in _STAND_INS if chr(code) not in text)
        self._stand_ins = dict(zip(odd, free, strict=False))
        self.text = text.translate(str.maketrans(self._stand_ins))
        """What is edited."""
        self.signs = str.maketrans({stand_in: literal(character) for character, stand_in in self._stand_ins.items()})
        """How the stand-ins are drawn, for `str.translate`."""

    def restore(self, edited: str) -> str:
        """The edited text with the odd characters and the line ends that it had."""
        text = edited.translate(str.maketrans({stand_in: odd for odd, stand_in in self._stand_ins.items()}))
        return text.replace("\n", "\r\n") if self.windows_line_ends else text


class FieldArea(TextBox):
    """A text area for one field; `value` is the field's text, character for character."""

    DEFAULT_CSS = """
    FieldArea {
        height: auto;
        min-height: 1;
        border: none;
        padding: 0 1;
        background: $surface;
        color: $foreground;
        scrollbar-size-vertical: 1;
        & .text-area--cursor-line { background: $surface; }
        & .text-area--selection { background: $cursor; color: $cursor-text; }
        &:focus {
            border: none;
            background: $panel;
            & .text-area--cursor-line { background: $panel; }
        }
    }
    """

    def __init__(self, name: str, value: str, *, path: tuple[str | int, ...] = (), read_only: bool = False) -> None:
        self.path = path
        """Where the value is inside its field: `("content",)` of a turn."""
        self._stowed = Stowed(value)
        self._original = value
        super().__init__(
            self._stowed.text,
            name=name,
            soft_wrap=True,
            tab_behavior="focus",
            compact=True,
            highlight_cursor_line=False,
            read_only=read_only,
        )
        self.cursor_blink = False

    def _refresh_size(self) -> None:
        """Lay the screen out anew only when there is another number of lines, not at every key as Textual does.

        Its own size for wrapped text has no width, which differs each time from the one that the layout has given.
        """
        if self.wrapped_document.height != self.virtual_size.height:
            super()._refresh_size()

    @property
    def cursor_offset(self) -> int:
        """The cursor's place in the text, in characters."""
        row, column = self.cursor_location
        return sum(len(line) + 1 for line in self.document.lines[:row]) + column

    def go_to(self, offset: int) -> None:
        """Put the cursor at a place of the text, or at its end if there is no such place."""
        before = self.text[:offset]
        self.move_cursor((before.count("\n"), len(before) - before.rfind("\n") - 1))

    @property
    def changed(self) -> bool:
        """Whether the text differs from what was there at first."""
        return self.text != self._stowed.text

    @property
    def value(self) -> str:
        """The field's text; what was not touched is exactly what was given."""
        return self._stowed.restore(self.text) if self.changed else self._original

    @property
    def selected_value(self) -> str:
        """What is selected of the field's text."""
        return self._stowed.restore(self.selected_text)

    def get_line(self, line_index: int) -> Text:
        """The line as it is drawn: literal, with a sign for each odd character."""
        line = self.document.get_line(line_index)
        return _ParagraphText(literal(line.translate(self._stowed.signs)), end="", no_wrap=True)


class _ParagraphText(Text):
    """A line of the document that is divided only where it is looked at.

    Textual divides the whole line for each line of the screen that it is wrapped into, and uses one piece: 10 ms each
    for a paragraph of 70 KB.
    """

    def divide(self, offsets: Iterable[int]) -> Lines:
        """The pieces between the offsets."""
        return _Pieces(self, [0, *offsets, len(self)])


class _Pieces(Lines):
    """Pieces of a text, each cut out when it is asked for."""

    def __init__(self, text: Text, edges: list[int]) -> None:
        super().__init__()
        self._text, self._edges = text, edges

    def __len__(self) -> int:
        return len(self._edges) - 1

    def __iter__(self) -> Iterator[Text]:
        return (self[place] for place in range(len(self)))

    def __getitem__(self, index: int) -> Text:  # type: ignore[override] - nobody asks for a slice
        start, end = self._edges[index : index + 2]
        spans = [
            Span(max(span.start, start) - start, min(span.end, end) - start, span.style)
            for span in self._text.spans
            if span.start < end and span.end > start
        ]
        return Text(self._text.plain[start:end], end="", no_wrap=True, spans=spans)
