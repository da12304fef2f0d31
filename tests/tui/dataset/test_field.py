"""The text area of a field gives back what it was given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from rich.text import Text

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


@given(st.text(st.characters(exclude_characters="\n"), min_size=1), st.data())
def test_a_line_is_divided_as_any_text_is(line: str, data: st.DataObject):
    shown = FieldArea("output", line).get_line(0)
    places = st.integers(0, len(shown))
    shown.stylize(Style(reverse=True), *sorted((data.draw(places), data.draw(places))))
    offsets = sorted(data.draw(st.sets(places, min_size=1, max_size=5)))
    usual = Text(shown.plain, spans=shown.spans).divide(offsets)
    pieces = shown.divide(offsets)
    assert [piece.plain for piece in pieces] == [piece.plain for piece in usual]
    assert len(pieces) == len(usual)
    for piece, other in zip(pieces, usual, strict=True):
        assert [place for span in piece.spans for place in range(span.start, span.end)] == [
            place for span in other.spans for place in range(span.start, span.end)
        ]
