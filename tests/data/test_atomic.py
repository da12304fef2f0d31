"""Replacing files in one step, and what happens when that fails."""

from __future__ import annotations

import errno
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from data.atomic import not_written, replacing, write_atomically
from data.errors import BurnishError


def test_text_bytes_and_pieces_are_written(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for content, expected in (("é\n", b"\xc3\xa9\n"), (b"\0", b"\0"), ((b"a", b"", b"b"), b"ab"), (b"", b"")):
        write_atomically(path, content)
        assert path.read_bytes() == expected
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_atomically(tmp_path / "new", "x")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_the_old_file_stays_when_the_writer_fails(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")

    def content() -> Iterator[bytes]:
        yield b"new"
        assert path.read_text() == "old"
        raise KeyError

    with pytest.raises(KeyError):
        write_atomically(path, content())
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_stretches_of_another_file_are_copied(tmp_path: Path) -> None:
    path = tmp_path / "a"
    content = os.urandom(100_000)
    (tmp_path / "source").write_bytes(content)
    with (tmp_path / "source").open("rb") as source, replacing(path) as file:
        file.write(b"<")
        file.copy(source.fileno(), 10, 90_000)
        file.copy(source.fileno(), 99_990, 200_000)
        file.write(b">")
    assert path.read_bytes() == b"<" + content[10:90_000] + content[99_990:] + b">"


def test_a_copy_without_the_kernels_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EXDEV, "other disk")

    monkeypatch.setattr(os, "copy_file_range", refuse)
    test_stretches_of_another_file_are_copied(tmp_path)


def test_what_a_killed_writer_left_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    left = [tmp_path / ".a.0badc0de.burnish-tmp", tmp_path / ".a.01234567.burnish-tmp"]
    others = [tmp_path / ".b.0badc0de.burnish-tmp", tmp_path / ".a.txt"]
    for each in (*left, *others):
        each.write_text("left")
        os.utime(each, (1, 1))
    with replacing(path) as file:
        assert not any(each.exists() for each in left)
        os.utime(file.path, (1, 1))
        write_atomically(path, "another writer meanwhile")
        file.write(b"mine")
    assert path.read_text() == "mine"
    assert sorted(tmp_path.iterdir()) == sorted([path, *others])


def test_read_only_files_are_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(BurnishError, match="a was not written: it is read-only; make it writable"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_folders_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    with pytest.raises(BurnishError, match="b was not written: its folder does not exist"):
        write_atomically(tmp_path / "a" / "b", "x")
    with (
        without_rights(tmp_path),
        pytest.raises(BurnishError, match="c was not written: you may not write in its folder"),
    ):
        write_atomically(tmp_path / "c", "x")
    loop = tmp_path / "loop"
    loop.symlink_to("loop")
    with pytest.raises(BurnishError, match="loop was not written: "):
        write_atomically(loop, "x")


@contextmanager
def without_rights(folder: Path) -> Iterator[None]:
    """A folder that this process may read but not write, for root too."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    parents = {each: stat.S_IMODE(each.stat().st_mode) for each in folder.parents if each.stat().st_uid == os.geteuid()}
    root = os.geteuid() == 0
    folder.chmod(0o555)
    if root:
        for each, bits in parents.items():
            each.chmod(bits | 0o111)
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
            for each, bits in parents.items():
                each.chmod(bits)
        folder.chmod(mode)


LIMITED = f"""
import resource, sys
from pathlib import Path
from data.atomic import write_atomically
from data.errors import BurnishError
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, {resource.RLIM_INFINITY}))
try:
    write_atomically(Path(sys.argv[1]), [b"x" * 60_000] * 2)
except BurnishError as error:
    print(error)
"""


def test_a_file_that_grows_too_large_is_not_left_half_written(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    said = subprocess.run([sys.executable, "-c", LIMITED, path], capture_output=True, text=True, check=True)
    assert (
        said.stdout == "a was not written: it would become larger than this account may write; the file is as it was.\n"
    )
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_one_sentence() -> None:
    error = not_written(Path("/x/rows.jsonl"), OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert error.sentence == (
        "rows.jsonl was not written: the disk is full; the file is as it was, so free some space and try again."
    )
