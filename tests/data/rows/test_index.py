"""Finding rows, in pieces of any size, against a reading of the whole file."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.rows.index import GrowingIndex, Index
from data.rows.line_index import LineIndex
from data.rows.source import Memory
from data.rows.value_index import ValueIndex


def rows(content: bytes, make: Callable[[Memory], Index], chunk: int, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The rows found when no more than `chunk` bytes are looked at in one piece."""
    memory = Memory(content)
    with monkeypatch.context() as patch:
        patch.setattr(GrowingIndex, "chunk", chunk)
        index = make(memory)
        known = 0
        while index.advance(chunk) < 1:
            assert len(index) >= known
            known = len(index)
            for row in range(known):
                assert index.text(row) == content[index.start(row) : index.end(row)]
        assert index.done
        found = [index.text(row) for row in range(len(index))]
        assert list(index.texts(0, len(index))) == found
    return found


def array_at(content: bytes) -> Callable[[Memory], ValueIndex]:
    return lambda memory: ValueIndex(memory, array_at=content.index(b"["))


def values(memory: Memory) -> ValueIndex:
    return ValueIndex(memory, array_at=None)


BITS = st.lists(st.sampled_from([b"{}", b"\n", b"\r\n", b" ", b"\t", b"x", b"\0", b"\r", b"\x0b", b'{"a": "b"}'])).map(
    b"".join
)


@settings(deadline=None)
@given(st.sampled_from([b"", b"\xef\xbb\xbf"]), BITS, st.integers(2, 9))
def test_lines(bom: bytes, content: bytes, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        found = rows(bom + content, LineIndex, chunk, patch)
    lines = content.split(b"\n")
    ended = [line.removesuffix(b"\r") for line in lines[:-1]] + lines[-1:]
    assert found == [line for line in ended if line.strip()]


NESTED = st.recursive(
    st.text('ab"\\]}{[,é\n', max_size=4) | st.integers() | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('a"]', max_size=2), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.lists(NESTED, max_size=5), st.sampled_from([None, 1, 3]), st.booleans(), st.integers(2, 9))
def test_arrays(elements: list[object], indent: int | None, ascii_only: bool, chunk: int) -> None:
    content = ("\n" + json.dumps(elements, indent=indent, ensure_ascii=ascii_only) + " \n").encode()
    with pytest.MonkeyPatch.context() as patch:
        found = rows(content, array_at(content), chunk, patch)
    assert [json.loads(text) for text in found] == elements


@settings(deadline=None)
@given(st.lists(NESTED, max_size=5), st.integers(2, 9))
def test_values_after_each_other(elements: list[object], chunk: int) -> None:
    content = "\n".join(json.dumps(each, indent=1) for each in elements).encode()
    with pytest.MonkeyPatch.context() as patch:
        found = rows(content, values, chunk, patch)
    assert [json.loads(text) for text in found] == elements


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'[{"a": 1}, {"a": tru}, {"a": 3}]', [b'{"a": 1}', b'{"a": tru}', b'{"a": 3}']),
        (b"[foo, 1 , nan nan\n, {}]", [b"foo", b"1", b"nan nan", b"{}"]),
        (b'[\n{\n"a": "no end,\n"b": 1\n},\n{"a": 2}\n]', [b'{\n"a": "no end,\n"b": 1\n}', b'{"a": 2}']),
        (b'[{"a": 1}, {"a": "tor\\', [b'{"a": 1}', b'{"a": "tor\\']),
        (b'[{"a": 1}, {"a": [1, 2 \n', [b'{"a": 1}', b'{"a": [1, 2']),
        (b'["a]", "b\\"]", "open\n, 1]', [b'"a]"', b'"b\\"]"', b'"open', b"1"]),
        (b"[}, 1]", [b"}", b"1"]),
        (b"[] trailing [1]", []),
        (b"[1", [b"1"]),
        (b"[", []),
        (b'[{"a": 1} {"a": 2}]', [b'{"a": 1}', b'{"a": 2}']),
    ],
)
def test_bad_elements_spoil_no_others(content: bytes, expected: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    for chunk in (2, 3, 1000):
        assert rows(content, array_at(content), chunk, monkeypatch) == expected
