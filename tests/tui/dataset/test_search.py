"""What was typed after "/" and the rows that it means."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tui.dataset.search import Wanted


def row(**fields: object) -> bytes:
    """A row's bytes."""
    return json.dumps(fields).encode()


def test_a_word_before_a_colon_is_a_field_only_when_there_is_one():
    assert Wanted.typed("output: x", {"output"}) == Wanted("x", "output")
    assert Wanted.typed("http://x", {"output"}) == Wanted("http://x")


def test_names_of_fields_are_not_searched():
    assert not Wanted("output").fits(row(output="x"))
    assert Wanted("x").fits(row(output="x"))


def test_values_within_values_are_searched():
    assert Wanted("hello").fits(row(messages=[{"role": "user", "content": "Hello"}]))
    assert Wanted("12").fits(row(score=12))
    assert not Wanted("hello", "other").fits(row(messages=["hello"], other=[]))


def test_a_row_that_cannot_be_read_is_searched_as_it_is():
    assert Wanted("nonsense").fits(b"{nonsense")
    assert not Wanted("nonsense", "output").fits(b"{nonsense")


def test_more_text_narrows():
    assert Wanted("rp2350").narrows(Wanted("RP2"))
    assert not Wanted("rp2").narrows(Wanted("rp2350"))
    assert not Wanted("rp2350", "output").narrows(Wanted("rp2"))


@given(st.text(min_size=1), st.text(), st.text(), st.booleans())
def test_the_quick_look_at_the_bytes_misses_nothing(needle: str, before: str, after: str, ascii_only: bool):
    raw = json.dumps({"output": before + needle + after}, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    assert Wanted(needle).fits(raw)
