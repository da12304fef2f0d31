"""Markdown drawn lightly: markers give way to styles, and every character keeps its offset in the raw text.

Only what models use to set words off is read: headings, bullets, quotes, code, bold and italic. Tables, links and
everything else stand literally, so nothing of a foreign text can be followed or hide behind other words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

Span = tuple[int, int]

_BOLD, _ITALIC, _CODE, _HEADING, _DIM = 1, 2, 4, 8, 16
_STYLES = {_BOLD: "bold", _ITALIC: "italic", _CODE: "$info", _HEADING: "bold $accent", _DIM: "$text-muted"}

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEAD = re.compile(r" {0,3}(#{1,6}[ \t]+)(?=\S)")
_BULLET = re.compile(r"[ \t]*([-*+])(?=[ \t]+\S)")
_QUOTE = re.compile(r" {0,3}>")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_INLINE = re.compile(
    r"(?P<code>`+)(?P<in_code>[^`]+)(?P=code)(?!`)"
    r"|(?P<bold>\*\*|(?<!\w)__)(?=\S)(?P<in_bold>.+?)(?<=\S)(?P=bold)(?!\*)"
    r"|(?<![\w*])(?P<italic>[*_])(?=[^\s*_])(?P<in_italic>[^*_\n]+?)(?<=[^\s])(?P=italic)(?![\w*])"
)
"""Single signs set words off at the edges of words only: `2*3*4` and `snake_case_name` stay as they are."""


@dataclass(frozen=True, slots=True)
class Styled:
    """Some characters of the text as it is drawn, and their style in Textual's words."""

    start: int
    end: int
    style: str


class MarkdownText:
    """A growing text with its finished blocks drawn as Markdown; the block at its end stands as it came.

    A block is finished when a blank line follows it outside of a code block, or when the text is. An update costs what
    was added and the block at the end, not what is there.
    """

    def __init__(self) -> None:
        self.text = ""
        """As it is drawn."""
        self.spans: list[Styled] = []
        """Its styles, ascending and without overlap, by offset in the drawn text."""
        self._raw = ""
        self._finished = 0
        """Raw characters whose look does not change any more."""
        self._drawn = ""
        """How they are drawn."""
        self._removed: list[int] = []
        """Raw offsets of the markers that are not drawn, a character each, ascending."""
        self._fenced = False

    def update(self, raw: str, *, done: bool, plain: bool) -> int:
        """Draw another text, `plain` without any Markdown; gives how many drawn characters are as they were."""
        kept = len(self._drawn)
        if plain or not raw.startswith(self._raw[: self._finished]):
            self._finished, self._drawn, self._removed, self._fenced, self.spans = 0, "", [], False, []
            kept = 0
        self._raw = raw
        if not plain:
            self._finish(len(raw) if done else self._last_break())
        self.text = self._drawn + raw[self._finished :]
        return kept

    def drawn(self, span: Span) -> Span:
        """Where some raw characters stand in the drawn text."""
        start, end = (offset - bisect_right(self._removed, offset - 1) for offset in span)
        return start, end

    def _last_break(self) -> int:
        """The raw offset behind the last blank line that ends a block."""
        end, fenced = self._finished, self._fenced
        offset = self._finished
        for line in self._raw[self._finished :].splitlines(keepends=True):
            offset += len(line)
            if _FENCE.match(line):
                fenced = not fenced
            if not fenced and not line.strip() and line.endswith("\n"):
                end = offset
        return end

    def _finish(self, end: int) -> None:
        if end <= self._finished:
            return
        removed: set[int] = set()
        bullets: set[int] = set()
        flags = [0] * (end - self._finished)
        offset = 0
        for line in self._raw[self._finished : end].split("\n"):
            self._read_line(line, offset, flags, removed, bullets)
            offset += len(line) + 1
        kept = [place for place in range(len(flags)) if place not in removed]
        base, start = len(self._drawn), self._finished
        self._drawn += "".join("•" if place in bullets else self._raw[start + place] for place in kept)
        for look, group in groupby(enumerate(kept), key=lambda item: flags[item[1]]):
            places = [place for place, _ in group]
            if look:
                self.spans.append(Styled(base + places[0], base + places[-1] + 1, _style(look)))
        self._removed += [start + place for place in sorted(removed)]
        self._finished = end

    def _read_line(self, line: str, offset: int, flags: list[int], removed: set[int], bullets: set[int]) -> None:
        def paint(start: int, end: int, look: int) -> None:
            for place in range(offset + start, min(offset + end, len(flags))):
                flags[place] |= look

        if _FENCE.match(line):
            self._fenced = not self._fenced
            paint(0, len(line), _DIM)
            return
        if self._fenced:
            paint(0, len(line), _CODE)
            return
        if line.lstrip().startswith("|") or _RULE.match(line):
            return
        begin = 0
        if (head := _HEAD.match(line)) is not None:
            removed.update(range(offset + head.start(1), offset + head.end(1)))
            paint(head.end(), len(line), _HEADING)
            begin = head.end()
        elif (bullet := _BULLET.match(line)) is not None:
            bullets.add(offset + bullet.start(1))
            begin = bullet.end()
        elif _QUOTE.match(line):
            paint(0, len(line), _DIM)
        for start, end, look, markers in _inline(line, begin, len(line)):
            paint(start, end, look)
            removed.update(offset + place for marker in markers for place in range(*marker))


def _inline(line: str, begin: int, end: int) -> Iterator[tuple[int, int, int, tuple[Span, Span]]]:
    """What is set off within a line: where, how, and the markers around it."""
    for found in _INLINE.finditer(line, begin, end):
        name = "code" if found["code"] else "bold" if found["bold"] else "italic"
        start, stop = found.span(f"in_{name}")
        look = {"code": _CODE, "bold": _BOLD, "italic": _ITALIC}[name]
        yield start, stop, look, ((found.start(), start), (stop, found.end()))
        if name != "code":
            yield from _inline(line, start, stop)


def _style(look: int) -> str:
    """The words of several looks at once; the colour of the strongest."""
    return " ".join(dict.fromkeys(word for bit, words in _STYLES.items() if look & bit for word in words.split()))
