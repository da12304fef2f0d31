"""Text cut and wrapped by terminal cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.dataset.cells import cut, wrap

TEXTS = st.text(st.sampled_from("ab 漢字é\u0301👩\u200d👧❤\ufe0f👍🏽क्षि\t\n\x1b[\u202e한"), max_size=60)


@given(TEXTS, st.integers(0, 40))
def test_a_cut_text_is_exactly_as_wide_as_asked(text: str, width: int):
    assert cell_len(cut(text, width)) == width


@given(TEXTS, st.integers(0, 40))
def test_a_cut_text_holds_no_control_character(text: str, width: int):
    assert all(character >= " " and character != "\u202e" for character in cut(text, width))


@given(TEXTS, st.integers(2, 40))
def test_wrapped_lines_fit_and_lose_nothing_but_spaces(text: str, width: int):
    lines = list(wrap(text, width))
    assert all(cell_len(line) <= width for line in lines)
    visible = text.replace("\x1b", "␛").replace("\u202e", "\N{REPLACEMENT CHARACTER}")
    assert "".join("".join(lines).split()) == "".join(visible.split())


def test_what_is_left_out_is_marked():
    assert cut("hello world", 8) == "hello w…"
    assert cut("漢字漢字", 6) == "漢字… "
    assert cut("one\ntwo", 9) == "one⏎two  "


def test_drawing_does_not_depend_on_the_length():
    assert cut("x" * 10_000_000, 5) == "xxxx…"


def test_lines_break_at_spaces():
    assert list(wrap("hello wide world\n\nend", 10)) == ["hello wide", "world", "", "end"]
    assert list(wrap("unbreakable", 4)) == ["unbr", "eaka", "ble"]
