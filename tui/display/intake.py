"""What a terminal sends, taken apart: pastes in one piece, keys and mouse by Textual's parser, anything else dropped.

Textual's own reading ends with the first byte that is no UTF-8, takes every sequence that it does not know for the
keys it is spelled with, also within a paste, and waits for ever for the end of a paste (Textual 8.2.8).
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator

from textual import _xterm_parser as textual_parser
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, SPECIAL_SEQUENCES, XTermParser
from textual.events import Key, Paste
from textual.message import Message

ESC = "\x1b"
LARGEST = (2000, 1000)
"""Columns and lines that a terminal may say it has."""

_TOKEN = re.compile(
    r"""
    (?P<plain>[^\x1b]+)
  | (?P<known>\x1b\[\[. | \x1b\[M[^\x1b]{3})              # function keys of the Linux console; the mouse of old xterms
  | (?P<control>\x1b\[[0-?]*[ -/]*[@-~])                  # a control sequence (ECMA-48, 5.4)
  | (?P<dropped>\x1b(?:\]\d+;|P)[^\x07\x1b]*(?:\x07|\x1b\\) | \x1b\[[0-?]*[ -/]*)   # a string; a broken sequence
  | (?P<shift>\x1bO[^\x1b])
  | (?P<alt>\x1b[^\[O\x1b])
  | (?P<escape>\x1b)
    """,
    re.VERBOSE | re.DOTALL,
)
_BEGUN = re.compile(
    r"\x1b(?:\[(?:\[|M[^\x1b]{0,3}|[0-?]*[ -/]*)?|O|\]\d*(?:;[^\x07\x1b]*\x1b?)?|P[^\x07\x1b]*\x1b?)?\Z"
)
"""What may be the start of a longer sequence."""
_WITHIN_PASTE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]?|\x1b(?:\]\d*;|P)[^\x07\x1b]*(?:\x07|\x1b\\)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
"""What is no text in a paste: control sequences and control characters other than tab and line ends."""


class PasteUnfinished(Message):
    """A paste has begun, its end does not come, and keys would be taken for a part of it."""


class Intake:
    """Turns bytes into Textual's messages. Raises nothing, whatever the bytes are."""

    def __init__(self, encoding: str) -> None:
        # A terminal that can only show ASCII may send anything; most send UTF-8.
        self._decode = getincrementaldecoder("utf-8" if encoding == "ascii" else encoding)("replace").decode
        self._parser = XTermParser()
        self._begun = ""
        """The start of a sequence whose rest has not come."""
        self._pasted: list[str] | None = None
        """The parts of the paste that is coming."""
        self._escape = False
        """Whether what came last was the escape key, or looks like it."""
        self._idle = 0

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that bytes make, with those that came before."""
        self._escape = data == ESC.encode()
        self._idle = 0
        text, self._begun = self._begun + self._decode(data), ""
        while text:
            if self._pasted is None:
                text = yield from self._outside(text)
            else:
                text = yield from self._inside(text, self._pasted)

    def rest(self) -> Iterator[Message]:
        """To be called when nothing has come for the time that a sequence may take: what has begun is all there is."""
        self._idle += 1
        begun = self._begun
        if self._pasted is not None:
            if self._escape and begun == ESC:
                yield from self._finish_paste()
            elif self._idle == 10:
                yield PasteUnfinished()
        elif begun in (ESC, ESC + "[", ESC + "]", ESC + "O", ESC + "P"):  # escape, or alt and a key
            self._begun = ""
            yield from self._keys(begun)
        elif self._idle == 10:
            self._begun = ""

    def _outside(self, text: str) -> Iterator[Message]:
        """Read keys; gives what follows the start of a paste."""
        at = 0
        while at < len(text):
            if _BEGUN.match(text, at):
                self._begun = text[at:]
                return ""
            token = _TOKEN.match(text, at)
            assert token is not None
            at, sequence = token.end(), token.group()
            if sequence == BRACKETED_PASTE_START:
                self._pasted = []
                return text[at:]
            if token.lastgroup == "plain":
                for character in sequence:
                    yield from self._keys(character)
            elif token.lastgroup != "dropped" and (
                token.lastgroup in ("known", "alt", "escape") or _is_known(sequence)
            ):
                yield from self._keys(sequence)
        return ""

    def _inside(self, text: str, pasted: list[str]) -> Iterator[Message]:
        """Read a paste; gives what follows its end."""
        part, end, after = text.partition(BRACKETED_PASTE_END)
        if end:
            pasted.append(part)
            yield from self._finish_paste()
            return after
        # The end may have come in part.
        kept = next(n for n in range(len(BRACKETED_PASTE_END) - 1, -1, -1) if part.endswith(BRACKETED_PASTE_END[:n]))
        pasted.append(part[: len(part) - kept])
        self._begun = part[len(part) - kept :]
        return ""

    def _finish_paste(self) -> Iterator[Message]:
        text, self._pasted, self._begun = "".join(self._pasted or ()), None, ""
        if text := _WITHIN_PASTE.sub("", text):
            yield Paste(text)

    def _keys(self, sequence: str) -> Iterator[Message]:
        """What Textual makes of one key, or of one report of the terminal."""
        parser = self._parser
        try:
            messages = list(parser.feed(sequence))
            if parser._awaiting.timeout is not None:  # it is all there is of this sequence
                parser._timeout_time = 0.0
                messages += parser.tick()
        except Exception:  # noqa: BLE001 - a sequence that Textual fails on is no key
            self._parser = _fresh(parser)
            return
        for message in messages:
            if not (isinstance(message, Key) and "\ud800" <= (message.character or "") <= "\udfff"):
                yield message


def _fresh(old: XTermParser) -> XTermParser:
    """A parser that knows of the mouse what another one did."""
    parser = XTermParser()
    parser.last_x, parser.last_y, parser.mouse_pixels = old.last_x, old.last_y, old.mouse_pixels
    parser.terminal_size, parser.terminal_pixel_size = old.terminal_size, old.terminal_pixel_size
    return parser


def _is_known(sequence: str) -> bool:
    """Whether Textual has a meaning for a whole sequence; it would wait for the rest of another one."""
    if sequence in ANSI_SEQUENCES_KEYS or sequence in SPECIAL_SEQUENCES:
        return True
    if size := textual_parser._re_in_band_window_resize.fullmatch(sequence):
        lines, columns = (int(each.partition(":")[0]) for each in size.groups()[:2])
        return 0 < columns <= LARGEST[0] and 0 < lines <= LARGEST[1]
    return any(
        known.match(sequence)
        for known in (
            textual_parser._re_extended_key,
            textual_parser._re_mouse_event,
            textual_parser._re_terminal_mode_response,
            textual_parser._re_cursor_position,
        )
    )
