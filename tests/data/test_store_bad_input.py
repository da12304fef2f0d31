"""Files that no program should have written: all of them are shown, stay editable as text, and lose nothing."""

from __future__ import annotations

import gzip
import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from data.errors import BurnishError
from data.rows.source import SourceError
from data.store import RowStore

GOOD = {
    "jsonl": [b'{"text": "one"}', b'{"text": "two"}'],
    "csv": [b"text,label\n1,2", b"3,4"],
    "tsv": [b"text\tlabel\n1\t2", b"3\t4"],
    "txt": [b"one", b"two"],
}


def opened(folder: Path, content: bytes, name: str) -> RowStore:
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    store = RowStore.open(path, journals=folder / "journals")
    store.index_all()
    return store


def content_of(store: RowStore) -> bytes:
    content = store.path.read_bytes()
    return gzip.decompress(content) if store.path.suffix == ".gz" else content


def last(store: RowStore) -> int:
    return len(store) - 1


BAD_ENDS = {
    "torn": {"jsonl": b'{"text": "thr', "csv": b'5,"si', "tsv": b"5", "txt": b"caf\xc3"},
    "NUL": dict.fromkeys(GOOD, b"\0" * 4096),
    "not UTF-8": {"jsonl": b'{"text": "caf\xe9"}', "csv": b"caf\xe9,6", "tsv": b"caf\xe9\t6", "txt": b"caf\xe9"},
}


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("end", BAD_ENDS)
def test_a_bad_end_is_a_bad_row(tmp_path: Path, kind: str, end: str, packed: str) -> None:
    bad = BAD_ENDS[end][kind]
    content = b"\n".join([*GOOD[kind], bad])
    store = opened(tmp_path, content, f"a.{kind}{packed}")
    assert len(store) == 3
    row = store.row(2)
    assert row.values is None
    assert row.raw.encode("utf-8", "surrogateescape") == bad
    assert row.error
    assert row.error.startswith("Row 3 ")
    with pytest.raises(BurnishError, match="edit it as text"):
        store.set_field(2, "text", "x")
    store.set_field(0, "text", "changed")
    store.save()
    assert content_of(store).endswith(bad)
    assert content_of(store) == content.replace(b"1" if kind.endswith("sv") else b"one", b"changed", 1)
    store.delete(2)
    store.save()
    assert bad not in content_of(store)
    while store.undo():
        pass
    store.save()
    assert content_of(store) == content


@pytest.mark.parametrize(
    ("name", "before", "after", "mebibytes"),
    [
        ("a.jsonl", b'{"text": "', b'"}', 200),
        ("a.json", b'[{"text": "', b'"}]', 20),
        ("a.csv", b'text,label\n"', b'",2', 200),
        ("a.txt", b"", b"", 20),
    ],
)
def test_a_very_long_line(tmp_path: Path, name: str, before: bytes, after: bytes, mebibytes: int) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(before)
        for _ in range(mebibytes):
            file.write(b"x" * (1 << 20))
        file.write(after + b"\n")
    size = path.stat().st_size
    store = RowStore.open(path, journals=tmp_path / "journals")
    store.index_all()
    assert len(store) == 1
    row = store.row(0)
    assert row.shortened
    assert len(row.raw) < 100_000
    assert row.error == f"Row 1 is {mebibytes} MiB long, which is too long to be read as fields here."
    store.append({"text": "short"})
    store.duplicate(1)
    store.save()
    added = path.stat().st_size - size
    assert 0 < added < 100
    store.set_raw(0, {"a.csv": "short,2", "a.txt": "short"}.get(name, '{"text": "short"}'))
    store.save()
    assert path.stat().st_size < 200
    assert store.row(0).values is not None
    store.close()


def test_rows_that_are_nested_deeply_are_text(tmp_path: Path) -> None:
    """A reader may walk through the values of a row by recursion, however deep Python's own reader goes."""
    for depth, readable in ((150, True), (250, False), (5_000, False), (200_000, False)):
        deep = b'{"a": ' + b"[" * depth + b"1" + b"]" * depth + b"}"
        store = opened(tmp_path, b'{"a": 1}\n' + deep + b"\n", "a.jsonl")
        row = store.row(1)
        assert (row.values is not None) == readable
        if not readable:
            assert row.error == "Row 2 is nested too deeply to be read."
        else:
            inner: Any = 2
            for _ in range(depth):
                inner = [inner]
            store.set_field(1, "a", inner)
            assert store.row(1).raw.encode() == deep.replace(b"1", b"2")
        store.close(keep_edits=False)


