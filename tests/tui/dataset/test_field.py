"""The text area of a field gives back what it was given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.dataset.field import FieldArea, Stowed
from tui.literal import literal


@given(st.text())
def test_every_text_comes_back(text: str):
    stowed = Stowed(text)
    assert stowed.restore(stowed.text) == text
    assert stowed.text.splitlines() == stowed.text.split("\n")[: len(stowed.text.splitlines())]


@given(st.text())
def test_a_text_area_that_was_not_touched_gives_its_text(text: str):
    area = FieldArea("output", text)
    assert area.value == text
    assert not area.changed


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_every_line_is_drawn_literally(text: str):
    area = FieldArea("output", text)
    for number in range(area.document.line_count):
        line = area.get_line(number).plain
        assert literal(line) == line


def test_windows_line_ends_are_kept_and_given_to_new_lines():
    stowed = Stowed("one\r\ntwo")
    assert stowed.text == "one\ntwo"
    assert stowed.restore("one\nand\ntwo") == "one\r\nand\r\ntwo"


def test_mixed_line_ends_are_kept_as_they_are():
    text = "one\r\ntwo\nthree\rfour"
    stowed = Stowed(text)
    assert stowed.restore(stowed.text + "!") == text + "!"
