"""Rows as long stretches: the same rows as one by one, wherever they were edited."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.rows.text import RowError
from data.store import RowStore

LINES = b"\xef\xbb\xbf" + b"\r\n \n".join(b'{"n": %d}' % n for n in range(50))
ARRAY = json.dumps([{"n": n, "text": "x" * n} for n in range(50)], indent=1).encode()


@pytest.mark.parametrize(("name", "content"), [("a.jsonl", LINES), ("a.json", ARRAY)])
@pytest.mark.parametrize("chunk", [10, 1 << 20])
def test_pieces_hold_every_row_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, chunk: int
) -> None:
    monkeypatch.setattr("data.rows.index.GrowingIndex.chunk", chunk)
    path = tmp_path / name
    path.write_bytes(content)
    store = RowStore.open(path)
    store.index_all()
    store.set_field(7, "n", "edited")
    store.insert(20, {"new": 1})
    store.insert(20, {"new": 2})
    store.move(30, 3)
    store.delete(0)
    snapshot = store.snapshot()
    texts = list(snapshot.texts())
    seen = []
    for piece in snapshot.pieces():
        assert piece.first == len(seen)
        assert len(piece.starts) == len(piece)
        for index, start in enumerate(piece.starts, piece.first):
            begin, end = piece.bounds(index)
            assert begin == start
            assert {piece.row_at(place) for place in range(begin, end)} == {index}
            seen.append(piece.text[begin:end])
    assert seen == texts
    assert [snapshot.text(index) for index in range(len(snapshot))] == texts
    for index in (-1, len(texts)):
        with pytest.raises(IndexError):
            snapshot.text(index)
    assert len(list(snapshot.pieces())) < len(texts) or chunk == 10


def test_a_snapshot_reads_the_bytes_of_a_row(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": 1}\ntorn\n')
    snapshot = RowStore.open(path).snapshot()
    good, bad = snapshot.texts()
    assert snapshot.json
    assert snapshot.read(good) == {"a": 1}
    with pytest.raises(RowError, match="is not JSON"):
        snapshot.read(bad)
