"""Rows of files that are no JSONL: edited, added and saved with the same keys."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.tui.dataset.stage import press, staged, type_text


@pytest.mark.parametrize(
    ("name", "content", "saved"),
    [
        ("a.csv", b"instruction,note,output\nWhat?,,That.\n", b"instruction,note,output\nWhat?Z,,That.\nQ,,\n"),
        ("a.tsv", b"prompt\tcompletion\nWhat?\tThat.\n", b"prompt\tcompletion\nWhat?Z\tThat.\nQ\t\n"),
        ("a.txt", b"One.\n\nTwo.", b"One.Z\n\nQ\nTwo."),
        ("a.csv.gz", b'"x","y"\n"1","2"\n', b'"x","y"\n"1Z","2"\n"Q",""\n'),
    ],
)
async def test_rows_are_edited_and_added(tmp_path: Path, name: str, content: bytes, saved: bytes):
    path = tmp_path / name
    packed = name.endswith(".gz")
    path.write_bytes(gzip.compress(content) if packed else content)
    async with staged(path) as (stage, pilot):
        await press(pilot, "e")
        await type_text(pilot, "Z")
        await press(pilot, "ctrl+s", "a")
        await type_text(pilot, "Q")
        await press(pilot, "ctrl+s", "w")
        assert stage.said[-1] == f"{name} saved"
    assert (gzip.decompress(path.read_bytes()) if packed else path.read_bytes()) == saved


async def test_a_row_is_added_to_a_parquet_file(tmp_path: Path):
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"instruction": ["q"], "output": ["a"], "n": [1]}), path)
    async with staged(path) as (stage, pilot):
        await press(pilot, "a")
        await type_text(pilot, "Q")
        await press(pilot, "ctrl+s", "w")
        print(stage.said, stage.text)
    assert pq.read_table(path).to_pylist() == [
        {"instruction": "q", "output": "a", "n": 1},
        {"instruction": "Q", "output": "", "n": None},
    ]
