"""Wrapping again what has grown gives what wrapping all of it gives."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.compare.wrapping import TAB, WrappedText

ALPHABET = "ab cd\n\t é温度한👍\u0301-"
TEXTS = st.text(ALPHABET, max_size=120)


@given(TEXTS, st.lists(TEXTS, max_size=4), st.integers(1, 30), st.data())
@settings(max_examples=300)
def test_wrapping_in_steps_is_wrapping_at_once(start: str, more: list[str], width: int, data: st.DataObject) -> None:
    stepwise = WrappedText()
    text = start
    for addition in [*more, ""]:
        signs = sorted(data.draw(st.sets(st.integers(0, max(0, len(text) - 1)), max_size=6))) if text else []
        stepwise.update(text, width, signs)
        at_once = WrappedText()
        at_once.update(text, width, signs)
        assert stepwise.lines == at_once.lines
        text += addition


@given(TEXTS, st.integers(4, 30), st.sets(st.integers(0, 119), max_size=6))
def test_lines_fit_and_nothing_is_lost(text: str, width: int, offsets: set[int]) -> None:
    signs = sorted(offset for offset in offsets if offset < len(text))
    wrapped = WrappedText()
    wrapped.update(text, width, signs)
    rebuilt = ""
    for number, (start, end) in enumerate(wrapped.lines):
        line = text[start:end]
        drawn = line.rstrip(" \t").replace("\t", TAB)
        ahead = sum(1 for sign in signs if start <= sign < start + len(line.rstrip(" \t")))
        assert "\n" not in line
        # Blanks at the beginning of a line are kept whole, so only what begins with a word has to fit.
        if not line.startswith((" ", "\t")):
            assert cell_len(drawn) + ahead <= width
        rebuilt += line + ("\n" if text[end : end + 1] == "\n" and number + 1 < len(wrapped.lines) else "")
    assert rebuilt == text


def test_breaks_stand_at_blanks_and_a_sign_takes_a_cell() -> None:
    wrapped = WrappedText()
    wrapped.update("up to 150 MHz", 9)
    assert [wrapped.text[start:end] for start, end in wrapped.lines] == ["up to 150 ", "MHz"]
    wrapped.update("up to 150 MHz", 9, [6])
    assert [wrapped.text[start:end] for start, end in wrapped.lines] == ["up to ", "150 MHz"]
    assert wrapped.line_of(0) == 0
    assert wrapped.line_of(7) == 1


def test_a_word_that_only_grows_gives_the_first_changed_line() -> None:
    wrapped = WrappedText()
    wrapped.update("one two three four five six", 9)
    lines = len(wrapped.lines)
    assert wrapped.update("one two three four five six seven", 9) >= lines - 2
    assert wrapped.update("one two three four five six seven", 9) == len(wrapped.lines)
