"""A large file stays on the disk: what the store keeps of it is where its rows are."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import re, sys
from pathlib import Path
from data.store import RowStore

def private():
    text = Path("/proc/self/smaps_rollup").read_text()
    return sum(int(found) for found in re.findall(r"^Private_(?:Clean|Dirty): +(\\d+)", text, re.MULTILINE)) << 10

store = RowStore.open(Path(sys.argv[1]))
before = private()
store.index_all()
rows = sum(1 for _ in store.snapshot().texts())
read = sum(len(piece.text) for piece in store.snapshot().pieces())
store.set_field(0, sys.argv[2], "changed")
store.save()
print(rows, read, private() - before)
"""
ROW = b'{"instruction": "%06d", "output": "' + b"some words " * 30 + b'"}\n'
RECORD = b'%06d,"' + b"some words " * 30 + b'"\n'


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="the kernel does not tell private memory")
@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.csv"])
def test_private_memory_stays_small(tmp_path: Path, name: str) -> None:
    row = RECORD if name.endswith(".csv") else ROW
    path, header = tmp_path / name, b"instruction,output\n" * name.endswith(".csv")
    content = header + b"".join(row % number for number in range(120_000))
    assert len(content) > 40_000_000
    path.write_bytes(gzip.compress(content, 1) if name.endswith(".gz") else content)
    done = subprocess.run([sys.executable, "-c", PROGRAM, path, "instruction"], capture_output=True, check=True)
    rows, read, kept = map(int, done.stdout.split())
    assert rows == 120_000
    assert read == pytest.approx(len(content), abs=100)
    assert kept < 20_000_000
