"""Files of other tools: opened, edited, undone and saved, every byte that was not edited stays."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from data.store import RowStore
from tests.data.zstd_files import packed_zstd, unpacked_zstd

ROWS = [
    {"instruction": "Where is 3/4 < 1?", "input": "", "output": 'It "is" ≠ 1.\nSee <b>.'},
    {"instruction": "Zweite", "input": "mit Komma, hier", "output": "ja; \\ nein"},
    {"instruction": "third", "input": "", "output": "😀"},
]


def table(**style: Any) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(ROWS[0]), **style)
    writer.writeheader()
    writer.writerows(ROWS)
    return file.getvalue().encode()


FIXTURES = {
    "plain.jsonl": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode(),
    "windows.jsonl": b"\xef\xbb\xbf" + "\r\n\r\n".join(json.dumps(row) for row in ROWS).encode(),
    "compact.jsonl": "\n".join(json.dumps(row, separators=(",", ":")).replace("/", "\\/") for row in ROWS).encode(),
    "array.json": json.dumps(ROWS, indent=2, ensure_ascii=False).encode() + b"\n",
    "tabs.json": json.dumps(ROWS, indent="\t").encode().replace(b"\n", b"\r\n"),
    "one_line.json": json.dumps(ROWS).encode(),
    "single.json": json.dumps(ROWS[0], indent=4).encode(),
    "excel.csv": b"\xef\xbb\xbf" + table(),
    "unix.csv": table(lineterminator="\n"),
    "all_quoted.csv": table(quoting=csv.QUOTE_ALL),
    "semicolons.csv": table(delimiter=";", lineterminator="\n"),
    "tabs.tsv": table(delimiter="\t", lineterminator="\n").removesuffix(b"\n"),
    "lines.txt": "\n".join(["First line, with a comma", "", "  second\tline ≠ ", "third"]).encode(),
}
PACKINGS = {".gz": (gzip.compress, gzip.decompress), ".zst": (packed_zstd, unpacked_zstd), "": (bytes, bytes)}
SHARED = Path(__file__).parents[3] / "shared" / "samples"
SAMPLES = sorted(path for path in SHARED.rglob("*") if path.suffix in (".jsonl", ".json", ".txt"))


def edited(folder: Path, content: bytes, name: str) -> None:
    """Change the first field that is text of the first, a middle and the last row; undo; change again."""
    suffix = Path(name).suffix
    pack, unpack = PACKINGS.get(suffix, PACKINGS[""])
    path = folder / name
    path.write_bytes(pack(content))
    packed = path.read_bytes()
    store = RowStore.open(path, journals=folder / "journals")
    store.index_all()
    good = [index for index in range(len(store)) if store.row(index).values]
    assert good
    for index in {good[0], good[len(good) // 2], good[-1]}:
        before = store.row(index)
        assert before.values
        field = next(iter(before.values))
        store.set_field(index, field, "another value")
        store.undo()
        store.save()
        assert path.read_bytes() == packed
        store.redo()
        store.save()
        after = store.row(index)
        assert after.values == before.values | {field: "another value"}
        assert unpack(path.read_bytes()) == replaced(content, store, index, before.raw, after.raw)
        store.undo()
        store.save()
        assert unpack(path.read_bytes()) == content
        packed = path.read_bytes()
    store.close()


def replaced(content: bytes, store: RowStore, index: int, before: str, after: str) -> bytes:
    """The content with one row's text in place of another, found by going through the rows before it."""
    start = len(content.partition(b"\n")[0]) if store.format_name[:3] in ("CSV", "TSV") else 0
    for earlier in range(index):
        text = store.row(earlier).raw.encode("utf-8", "surrogateescape")
        start = content.index(text, start) + len(text)
    old = before.encode("utf-8", "surrogateescape")
    start = content.index(old, start)
    return content[:start] + after.encode() + content[start + len(old) :]


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("name", FIXTURES)
def test_only_the_edited_row_changes(tmp_path: Path, name: str, packing: str) -> None:
    edited(tmp_path, FIXTURES[name], name + packing)


@pytest.mark.skipif(not SAMPLES, reason="there are no sample files beside the repository")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: str(path.relative_to(SHARED)))
def test_samples_of_other_tools(tmp_path: Path, path: Path) -> None:
    edited(tmp_path, path.read_bytes(), path.name)
