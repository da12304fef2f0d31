"""What was typed, and what it asks."""

from __future__ import annotations

import pytest

from data.search.query import Label, Number, Query, QueryError, Text, parse

FIELDS = ("instruction", "output", "score")


def asked(typed: str) -> tuple[object, ...]:
    """The terms of what was typed."""
    return parse(typed, FIELDS).terms


def test_words_are_one_phrase():
    assert asked("  264 KB of RAM ") == (Text("264 KB of RAM"),)


def test_a_word_before_a_colon_is_a_field_only_when_there_is_one():
    assert asked("output: on chip") == (Text("on chip", "output"),)
    assert asked("http://x: y") == (Text("http://x: y"),)
    assert asked("12:30") == (Text("12:30"),)


def test_terms_follow_each_other():
    assert asked("clock output:150 MHz tokens>200 !flag:duplicate tag:keep") == (
        Text("clock"),
        Text("150 MHz", "output"),
        Number("tokens", ">", 200),
        Label("flag", "duplicate", negated=True),
        Label("tag", "keep"),
    )


def test_patterns():
    assert asked(r"~\d+ MHz") == (Text(r"\d+ MHz", is_pattern=True),)
    assert asked("output~^no") == (Text("^no", "output", is_pattern=True),)
    assert asked("!~x") == (Text("x", is_pattern=True, negated=True),)
    assert asked("about ~200 rows") == (Text("about"), Text("200 rows", is_pattern=True))


def test_numbers():
    assert asked("tokens >= 1,000") == (Number("tokens", ">=", 1000),)
    assert asked("score!=0.5") == (Number("score", "!=", 0.5),)
    assert asked("a > b") == (Text("a > b"),)


@pytest.mark.parametrize(("sign", "holds"), [("<", False), ("<=", True), (">", False), (">=", True), ("=", True)])
def test_signs_of_numbers(sign: str, holds: bool):
    assert Number("tokens", sign, 5).holds(5) is holds
    assert Number("tokens", "!=", 5).holds(5) is False


def test_what_is_not_finished_asks_nothing():
    assert not parse("output:", FIELDS)
    assert not parse("tokens>", FIELDS)
    assert not parse("~", FIELDS)


@pytest.mark.parametrize("typed", ["~(", "output~[", "tokens>many"])
def test_what_cannot_be_asked_is_said(typed: str):
    with pytest.raises(QueryError):
        parse(typed, FIELDS)


def test_more_words_narrow():
    rp2 = parse("RP2", FIELDS)
    assert parse("rp2350", FIELDS).narrows(rp2)
    assert parse("rp2 output:x", FIELDS).narrows(rp2)
    assert not rp2.narrows(parse("rp2350", FIELDS))
    assert not parse("output:rp2350", FIELDS).narrows(rp2)
    assert not parse("!rp2350", FIELDS).narrows(rp2)
    assert not rp2.narrows(Query(()))


def test_what_stands_out():
    pattern = parse("264 KB ~\\d+ MHz !no", FIELDS).highlight()
    assert pattern is not None
    assert pattern.findall("264 kb at 150 MHz") == ["264 kb", "150 MHz"]
    assert parse("flag:x", FIELDS).highlight() is None
