"""gzip and zstd: unpacked while they are looked at, packed again when saved, and never half saved when damaged."""

from __future__ import annotations

import gzip
import json
import os
import resource
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from data.errors import BurnishError, InputError
from data.store import ChangedOnDisk, RowStore
from tests.data.zstd_files import packed_zstd, unpacked_zstd

LINES = b'{"a": 1, "t": "one"}\n\n{"a": 2}\r\n{"a": 3}'
Pack = Callable[[bytes], bytes]
PACKED = [("gz", gzip.compress, gzip.decompress), ("zst", packed_zstd, unpacked_zstd)]
MANY = b"".join(json.dumps({"n": n, "t": str(n * n * 77777 % 1009)}).encode() + b"\n" for n in range(60_000))


def opened(folder: Path, content: bytes, name: str) -> RowStore:
    path = folder / name
    path.write_bytes(content)
    store = RowStore.open(path, journals=folder / "journals")
    store.index_all()
    return store


@pytest.mark.parametrize(("suffix", "pack", "unpack"), PACKED)
def test_packed_files_are_edited_as_what_is_in_them(tmp_path: Path, suffix: str, pack: Pack, unpack: Pack) -> None:
    for name, content, kind, row in (
        ("a.jsonl", LINES, "JSONL", {"a": 1, "t": "one"}),
        ("a.json", b'[\n {"a": 1}\n]', "JSON array", {"a": 1}),
        ("a.csv", b"a,b\n1,2\n", "CSV", {"a": "1", "b": "2"}),
        ("a.tsv", b"a\n1\n", "TSV", {"a": "1"}),
        ("a.txt", b"one\ntwo\n", "text", {"text": "one"}),
    ):
        store = opened(tmp_path, pack(content), f"{name}.{suffix}")
        store.path.chmod(0o640)
        assert store.format_name == f"{kind} · {'gzip' if suffix == 'gz' else 'zstd'}"
        assert store.row(0).values == row
        assert store.problem is None
        assert store.fields == {"CSV": ("a", "b"), "TSV": ("a",), "text": ("text",)}.get(kind)
        field = next(iter(row))
        store.set_field(0, field, "new")
        assert unpack(store.path.read_bytes()) == content
        store.save()
        changed = unpack(store.path.read_bytes())
        assert b"new" in changed
        assert store.path.stat().st_mode & 0o777 == 0o640
        assert not store.changed_on_disk()
        store.undo()
        store.save()
        assert unpack(store.path.read_bytes()) == content
        assert {each.name for each in tmp_path.iterdir()} == {"journals", store.path.name}
        store.path.unlink()
        store.close()


@pytest.mark.parametrize(("suffix", "pack", "unpack"), PACKED)
def test_members_and_frames_follow_each_other(tmp_path: Path, suffix: str, pack: Pack, unpack: Pack) -> None:
    half = len(LINES) // 2
    store = opened(tmp_path, pack(b"") + pack(LINES[:half]) + pack(LINES[half:]), f"a.jsonl.{suffix}")
    assert [row.values for row in store.snapshot().rows()] == [{"a": 1, "t": "one"}, {"a": 2}, {"a": 3}]
    store.delete(2)
    store.save()
    assert unpack(store.path.read_bytes()) == LINES.removesuffix(b'\r\n{"a": 3}')


def test_the_content_counts_not_the_name(tmp_path: Path) -> None:
    assert opened(tmp_path, gzip.compress(LINES), "a.jsonl").format_name == "JSONL · gzip"
    assert opened(tmp_path, LINES, "a.jsonl.gz").format_name == "JSONL"
    assert opened(tmp_path, gzip.compress(b"") + b"\0" * 40, "b.jsonl.gz").evidence == "the file has no rows"
    with pytest.raises(InputError, match="is no JSON"):
        opened(tmp_path, gzip.compress(gzip.compress(LINES)), "a.jsonl.gz.gz")


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.zst", "a.parquet"])
def test_an_empty_file_is_no_packed_one(tmp_path: Path, name: str) -> None:
    """Rows added to it would make it a file of another kind than its name says."""
    with pytest.raises(InputError, match="is empty, so it is no"):
        opened(tmp_path, b"", name)


@pytest.mark.parametrize(("effort", "header"), [(1, 4), (6, 0), (9, 2)])
def test_gzip_keeps_its_effort_and_no_time(tmp_path: Path, effort: int, header: int) -> None:
    store = opened(tmp_path, gzip.compress(MANY, effort), "a.jsonl.gz")
    store.set_field(0, "n", -1)
    store.save()
    packed = store.path.read_bytes()
    assert (packed[3:8], packed[8]) == (b"\0" * 5, header)
    packer = zlib.compressobj(effort, wbits=31)
    assert len(packed) == pytest.approx(len(packer.compress(MANY) + packer.flush()), rel=0.05)


