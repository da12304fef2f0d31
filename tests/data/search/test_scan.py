"""The quick scan finds exactly what a slow reading of every row finds."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.search.query import Query, Text, parse
from data.search.scan import Scan, texts
from data.store import RowStore

FIELDS = ("instruction", "output", "messages", "score")


class Known:
    """Readings that can be told from the row alone."""

    def tokens(self, values: Mapping[str, Any], number: int) -> int | None:
        return sum(len(text.split()) for text in texts(values))

    def turns(self, values: Mapping[str, Any], number: int) -> int:
        return len(values.get("messages", ()))

    def part(self, name: str, values: Mapping[str, Any], number: int) -> str:
        return str(values.get({"question": "instruction", "answer": "output"}.get(name, ""), ""))

    def loss(self, text: bytes) -> float | None:
        return len(text) / 10 if b"measured" in text else None

    def flags(self, index: int) -> Collection[str]:
        return ["duplicate"] if index % 2 else []

    def tags(self, text: bytes) -> Collection[str]:
        return ["keep"] if b"keep" in text else []


def found(store: RowStore, query: Query) -> list[int]:
    """What the scan finds, in its order."""
    return [index for part in Scan(store.snapshot(), query, Known()).run() for index in part]


def store_of(folder: Path, *lines: str, name: str = "rows.jsonl") -> RowStore:
    """A file of these lines, opened."""
    path = folder / name
    path.write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass"))
    store = RowStore.open(path)
    store.index_all()
    return store


def ask(folder: Path, typed: str, *rows: object) -> list[int]:
    """The places of the rows that meet what was typed."""
    return found(store_of(folder, *map(json.dumps, rows)), parse(typed, FIELDS))


def test_names_of_fields_are_not_searched(tmp_path: Path):
    assert ask(tmp_path, "output", {"output": "x"}, {"output": "an output"}) == [1]


def test_values_within_values_are_searched(tmp_path: Path):
    assert ask(tmp_path, "hello", {"messages": [{"role": "user", "content": "Hello"}]}, {"messages": []}) == [0]
    assert ask(tmp_path, "12", {"score": 12}, {"score": 1}) == [0]


def test_a_field_is_searched_alone(tmp_path: Path):
    rows = [{"instruction": "fast", "output": "slow"}, {"instruction": "slow", "output": "fast"}]
    assert ask(tmp_path, "output:fast", *rows) == [1]
    assert ask(tmp_path, "answer:fast", *rows) == [1]
    assert ask(tmp_path, "!output:fast", *rows) == [0]


def test_a_row_that_cannot_be_read_is_searched_as_it_is(tmp_path: Path):
    store = store_of(tmp_path, '{"output": "good"}', "{nonsense")
    assert found(store, parse("nonsense", FIELDS)) == [1]
    assert found(store, parse("output:nonsense", FIELDS)) == []
    assert found(store, parse("!good", FIELDS)) == [1]


def test_numbers_labels_and_words_together(tmp_path: Path):
    rows = [{"output": "one two three"}, {"output": "one two keep"}, {"output": "one"}, {"output": "measured keep one"}]
    assert ask(tmp_path, "one tokens>2", *rows) == [0, 1, 3]
    assert ask(tmp_path, "flag:dup", *rows) == [1, 3]
    assert ask(tmp_path, "!flag:", *rows) == [0, 2]
    assert ask(tmp_path, "tag:keep flag:duplicate loss>1", *rows) == [3]
    assert ask(tmp_path, "row>=3 row<4", *rows) == [2]
    assert ask(tmp_path, r"~^one$", *rows) == [2]


def test_numbers_in_a_field(tmp_path: Path):
    assert ask(tmp_path, "score>0.5", {"score": 0.6}, {"score": "0.7"}, {"score": "high"}, {"score": 0.1}, {}) == [0, 1]


def test_edits_are_searched(tmp_path: Path):
    store = store_of(tmp_path, '{"output": "old"}', '{"output": "old"}')
    store.set_field(1, "output", "new")
    store.append({"output": "new too"})
    assert found(store, parse("new", FIELDS)) == [1, 2]
    assert found(store, parse("old", FIELDS)) == [0]


def test_an_array_and_a_deep_row(tmp_path: Path):
    deep = "[" * 900 + '"deep"' + "]" * 900
    store = store_of(tmp_path, json.dumps([{"a": "x y", "b": "z"}, {"x": 1}], indent=2), name="rows.json")
    assert found(store, parse("x", FIELDS)) == [0]
    store = store_of(tmp_path, '{"a": ' + deep + "}")
    assert found(store, parse("a:deep", ("a",))) == [0]


LETTERS = st.text(alphabet=st.sampled_from('aAbnu0eEéÉß/\\"\n, :{}[]KkKIİıΣςσ😀'), max_size=5)
VALUES = st.recursive(
    LETTERS | st.integers(0, 120) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LETTERS, inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(("output", "a", "null")), VALUES, max_size=3), min_size=1, max_size=4),
    st.text(alphabet=st.sampled_from('aAbnu0eEéÉß/\\", :😀k'), min_size=1, max_size=3).map(str.strip).filter(bool),
    st.booleans(),
    st.sampled_from(["lines", "array", "indented"]),
)
@example([{"output": "\n"}], "n", True, "lines")
@example([{"output": "É"}], "00", True, "lines")
@example([{"output": "É"}], "c9", True, "lines")
@example([{"output": None}], "nu", True, "lines")
@example([{"output": [False, ":"]}], "A", True, "lines")
@example([{"output": [12, " :"]}], "12", True, "indented")
def test_nothing_is_missed_and_nothing_too_much(
    rows: list[dict[str, Any]], words: str, ascii_only: bool, container: str
):
    if container == "lines":
        lines, name = [json.dumps(row, ensure_ascii=ascii_only) for row in rows], "rows.jsonl"
    else:
        indent = 2 if container == "indented" else None
        lines, name = [json.dumps(rows, ensure_ascii=ascii_only, indent=indent)], "rows.json"
    query = Query((Text(words),))
    pattern = re.compile(re.escape(words), re.IGNORECASE)
    with TemporaryDirectory() as folder:
        store = store_of(Path(folder), *lines, name=name)
        wanted = [n for n, row in enumerate(rows) if any(pattern.search(text) for text in texts(row))]
        assert found(store, query) == wanted


@pytest.mark.parametrize("raw", [r'{"output": "\u0061\u0062c"}', r'{"output": "a\/b abc"}'])
def test_needless_escapes(tmp_path: Path, raw: str):
    assert found(store_of(tmp_path, raw), parse("abc", FIELDS)) == [0]
    assert found(store_of(tmp_path, r'{"output": "a\/b"}'), parse("a/b", FIELDS)) == [0]
