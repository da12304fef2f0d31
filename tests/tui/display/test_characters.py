"""What a terminal of another encoding gets in place of what it cannot show."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import get_character_cell_size

from tui.display.characters import SUBSTITUTE, ascii_for, terminal_encoding

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("environment", "encoding"),
    [
        ({}, "utf-8"),
        ({"LANG": ""}, "utf-8"),
        ({"LANG": "en_GB.UTF-8"}, "utf-8"),
        ({"LC_CTYPE": "UTF-8"}, "utf-8"),
        ({"LC_ALL": "C"}, "ascii"),
        ({"LANG": "POSIX"}, "ascii"),
        ({"LC_ALL": "C", "LANG": "en_GB.UTF-8"}, "ascii"),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "C"}, "utf-8"),
        ({"LANG": "de_DE.ISO-8859-1"}, "iso8859-1"),
        ({"LANG": "de_DE@euro"}, "iso8859-15"),
        ({"LANG": "ru_RU.KOI8-R"}, "koi8-r"),
        ({"LANG": "xx_XX.nothing"}, "utf-8"),
    ],
)
def test_the_locale_names_the_encoding(environment: dict[str, str], encoding: str) -> None:
    assert terminal_encoding(environment) == encoding


def test_every_character_of_the_screen_has_one_of_ascii() -> None:
    """What burnish itself draws must stay readable: a question mark would tell nothing."""
    drawn = {
        character
        for file in [*(ROOT / "tui").rglob("*.py"), *(ROOT / "tui").rglob("*.tcss")]
        for character in file.read_text(encoding="utf-8")
        if not character.isascii() and get_character_cell_size(character) == 1
    }
    drawn |= {chr(code) for code in (*range(0x2500, 0x25A0), *range(0x2800, 0x2900))}
    assert {character for character in drawn if ascii_for(character) == "?"} == set()


def test_what_stands_for_a_character_takes_as_many_cells() -> None:
    for code in (*range(0xA1, 0x2FFF), *range(0x4E00, 0x4E80), *range(0x1F300, 0x1F700)):
        character = chr(code)
        if character.isprintable():
            substitute = ascii_for(character)
            assert substitute.isascii()
            assert len(substitute) == get_character_cell_size(character), hex(code)


@pytest.mark.parametrize(
    ("text", "encoding", "sent"),
    [
        ("┌─┐│", "ascii", b"+-+|"),
        ("é漢✓ 150 MHz…", "ascii", b"e??v 150 MHz~"),
        ("é×✓", "iso8859-1", b"\xe9\xd7v"),
        ("e\u0301", "ascii", b"e"),
        ("漢", "euc-jp", "漢".encode("euc-jp")),
    ],
)
def test_only_what_an_encoding_lacks_is_replaced(text: str, encoding: str, sent: bytes) -> None:
    assert text.encode(encoding, SUBSTITUTE) == sent