@pytest.mark.parametrize("checksum", [b"\x00", b"\x04"])
def test_zstd_keeps_its_checksum(tmp_path: Path, checksum: bytes) -> None:
    from data.rows.compression import _zstd

    zstd = _zstd()
    content = zstd.compress(LINES, options={zstd.CompressionParameter.checksum_flag: int(checksum != b"\0")})
    store = opened(tmp_path, content, "a.jsonl.zst")
    store.set_field(0, "a", 7)
    store.save()
    assert store.path.read_bytes()[4] & 4 == checksum[0]


@pytest.mark.parametrize(("suffix", "pack", "unpack"), PACKED)
@pytest.mark.parametrize("harm", ["cut", "spoilt"])
def test_a_damaged_file_shows_what_there_is_and_is_not_saved(
    tmp_path: Path, suffix: str, pack: Pack, unpack: Pack, harm: str
) -> None:  # fmt: skip
    whole = pack(MANY)
    middle = len(whole) // 2
    content = whole[:middle] + (b"" if harm == "cut" else b"\xff" * 64 + whole[middle + 64 :])
    store = opened(tmp_path, content, f"a.jsonl.{suffix}")
    assert store.row(5).values == {"n": 5, "t": str(25 * 77777 % 1009)}
    assert 1000 < len(store) <= 60_000
    assert f"; a.jsonl.{suffix} is {'cut off' if harm == 'cut' else 'damaged'}" in store.evidence
    assert store.problem
    assert store.problem.endswith(".")
    store.set_field(0, "n", -1)
    with pytest.raises(BurnishError, match="saving would lose the rows that are missing"):
        store.save()
    assert store.path.read_bytes() == content
    assert store.unsaved == 1


@pytest.mark.parametrize(("suffix", "pack", "unpack"), PACKED)
def test_first_rows_come_before_all_is_unpacked(tmp_path: Path, suffix: str, pack: Pack, unpack: Pack) -> None:
    path = tmp_path / f"a.jsonl.{suffix}"
    path.write_bytes(pack(MANY * 4))
    store = RowStore.open(path)
    assert store.row(0).values == {"n": 0, "t": "0"}
    assert 0 < len(store) < 60_000
    assert not store.indexed
    seen = [store.index_some(1 << 20) for _ in range(3)]
    assert seen == sorted(seen)
    assert seen[-1] < 1
    store.append({"n": "last"})
    assert len(store) == 240_001
    store.save()
    assert unpack(path.read_bytes()) == MANY * 4 + b'{"n": "last"}\n'


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Files can be no larger than this many bytes, as on a disk that is nearly full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(("suffix", "pack", "unpack"), PACKED)
def test_a_file_that_unpacks_to_more_than_fits(tmp_path: Path, suffix: str, pack: Pack, unpack: Pack) -> None:
    path = tmp_path / f"bomb.jsonl.{suffix}"
    path.write_bytes(pack(LINES + b" " * (64 << 20)))
    with room_for(1 << 20):
        store = RowStore.open(path)
        store.index_all()
    assert "is full; free some space there, or set TMPDIR" in store.evidence
    assert store.row(0).values == {"a": 1, "t": "one"}
    store.set_field(0, "a", 2)
    with pytest.raises(BurnishError, match="saving would lose"):
        store.save()


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    content = gzip.compress(os.urandom(400_000).hex().encode() + b"\n" + LINES)
    store = opened(tmp_path, content, "a.txt.gz")
    store.set_field(1, "text", "new")
    with room_for(100_000), pytest.raises(BurnishError, match="the file is as it was"):
        store.save()
    assert store.path.read_bytes() == content
    store.save()
    assert b"\nnew\n" in gzip.decompress(store.path.read_bytes())


def test_somebody_elses_change_is_never_overwritten(tmp_path: Path) -> None:
    store = opened(tmp_path, gzip.compress(LINES, mtime=0), "a.jsonl.gz")
    store.set_field(0, "a", 7)
    os.utime(store.path, (1, 1))
    assert not store.changed_on_disk()
    store.path.write_bytes(gzip.compress(LINES + b'\n{"a": 4}\n', mtime=0))
    assert store.changed_on_disk()
    with pytest.raises(ChangedOnDisk):
        store.save()
    assert [(each.number, each.disk_number) for each in store.difference()] == [(1, 1), (None, 4)]
    store.save(overwrite=True)
    assert gzip.decompress(store.path.read_bytes()) == LINES.replace(b": 1", b": 7", 1)
    store.path.write_bytes(gzip.compress(LINES))
    store.reload()
    store.index_all()
    assert store.row(0).values == {"a": 1, "t": "one"}


def test_edits_come_back_after_a_crash(tmp_path: Path) -> None:
    store = opened(tmp_path, gzip.compress(LINES), "a.jsonl.gz")
    store.set_field(1, "a", 9)
    store.close()
    again = RowStore.open(store.path, journals=tmp_path / "journals")
    (pending,) = again.pending()
    assert pending.fits
    assert again.recover(pending) == 1
    assert again.row(1).values == {"a": 9}
