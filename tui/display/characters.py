"""The characters that a terminal can show: those of its locale's encoding, and ASCII in place of the others."""

from __future__ import annotations

import codecs
import locale
import os
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from rich.cells import get_character_cell_size

UTF8 = "utf-8"

SUBSTITUTE = "burnish-substitute"
"""Name of the error handler (PEP 293) that writes ASCII of as many cells in place of what an encoding lacks."""

_LOOK_ALIKE = {
    **dict.fromkeys("‐‑‒–—−⁃▪╌┄┈", "-"),
    **dict.fromkeys("‘’‚′", "'"),
    **dict.fromkeys("“”„″", '"'),
    **dict.fromkeys("•●◆★⬤✱", "*"),
    **dict.fromkeys("→▶▸‣›⇥⟶", ">"),
    **dict.fromkeys("←◀◂‹", "<"),
    **dict.fromkeys("↑▴▲≙", "^"),
    **dict.fromkeys("↓▾▼✓✔", "v"),
    **dict.fromkeys("✗✕✘×╳", "x"),
    **dict.fromkeys("○◦°", "o"),
    **dict.fromkeys("█▇▉▊▋▓■▙▛▜▟", "#"),
    **dict.fromkeys("▌▍▎▏▐▕‖¦", "|"),
    **dict.fromkeys("▁▂⍽", "_"),
    **dict.fromkeys("▃▄▖▗", "."),
    **dict.fromkeys("▀▔▘▝", "'"),
    **dict.fromkeys("▅▆⇄↔≡", "="),
    **dict.fromkeys("…≈", "~"),
    **dict.fromkeys("░·", "."),
    "◌": ":",
    "▒": "%",
    "▚": "\\",
    "▞": "/",
    "✂": "%",
    "≠": "!",
    "≤": "<",
    "≥": ">",
    "±": "+",
    "↻": "@",
    "⏎": "/",
    "√": "V",
    "µ": "u",
    "€": "E",
    "£": "L",
    "¥": "Y",
    "§": "S",
    "ß": "s",
    "Ω": "O",
    "λ": "l",
}
"""What reads best for a single cell; letters with marks and superscripts follow from Unicode's decompositions."""

_BRAILLE = range(0x2800, 0x2900)
_BOXES = range(0x2500, 0x2580)


def terminal_encoding(environment: Mapping[str, str] | None = None) -> str:
    """The encoding that the locale names, as Python calls it; UTF-8 where no locale is set (containers) or known.

    LC_ALL comes before LC_CTYPE and that before LANG (POSIX.1-2024, 8.2).
    """
    environment = started_with() if environment is None else environment
    name = next((name for key in ("LC_ALL", "LC_CTYPE", "LANG") if (name := environment.get(key))), "")
    if not name or "utf" in name.lower():
        return UTF8
    if name in ("C", "POSIX"):
        return "ascii"
    encoding = name if "." in name else locale.normalize(name)
    try:
        return codecs.lookup(encoding.partition(".")[2].partition("@")[0]).name
    except LookupError:
        return UTF8


@lru_cache(1)
def started_with() -> Mapping[str, str]:
    """The environment as the process was started with it: in the C locale Python sets LC_CTYPE to UTF-8 (PEP 538)."""
    try:
        words = Path("/proc/self/environ").read_bytes().split(b"\0")
    except OSError:
        return os.environ
    return {os.fsdecode(name): os.fsdecode(value) for name, _, value in (word.partition(b"=") for word in words)}


@lru_cache(4096)
def ascii_for(character: str) -> str:
    """ASCII that takes as many cells as a character."""
    cells = get_character_cell_size(character)
    if found := _LOOK_ALIKE.get(character):
        return found
    code = ord(character)
    if code in _BRAILLE:
        return " .:"[min((code - _BRAILLE.start).bit_count(), 2)]
    if code in _BOXES:
        return _box(unicodedata.name(character, ""))
    plain = "".join(each for each in unicodedata.normalize("NFKD", character) if each.isascii())
    return plain if len(plain) == cells else "?" * cells


def _box(name: str) -> str:
    """A line of a box, by what its name says of its directions."""
    if "DIAGONAL" in name:
        return "/" if "UPPER RIGHT" in name else "\\"
    across, down = (any(each in name for each in words) for words in (("HOR", "LEFT", "RIGHT"), ("VER", "UP", "DOWN")))
    return "+" if across and down else "-" if across else "|"


def _substitute(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(ascii_for, error.object[error.start : error.end])), error.end


codecs.register_error(SUBSTITUTE, _substitute)