def test_brackets_inside_strings_are_no_nesting(tmp_path: Path) -> None:
    store = opened(tmp_path, json.dumps({"a": "[" * 5_000}).encode(), "a.jsonl")
    assert store.row(0).values == {"a": "[" * 5_000}


HOSTILE = "[red]x[/red] [@click=app.quit]x[/] \x1b[2J\x1b]0;x\x07 \u202eabc\u200b \x9b31m"


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.tsv", "a.txt", "a.jsonl.gz", "a.csv.gz"])
def test_markup_and_escapes_are_text(tmp_path: Path, name: str) -> None:
    content = {"json": b"[]", "jsonl": b"", "csv": b"text,label\n", "tsv": b"text\tlabel\n", "txt": b""}
    store = opened(tmp_path, content[name.split(".")[1]], name)
    store.append({"text": HOSTILE})
    store.save()
    store.reload()
    store.index_all()
    values = store.row(0).values
    assert values
    assert values["text"] == HOSTILE


@pytest.mark.parametrize(
    ("name", "content", "kinds"),
    [
        ("a.json", b"[1, 2, [3], null, \"x\"]", ["a number", "a number", "a list", "null", "a string"]),
        ("a.jsonl", b"1\n[2]\nnull\n\"x\"\ntrue\n", ["a number", "a list", "null", "a string", "true or false"]),
    ],
)  # fmt: skip
def test_values_that_are_no_objects(tmp_path: Path, name: str, content: bytes, kinds: list[str]) -> None:
    store = opened(tmp_path, content, name)
    errors = [store.row(index).error for index in range(len(store))]
    assert errors == [
        f"Row {number} is {kind}, not a JSON object with fields." for number, kind in enumerate(kinds, start=1)
    ]
    store.set_raw(0, '{"a": 1}')
    store.save()
    assert store.path.read_bytes() == content.replace(b"1", b'{"a": 1}', 1)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Files can be no larger than this many bytes, as on a disk that is nearly full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("kind", GOOD)
def test_a_full_disk_and_a_read_only_file_lose_nothing(tmp_path: Path, kind: str, packed: str) -> None:
    filler = os.urandom(100_000).hex().encode()
    line = {"jsonl": b'{"text": "%s"}', "csv": b"%s,2", "tsv": b"%s\t2", "txt": b"%s"}[kind] % filler
    content = b"\n".join([*GOOD[kind], line, b""])
    store = opened(tmp_path, content, f"a.{kind}{packed}")
    store.set_field(0, "text", "changed")
    packed_content = store.path.read_bytes()
    with room_for(50_000), pytest.raises(BurnishError, match="the file is as it was"):
        store.save()
    with room_for(10), pytest.raises(BurnishError, match="could not be kept in the journal"):
        store.set_field(1, "text", "more")
    store.path.chmod(0o444)
    with pytest.raises(BurnishError, match="it is read-only; make it writable"):
        store.save()
    assert store.path.read_bytes() == packed_content
    assert store.unsaved == 1
    assert {each.name for each in tmp_path.iterdir()} == {"journals", store.path.name}
    store.close()
    again = RowStore.open(store.path, journals=tmp_path / "journals")
    (pending,) = again.pending()
    again.recover(pending)
    again.path.chmod(0o644)
    again.save()
    assert b"changed" in content_of(again)


@pytest.mark.parametrize("kind", GOOD)
def test_a_file_that_shrinks_while_it_is_open(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.rows.source.HELD_BYTES", 0)
    content = b"\n".join([*GOOD[kind], *GOOD[kind][1:] * 2000, b""])
    store = opened(tmp_path, content, f"a.{kind}")
    store.set_field(0, "text", "changed")
    os.truncate(store.path, 100)
    row = store.row(last(store))
    assert row.values is None
    assert row.error
    assert "was made shorter on disk by another program" in row.error
    with pytest.raises(SourceError):
        list(store.snapshot().texts())
    with pytest.raises(BurnishError):
        store.save()
    with pytest.raises(BurnishError):
        store.save(overwrite=True)
    assert store.path.read_bytes() == content[:100]
    values = store.row(0).values
    assert values
    assert values["text"] == "changed"
    store.reload()
    store.index_all()
    assert store.row(0).values is not None


def test_a_packed_file_that_shrinks_while_it_is_open(tmp_path: Path) -> None:
    content = b'{"text": "one"}\n' * 2000
    store = opened(tmp_path, content, "a.jsonl.gz")
    store.set_field(0, "text", "changed")
    os.truncate(store.path, 30)
    assert store.changed_on_disk()
    assert store.row(1999).values == {"text": "one"}
    store.save(overwrite=True)
    assert content_of(store) == content.replace(b"one", b"changed", 1)
