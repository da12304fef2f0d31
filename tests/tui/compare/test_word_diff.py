"""The plain word diff."""

from __future__ import annotations

from tui.compare.word_diff import MAX_WORDS, differing_words


def test_only_words_that_the_other_text_has_not_are_given() -> None:
    a, b = "It runs at 1.15 GHz today.", "It runs at\n150 MHz today."
    only_a, only_b = differing_words(a, b)
    assert [a[start:end] for start, end in only_a] == ["1.15", "GHz"]
    assert [b[start:end] for start, end in only_b] == ["150", "MHz"]
    assert differing_words(a, a) == ((), ())


def test_what_comes_after_many_words_is_left_plain() -> None:
    only_a, only_b = differing_words("x " * 5000, "y " * 5000)
    assert len(only_a) == len(only_b) == MAX_WORDS
