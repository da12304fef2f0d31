"""Words looked for in about a megabyte of rows at once: a hundred times as fast as reading each row as JSON.

A hit among the bytes is sure when it can only be inside a value, else the row has to be read. What stands in a file
differs from what a person types in three ways, all provided for: names of fields are not searched; a character can
be written as an escape; upper and lower case are the same.
"""

from __future__ import annotations

import re

from data.rows.piece import Piece

_STRUCTURE = frozenset('",:{}[]\\/')
"""Characters that words share with JSON around them, or that are escaped in it."""
_HEX = frozenset(b"0123456789abcdef")
_ESCAPED = frozenset(b"bfnrtu")
"""Letters that mean something else after a backslash."""
_ASCII_ESCAPE = re.compile(rb"\\u00[2-7]")
"""An escape of an ASCII letter, which nobody needs and some programs write."""
_BARE = re.compile(rb"[-+.e0-9]+")
_BARE_WORDS = (b"true", b"false", b"null", b"nan", b"infinity")
"""What stands in JSON without quotes, in small letters."""
_BEGINS_LIKE_A_NAME_ENDS = re.compile(rb'"(?<=[\[,:\s]")[ \t]*+:')
"""A text that begins with a colon: its first quote looks like the last one of a field's name."""
_NOT_A_NAME = rb'(?![^"\\]{0,300}+(?:\\.[^"\\]{0,300}+){0,9}+"[ \t]*+:)'
_NOT_A_PLAIN_NAME = rb'(?![^"]{0,300}+"[ \t]*+:)'
"""What follows a hit is not the end of a field's name. Bounded: a value of megabytes has no quote for a long time."""


class Words:
    """Words to be found in rows as they stand in a file."""

    def __init__(self, words: str, *, json: bool, lines: bool) -> None:
        """`json`: rows are JSON objects, else words stand in them as they are; `lines`: each row is a line."""
        self._json = json
        self._lines = lines
        self._ascii = words.isascii()
        self._structured = any(each in _STRUCTURE for each in words) or not words.isprintable()
        if json and self._structured:
            words = words.replace("\\", "\\\\").replace('"', '\\"')
        self._plain = words.encode("utf-8", "surrogatepass").lower()
        self._sure = not self._structured and any(each.isalnum() for each in words) and words.lower() not in "null"
        self._pattern = re.compile(self._written(words, escapes=True))
        self._without_escapes = re.compile(self._written(words, escapes=False))
        self._doubtful = re.compile(rb"\\(?:u[0-9a-f]{0,3})?" + re.escape(self._plain)) if self._may_be_escape else None

    @property
    def _may_be_bare(self) -> bool:
        """Whether a hit may stand outside of quotes, where what follows it can be mistaken for the end of a name."""
        bare = _BARE.fullmatch(self._plain) or any(self._plain in word for word in _BARE_WORDS)
        return self._json and self._sure and bool(bare)

    @property
    def _may_be_escape(self) -> bool:
        return self._json and self._sure and self._ascii and bool({*self._plain[:1]} & (_HEX | _ESCAPED))

    def _written(self, words: str, *, escapes: bool) -> bytes:
        """The pattern of a hit; a sure one ends so that no field's name and no escape fits it.

        `escapes`: there may be backslashes among the bytes; without them it is found three times as fast.
        """
        literal = b"".join(self._ways(each) for each in words)
        if not (self._json and self._sure):
            return literal
        if self._may_be_escape and escapes:
            size = len(self._plain)
            literal += b"".join(
                rb"(?<!\\%s%s)" % (before, b"." * size) for before in (b"", b"u", b"u.", b"u..", b"u...")
            )
        return literal + (_NOT_A_NAME if escapes else _NOT_A_PLAIN_NAME) + (rb"[^\n]*+" if self._lines else b"")

    def _ways(self, character: str) -> bytes:
        """How a character can stand in a file whose ASCII letters were made small."""
        if character.isascii():
            return re.escape(character.lower().encode())
        forms = {character, character.upper(), character.lower()}
        ways = {re.escape(form.encode("utf-8", "surrogatepass").lower()) for form in forms}
        if self._json:
            for form in forms:
                units = form.encode("utf-16-be", "surrogatepass").hex()
                ways.add(b"".join(rb"\\u" + units[place : place + 4].encode() for place in range(0, len(units), 4)))
        return b"(?:" + b"|".join(sorted(ways)) + b")"

    def find(self, piece: Piece) -> tuple[list[int], list[int]]:
        """The indices of the rows of a piece that hold the words, and of those that may: they have to be read.

        Both ascend; a row may be in both.
        """
        small = piece.text.lower()
        escapes = b"\\" in small
        pattern = self._pattern if escapes else self._without_escapes
        found = piece.rows_at([hit.start() for hit in pattern.finditer(small)])
        maybe: list[int] = []
        if not self._sure and self._json:
            found, maybe = [], found
        more = [self._doubtful] if self._doubtful and escapes else []
        if self._json and self._ascii and b"\\u00" in small:
            more.append(_ASCII_ESCAPE)
        if self._json and b"/" in self._plain and b"\\/" in small:
            more.append(re.compile(rb"\\/"))
        if self._may_be_bare:
            more.append(_BEGINS_LIKE_A_NAME_ENDS)
        for pattern in more:
            maybe += piece.rows_at(hit.start() for hit in pattern.finditer(small))
        return found, sorted(set(maybe)) if more else maybe
