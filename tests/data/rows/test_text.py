"""Changing values in the text of a row while everything else stays, byte for byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.rows.style import Escapes, Style
from data.rows.text import RowError, change, read_row, style_of


@pytest.mark.parametrize(
    ("raw", "changes", "expected"),
    [
        ('{"a": 1, "b": 2}', {"a": "x"}, '{"a": "x", "b": 2}'),
        ('{"a":1,"b":2}', {"c": [1, {"d": 2}]}, '{"a":1,"b":2,"c":[1,{"d":2}]}'),
        ('  { "a" : 1 ,"b":\t2 }\t', {"b": 3}, '  { "a" : 1 ,"b":\t3 }\t'),
        ('{ "a": 1 }', {"b": 2}, '{ "a": 1, "b": 2 }'),
        ("{}", {"b": 2}, '{"b": 2}'),
        ("{ }", {}, "{ }"),
        ('{"a": 1\n  , "b": 2}', {"b": [{"c": 3}]}, '{"a": 1\n  , "b": [{"c": 3}]}'),
        ('{\n\n "a": 1\n , "b": 2\n}', {"b": [3]}, '{\n\n "a": 1\n , "b": [\n  3\n ]\n}'),
        ('{"a":1}', {"b": 2}, '{"a":1,"b":2}'),
        ('{"a": 1.50, "b": 1e2, "c": 1}', {"b": 100.0, "c": 1.0}, '{"a": 1.50, "b": 1e2, "c": 1.0}'),
        ('{"a": 1}', {"a": True}, '{"a": true}'),
        ('{"a": "\\u0041\\/"}', {"a": "A/"}, '{"a": "\\u0041\\/"}'),
        ('{"b": 1, "a": {"y": 1, "x": 2}}', {"a": {"x": 3, "y": 1}}, '{"b": 1, "a": {"y": 1, "x": 3}}'),
        ('{"a": {"x": 1,  "y": 2, "z": 3}}', {"a": {"x": 1, "z": 4}}, '{"a": {"x": 1, "z": 4}}'),
        ('{"a": { "x": 1, "y": 2 }}', {"a": {"y": 2}}, '{"a": { "y": 2 }}'),
        ('{"a": { "x": 1 }}', {"a": {}}, '{"a": {}}'),
        ('{"a": [1,  2 ,3]}', {"a": [1, 2, 4, 3]}, '{"a": [1,  2 ,4 ,3]}'),
        ('{"a": [1,  2 ,3]}', {"a": [3]}, '{"a": [3]}'),
        ('{"a": [ ]}', {"a": [1]}, '{"a": [1]}'),
    ],
)
def test_only_what_differs_is_written(raw: str, changes: dict[str, Any], expected: str) -> None:
    assert change(raw, changes) == expected
    assert read_row(expected) == read_row(raw) | changes


def test_turns_of_a_conversation_keep_their_bytes() -> None:
    raw = '{"m":[{"role":"user","content":"caf\\u00e9"},{"role":"assistant","content":"\\u003cb>"}],"n":1.0}'
    turns = read_row(raw)["m"]
    turns[1]["content"] = "é<"
    assert change(raw, {"m": turns}) == raw.replace('"\\u003cb>"', '"\\u00e9\\u003c"')
    turns.insert(1, {"role": "user", "content": "x"})
    turns[2]["content"] = "<b>"
    assert change(raw, {"m": turns}) == raw.replace("},{", '},{"role":"user","content":"x"},{')


PRETTY = {"instruction": "q", "turns": [{"role": "user", "parts": ["a", {}]}], "empty": []}


@pytest.mark.parametrize(("indent", "newline", "base"), [(2, "\n", ""), (4, "\r\n", "  "), ("\t", "\n", "\t")])
def test_indented_rows_stay_indented(indent: int | str, newline: str, base: str) -> None:
    def written(values: dict[str, Any]) -> str:
        return json.dumps(values, indent=indent).replace("\n", newline + base)

    raw = written(PRETTY)
    assert style_of(raw).encode_row(PRETTY) == raw
    for changes in (
        {"instruction": "other"},
        {"new": {"a": [1, {"b": 2}]}},
        {"empty": [1, 2]},
        {"turns": [{"role": "user", "parts": ["a", {"k": [1]}, "c"]}, {"role": "assistant", "parts": []}]},
        {"turns": []},
    ):
        assert change(raw, changes) == written(PRETTY | changes)
    assert change("{}", PRETTY, style_of(raw)) == raw


@pytest.mark.parametrize(
    ("raw", "text", "expected"),
    [
        ('{"a": "\\u00e9"}', "é≠\x7f", "\\u00e9\\u2260\\u007f"),
        ('{"a": "\\u00E9"}', "é\\u00e9", "\\u00E9\\\\u00e9"),
        ('{"a": "é"}', "é\x7f", "é\x7f"),
        ('{"a": "\\ud83d\\ude00"}', "😀", "\\ud83d\\ude00"),
        ('{"a": "é\\u2028"}', "é\u2028", "é\\u2028"),
        ('{"a": "\\u003c\\u0026"}', "<&>é", "\\u003c\\u0026>é"),
        ('{"a": "http:\\/\\/"}', "a/b", "a\\/b"),
        ('{"a": "\\\\u00e9"}', "é", "é"),
        ('{"a": ""}', "\ud83d é", "\\ud83d é"),
        ('{"a": ""}', '"\\\b\f\n\r\t\0', '\\"\\\\\\b\\f\\n\\r\\t\\u0000'),
    ],
)
def test_escapes_are_those_of_the_row(raw: str, text: str, expected: str) -> None:
    changed = change(raw, {"b": text})
    assert changed == raw[:-1] + ', "b": "' + expected + '"}'
    assert read_row(changed)["b"] == text


def test_what_a_row_does_not_show_is_as_in_the_file() -> None:
    escapes = Escapes.seen_in('{"a": "\\u00E9 \\u003C"}\n{"a": 1}')
    assert change('{"a": 1}', {"a": "é<"}, Style(escapes=escapes)) == '{"a": "\\u00E9\\u003C"}'
    assert change('{"a": "è", "b": "<"}', {"a": "é<"}, Style(escapes=escapes)) == '{"a": "é<", "b": "<"}'


def test_deep_rows_do_not_break() -> None:
    deep = '{"a": ' + "[" * 199 + "]" * 199 + ', "b": 1}'
    assert change(deep, {"b": 2}) == deep.replace("1", "2")
    for depth in (200, 400, 50_000):
        with pytest.raises(RowError, match="nested too deeply"):
            change('{"a": ' + "[" * depth + "]" * depth + "}", {"b": 2})


KEYS = st.sampled_from(["a", "b", "é", "/"])
VALUES = st.recursive(
    st.sampled_from([1, 1.0, True, None, -0.5, "", "é", "\u2028", "😀", "<&/>", '"\\', "\ud83d", "x\ny", 10**20]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)
ROWS = st.dictionaries(KEYS, VALUES, max_size=4)
SPACES = st.sampled_from(["", "", "", " ", "\n", "  ", "\r\n  ", "\t"])


@st.composite
def hand_written(draw: st.DrawFn, value: Any) -> str:
    """A value as JSON text with whitespace and escapes wherever JSON allows them."""

    def space() -> str:
        return draw(SPACES)

    def joined(parts: list[str]) -> str:
        return space() + "".join(part + space() + "," * (n + 1 < len(parts)) + space() for n, part in enumerate(parts))

    if isinstance(value, dict):
        members = [draw(hand_written(key)) + space() + ":" + space() + draw(hand_written(value[key])) for key in value]
        return "{" + joined(members) + "}"
    if isinstance(value, list):
        return "[" + joined([draw(hand_written(each)) for each in value]) + "]"
    text = json.dumps(value, ensure_ascii=draw(st.booleans()) or value == "\ud83d")
    return text.replace("/", "\\/") if draw(st.booleans()) else text


@settings(deadline=None)
@given(ROWS, ROWS, st.data())
def test_any_row_in_any_layout_takes_any_change(
    values: dict[str, Any], changes: dict[str, Any], data: st.DataObject
) -> None:
    raw = data.draw(hand_written(values))
    changed = change(raw, changes)
    assert json.dumps(read_row(changed), sort_keys=True) == json.dumps(values | changes, sort_keys=True)
    assert change(raw, {}) == change(raw, values) == raw
    assert change(changed, changes) == changed
    row = style_of(raw).encode_row(values | changes)
    assert json.dumps(read_row(row)) == json.dumps(values | changes)
