"""How somebody wrote their JSON: separators, indent and escapes, found in a text and used for new text beside it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_ASCII_ONLY_IN_STRINGS = set("/<>&'=`~!@#$%^*()?;|_\x7f")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Escapes:
    """Which characters of a string are written as escapes, beyond those that JSON demands."""

    ascii: bool = False
    """Everything beyond ASCII is (Python's `ensure_ascii`)."""
    also: frozenset[str] = frozenset()
    r"""Single characters that are written as \uXXXX (Go writes `<` so), or "/" where it is written as \/ (PHP)."""
    upper: bool = False
    r"""Hexadecimal digits are capitals (\u00E9)."""

    @classmethod
    def seen_in(cls, text: str, default: Escapes | None = None) -> Escapes:
        """Those of a JSON text; what it does not show is as in `default`."""
        default = default or cls()
        codes = [code for code in _ESCAPE.findall(text) if code] if "\\u" in text else []
        characters = {chr(int(code, 16)) for code in codes}
        beyond = {each for each in characters if each > "\x7f"}
        ascii_only = text.isascii() and (bool(beyond) or default.ascii)
        also = {each for each in characters if each in _ASCII_ONLY_IN_STRINGS}
        if not text.isascii():
            also |= {each for each in beyond if not _SURROGATE.match(each)}
        also |= {each for each in default.also if each not in text}
        if "\\/" in text:
            also |= {"/"}
        letters = {digit for code in codes for digit in code if digit.isalpha()}
        upper = any(each.isupper() for each in letters) if letters else default.upper
        return cls(ascii=ascii_only, also=frozenset(also), upper=upper)

    def apply(self, encoded: str) -> str:
        """Rewrite the strings of a JSON text that was made with `ensure_ascii=self.ascii`."""
        encoded = _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", encoded)
        for character in sorted(self.also):
            encoded = encoded.replace(character, "\\/" if character == "/" else f"\\u{ord(character):04x}")
        if self.upper and "\\u" in encoded:
            encoded = _ESCAPE.sub(lambda found: f"\\u{found[1].upper()}" if found[1] else found[0], encoded)
        return encoded


@dataclass(frozen=True, slots=True)
class Style:
    """How objects are laid out. The defaults are those of Python's `json.dumps(…, ensure_ascii=False)`."""

    comma: str = ", "
    """Between the members of a container that stays on its line."""
    colon: str = ": "
    unit: str | None = None
    """One level of indentation; None where a row is one line."""
    base: str = ""
    """Indentation of the line that a row begins on."""
    newline: str = "\n"
    padding: str = ""
    """Inside the braces of a one-line row."""
    escapes: Escapes = Escapes()

    def with_escapes_of(self, text: str) -> Style:
        """The same layout, escapes as `text` shows them."""
        return replace(self, escapes=Escapes.seen_in(text, self.escapes))

    def encode(self, value: Any, base: str | None = None) -> str:
        """A value as JSON text; containers are spread over lines whose first is indented by `base`, or not at all.

        Raises TypeError for a value that JSON has no word for.
        """
        if base is None or self.unit is None:
            text = json.dumps(value, ensure_ascii=self.escapes.ascii, separators=(self.comma, self.colon))
        else:
            text = json.dumps(value, ensure_ascii=self.escapes.ascii, indent=self.unit, separators=(",", self.colon))
            text = text.replace("\n", self.newline + base)
        return self.escapes.apply(text)

    def encode_row(self, values: dict[str, Any]) -> str:
        """A whole row as JSON text. Raises TypeError as `encode` does."""
        text = self.encode(values, self.base)
        if self.padding and values:
            text = "{" + self.padding + text[1:-1] + self.padding + "}"
        return text
