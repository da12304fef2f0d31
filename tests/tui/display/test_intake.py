"""Bytes from a terminal, of every kind, become keys, pastes and reports, or nothing; they never raise."""

from __future__ import annotations

from random import Random

import pytest
from textual.events import AppBlur, AppFocus, Key, MouseDown, MouseMove, Paste, Resize
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from tui.display.intake import Intake, PasteUnfinished


def all_of(*pieces: bytes, encoding: str = "utf-8", rests: int = 1) -> list[Message]:
    """What pieces make that come one after the other, and then nothing for a while."""
    intake = Intake(encoding)
    made = [message for piece in pieces for message in intake.feed(piece)]
    return [*made, *(message for _ in range(rests) for message in intake.rest())]


def keys(*pieces: bytes, encoding: str = "utf-8") -> list[str]:
    return [message.key for message in all_of(*pieces, encoding=encoding) if isinstance(message, Key)]


@pytest.mark.parametrize(
    ("data", "pressed"),
    [
        (b"a", ["a"]),
        (b"\x1b", ["escape"]),
        (b"\x1b\x1b", ["escape", "escape"]),
        (b"\x1b[A", ["up"]),
        (b"\x1bOA", ["up"]),
        (b"\x1b[[A", ["f1"]),
        (b"\x1b[1;5C", ["ctrl+right"]),
        (b"\x1ba", ["alt+a"]),
        (b"\x1b[97;5u", ["ctrl+a"]),
        (b"\x7f\x08", ["backspace", "backspace"]),
        (b"\x1b\x1b[A", ["escape", "up"]),
        ("é漢".encode(), ["é", "漢"]),
        (b"\xe9q", ["replacement_character", "q"]),
        (b"\x00q", ["ctrl+@", "q"]),
        # what no key sends: other reports, strings, broken and impossible sequences
        (b"\x1b[?1;2cq", ["q"]),
        (b"\x1b]11;rgb:1515/1313/1111\x1b\\q", ["q"]),
        (b"\x1b]52;c;cXE=\x07q", ["q"]),
        (b"\x1bP>|tmux 3.3a\x1b\\q", ["q"]),
        (b"\x1b[99999999999u\x1b[55296uq", ["q"]),
        (b"\x1b[12;\x07q", ["ctrl+g", "q"]),
        (b"\x1b[?1u\x1b[?2026;2$yq", ["q"]),
        (b"\x1b[<0;1;1Zq", ["q"]),
    ],
)
def test_keys_are_told_from_what_is_none(data: bytes, pressed: list[str]) -> None:
    assert keys(data) == pressed


def test_a_sequence_may_come_in_pieces() -> None:
    for data in (b"\x1b[1;5C", b"\x1b[200~two\nlines\x1b[201~", "é漢".encode(), b"\x1b]11;rgb:0/0/0\x07q"):
        whole = [str(each) for each in all_of(data)]
        for cut in range(1, len(data)):
            assert [str(each) for each in all_of(data[:cut], data[cut:])] == whole, (data, cut)
        assert [str(each) for each in all_of(*(data[at : at + 1] for at in range(len(data))))] == whole


def test_a_terminal_of_another_encoding_types_its_letters() -> None:
    assert keys(b"\xe9", encoding="iso8859-1") == ["é"]
    assert keys("é".encode(), encoding="ascii") == ["é"]


def pastes(*pieces: bytes, rests: int = 1) -> list[str]:
    return [message.text for message in all_of(*pieces, rests=rests) if isinstance(message, Paste)]


def test_a_paste_is_text_and_never_keys() -> None:
    data = b"\x1b[200~\x1b[31mred\x1b[0m q\x00\x1b]52;c;x\x07\x1b[\ttab\r\nline\x1b[201~"
    assert pastes(data) == ["red q\ttab\r\nline"]
    assert keys(data) == []


def test_a_large_paste_comes_whole() -> None:
    text = b"a line of text\r" * 70_000
    pieces = [b"\x1b[200~" + text[:5], *(text[at : at + 4096] for at in range(5, len(text), 4096)), b"\x1b[201~q"]
    assert pastes(*pieces) == [text.decode()]
    assert keys(*pieces) == ["q"]


def test_escape_ends_a_paste_whose_end_is_lost() -> None:
    assert pastes(b"\x1b[200~half", b"qqq") == []
    assert any(isinstance(each, PasteUnfinished) for each in all_of(b"\x1b[200~half", rests=10))
    assert pastes(b"\x1b[200~half", b"\x1b") == ["half"]
    intake = Intake("utf-8")
    for piece in (b"\x1b[200~half", b"\x1b"):
        list(intake.feed(piece))
    list(intake.rest())
    assert [each.key for each in intake.feed(b"q") if isinstance(each, Key)] == ["q"]


def test_reports_of_the_terminal_arrive() -> None:
    assert [type(each) for each in all_of(b"\x1b[I\x1b[O")] == [AppFocus, AppBlur]
    assert [type(each) for each in all_of(b"\x1b[?2026;2$y")] == [TerminalSupportsSynchronizedOutput]
    assert [type(each) for each in all_of(b"\x1b[<35;10;5M\x1b[<0;10;5M")] == [MouseMove, MouseDown]
    assert [type(each) for each in all_of(b"\x1b[48;40;120;800;1200t")] == [Resize]
    assert all_of(b"\x1b[48;400000;120000;800;1200t\x1b[48;0;0;0;0t") == []


PIECES = [
    *(b"\x1b", b"\x1b[", b"\x1b[200~", b"\x1b[201~", b"\x1b]", b"\x1bP", b"\x1bO", b"\x1b[M", b"\x1b[<", b"\x1b[48;"),
    *(b"\x00", b"\xff\xfe", "漢".encode()[:2], b"\x9b", b"9999999999", b";", b":", b"m", b"M", b"~", b"R", b"\x07"),
    *(b"u", b"q", b"$y", b"?2048;", b"\x1b\\", b"\x7f", b"-1", b"t"),
]


@pytest.mark.parametrize("seed", range(200))
def test_any_bytes_are_survived(seed: int) -> None:
    random = Random(seed)
    intake = Intake(random.choice(["utf-8", "ascii", "iso8859-1", "euc-jp"]))
    for _ in range(40):
        data = random.randbytes(random.randint(0, 30)) if random.random() < 0.3 else b""
        for message in intake.feed(data + b"".join(random.choices(PIECES, k=random.randint(0, 12)))):
            if isinstance(message, Key) and message.character:
                message.character.encode("utf-8")
        if random.random() < 0.3:
            list(intake.rest())
    # Whatever was begun: escape after a silence, and keys are keys again.
    for _ in range(10):
        list(intake.rest())
    list(intake.feed(b"\x1b"))
    list(intake.rest())
    assert [each.key for each in intake.feed(b"q") if isinstance(each, Key)] == ["q"]
