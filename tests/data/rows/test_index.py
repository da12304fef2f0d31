"""Finding rows, in pieces of any size, against a reading of the whole file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.rows.index import GrowingIndex, Index
from data.rows.line_index import LineIndex
from data.rows.record_index import RecordIndex
from data.rows.source import Memory
from data.rows.value_index import ValueIndex


class Growing(Memory):
    """Bytes that come while they are looked at."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.size, self.whole = 0, not content
        self.extend(3)

    def extend(self, budget: int) -> None:
        self.size = min(self.size + budget, len(self._content))
        self.whole = self.size == len(self._content)

    def read(self, start: int, end: int) -> bytes:
        return self._content[start : min(end, self.size)]

    def seen(self, position: int) -> float:
        return position / len(self._content)


def rows(content: bytes, make: Callable[[Memory], Index], chunk: int) -> list[bytes]:
    """The rows found when no more than `chunk` bytes are looked at in one piece."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GrowingIndex, "chunk", chunk)
        found = [_rows(content, make(memory), chunk) for memory in (Memory(content), Growing(content))]
    assert found[0] == found[1]
    return found[0]


def _rows(content: bytes, index: Index, chunk: int) -> list[bytes]:
    known, seen = 0, 0.0
    while (now := index.advance(chunk)) < 1:
        assert len(index) >= known
        assert now >= seen
        known, seen = len(index), now
        for row in range(known):
            assert index.text(row) == content[index.start(row) : index.end(row)]
        assert list(index.texts(0, known)) == [index.text(row) for row in range(known)]
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
    found = rows(bom + content, LineIndex, chunk)
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
    found = rows(content, array_at(content), chunk)
    assert [json.loads(text) for text in found] == elements


@settings(deadline=None)
@given(st.lists(NESTED, max_size=5), st.integers(2, 9))
def test_values_after_each_other(elements: list[object], chunk: int) -> None:
    content = "\n".join(json.dumps(each, indent=1) for each in elements).encode()
    found = rows(content, values, chunk)
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
def test_bad_elements_spoil_no_others(content: bytes, expected: list[bytes]) -> None:
    for chunk in (2, 3, 1000):
        assert rows(content, array_at(content), chunk) == expected


def records(delimiter: bytes) -> Callable[[Memory], RecordIndex]:
    return lambda memory: RecordIndex(memory, delimiter, 0)


def split_into_records(content: bytes, delimiter: int) -> list[bytes]:
    """The records of a CSV file, byte by byte."""
    found, start, field, quoted = [], 0, 0, False
    for here, byte in enumerate(content):
        if byte == ord('"') and (quoted or here == field):
            quoted = not quoted
            field = here + 1 if quoted or content[here + 1 : here + 2] == b'"' else -1
        elif not quoted and byte == delimiter:
            field = here + 1
        elif not quoted and byte == ord("\n"):
            found.append(content[start:here].removesuffix(b"\r"))
            start = field = here + 1
    return [record for record in [*found, content[start:]] if record]


CSV_BITS = st.lists(st.sampled_from([b",", b";", b'"', b'""', b"\n", b"\r\n", b"x", b" ", b"\r", b"\xc3\xa9"])).map(
    b"".join
)


@settings(deadline=None)
@given(CSV_BITS, st.sampled_from([b",", b";"]), st.integers(2, 9))
def test_records(content: bytes, delimiter: bytes, chunk: int) -> None:
    assert rows(content, records(delimiter), chunk) == split_into_records(content, delimiter[0])


VALUES = st.lists(st.lists(st.text('a",;\n é', max_size=4), min_size=2, max_size=3), max_size=5)


@settings(deadline=None)
@given(VALUES, st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), st.sampled_from(["\n", "\r\n"]), st.integers(2, 9))
def test_records_that_the_csv_module_wrote(lines: list[list[str]], quoting: int, end: str, chunk: int) -> None:
    file = io.StringIO()
    csv.writer(file, quoting=quoting, lineterminator=end).writerows(lines)  # pyright: ignore[reportArgumentType]
    found = rows(file.getvalue().encode(), records(b","), chunk)
    assert [next(csv.reader([text.decode()])) for text in found] == lines
