"""A session is killed at any moment: no edit that it reported as done is lost, the file is the old or the new one."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import random
import select
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from data.store import RowStore

Rows = list[dict[str, Any]]


class Sequence:
    """Numbered operations, the same whoever does them, and what the rows are after each."""

    def __init__(self, rows: Rows, count: int) -> None:
        self.states = [rows]
        self.kinds: list[str] = []
        self.places: list[int] = []
        for k in range(count):
            chance = random.Random(k)
            rows = list(rows)
            place = chance.randrange(len(rows))
            kind = chance.choice(["set", "set", "insert", "delete", "duplicate", "move", "undo", "save"])
            match kind:
                case "set":
                    rows[place] = rows[place] | {"n": -k}
                case "insert":
                    rows.insert(place, {"new": k})
                case "duplicate":
                    rows.insert(place + 1, rows[place])
                case "delete":
                    del rows[place]
                case "move":
                    rows.insert(len(rows) // 2, rows.pop(place))
            self.states.append(rows)
            self.kinds.append(kind)
            self.places.append(place)

    def do(self, store: RowStore, k: int) -> None:
        """Operation k in the store."""
        place = self.places[k]
        match self.kinds[k]:
            case "set":
                store.set_field(place, "n", -k)
            case "insert":
                store.insert(place, {"new": k})
            case "duplicate":
                store.duplicate(place)
            case "delete":
                store.delete(place)
            case "move":
                store.move(place, len(store) // 2)
            case "undo":
                store.set_field(place, "undone", k)
                store.undo()
            case "save":
                store.save()

    def possible(self, done: int) -> list[Rows]:
        """What the rows can be when `done` operations were reported and the next one was perhaps under way."""
        before = self.states[done]
        if done == len(self.kinds):
            return [before]
        if self.kinds[done] == "undo":
            place = self.places[done]
            return [before, [*before[:place], before[place] | {"undone": done}, *before[place + 1 :]]]
        return [before, self.states[done + 1]]

    def saved(self, done: int) -> list[Rows]:
        """What the file can hold then."""
        last = max((k + 1 for k in range(done) if self.kinds[k] == "save"), default=0)
        return [self.states[last]] + self.possible(done) * (self.kinds[done : done + 1] == ["save"])


def session(path: Path, sequence: Sequence, first: int, reports: int, before_first: Callable[[], None]) -> None:
    """Bring back what an earlier session left, then go on; each operation done is one byte into the pipe."""
    store = RowStore.open(path, journals=path.parent / "journals")
    store.index_all()
    for pending in store.pending():
        store.recover(pending)
    before_first()
    for k in range(first, len(sequence.kinds)):
        sequence.do(store, k)
        os.writev(reports, [b"."])
    store.close()


def fork(work: Callable[[int], None]) -> tuple[int, int]:
    """A child process doing `work`; its id and the pipe that it reports to."""
    reports, end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work(end)
        finally:
            os._exit(0)
    os.close(end)
    return child, reports


def check(path: Path, sequence: Sequence, done: int) -> int:
    """What a new session finds; how many operations are in it."""
    assert read(path) in sequence.saved(done)
    store = RowStore.open(path, journals=path.parent / "journals")
    store.index_all()
    for pending in store.pending():
        assert pending.fits
        store.recover(pending)
    rows = [store.row(index).values for index in range(len(store))]
    states = sequence.possible(done)
    assert rows in states
    if rows != sequence.states[done]:
        if sequence.kinds[done] == "undo":
            store.undo()
        else:
            done += 1
    store.close()
    return done


def read(path: Path) -> Rows:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    return [json.loads(line) for line in content.splitlines()]


def reported(reports: int) -> int:
    """Operations reported through the pipe until its writer is gone."""
    count = 0
    while got := os.read(reports, 1000):
        count += len(got)
    os.close(reports)
    return count


@pytest.mark.parametrize(("name", "kills"), [("rows.jsonl", 150), ("rows.jsonl.gz", 50)])
def test_killed_at_random_moments(tmp_path: Path, name: str, kills: int) -> None:
    path, chance = tmp_path / name, random.Random(3)
    sequence = Sequence([{"n": n, "text": "x" * 4000} for n in range(250)], 3000)
    content = b"".join(json.dumps(row).encode() + b"\n" for row in sequence.states[0])
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    done = 0
    for _ in range(kills):
        child, reports = fork(lambda end, first=done: session(path, sequence, first, end, lambda: None))
        seen = 0
        for _ in range(chance.randrange(8)):
            seen += len(os.read(reports, 1))
        select.select([], [], [], chance.random() * 0.02)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        done = check(path, sequence, done + seen + reported(reports))
    assert kills < done < len(sequence.kinds)


CALLS = ["write", "fsync", "ftruncate", "copy_file_range", "open", "fchmod", "replace", "unlink", "close"]


def die_at(call: int) -> Callable[[], None]:
    """Make this process kill itself in its `call`th system call that matters to the disk; a write is then half done."""

    def arm() -> None:
        left = call

        def wrap(name: str) -> None:
            real = getattr(os, name)

            def wrapped(*arguments: Any, **named: Any) -> Any:
                nonlocal left
                left -= 1
                if not left:
                    if name == "write":
                        real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                    die()
                return real(*arguments, **named)

            setattr(os, name, wrapped)

        for name in CALLS:
            wrap(name)

    return arm


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


@pytest.fixture
def in_memory(tmp_path: Path) -> Iterator[Path]:
    """A folder without a disk behind it, where there is one: thousands of fsyncs take minutes on a disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        yield Path(folder)


@pytest.mark.parametrize("held", [True, False])
def test_killed_in_every_system_call(in_memory: Path, held: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not held:
        monkeypatch.setattr("data.rows.source.HELD_BYTES", 0)
        monkeypatch.setattr("data.rows.saving._SMALL", 0)
    sequence = Sequence([{"n": n, "text": "x" * 10} for n in range(12)], 24)
    assert set(sequence.kinds) == {"set", "insert", "delete", "duplicate", "move", "undo", "save"}
    done = 0
    for call in itertools.count(1):
        folder = in_memory / str(call)
        folder.mkdir()
        path = folder / "rows.jsonl"
        path.write_bytes(b"".join(json.dumps(row).encode() + b"\n" for row in sequence.states[0]))
        arm = die_at(call)
        child, reports = fork(lambda end, path=path, arm=arm: session(path, sequence, 0, end, arm))
        done = reported(reports)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in (0, -signal.SIGKILL)
        check(path, sequence, done)
        if status == 0:
            assert call > 50
            break
    assert done == len(sequence.kinds)
