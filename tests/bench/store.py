"""The row store on a JSONL file of 1,000,000 rows and about 300 MB: `python -m tests.bench.store [--rows N]`."""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from data.store import RowStore

Result = TypeVar("Result")

WORDS = [
    "the",
    "clock",
    "of",
    "this",
    "chip",
    "runs",
    "at",
    "150 MHz",
    "and it has",
    "520 KB",
    "of memory with two cores",
]


def main() -> None:
    """Generate the file, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="where the file goes (default: the usual temporary folder)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        path = Path(folder) / "rows.jsonl"
        generate(path, asked.rows)
        megabytes = path.stat().st_size / 1e6
        print(f"{asked.rows:,} rows, {megabytes:,.0f} MB, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
        measure(path)


def generate(path: Path, rows: int) -> None:
    """A file of Alpaca rows, no two alike."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        for start in range(0, rows, 1000):
            answers = [" ".join(chance.choices(WORDS, k=26)) for _ in range(10)]
            for n in range(start, min(start + 1000, rows)):
                row = {"instruction": f"question {n}: {answers[n % 7][:60]}?", "input": "", "output": answers[n % 10]}
                file.write(json.dumps(row) + "\n")


def measure(path: Path) -> None:
    before = private_memory()
    store, opened = timed(lambda: RowStore.open(path, journals=path.parent / "journals"))
    show("open, first 40 rows readable", opened + timed(lambda: [store.row(n) for n in range(40)])[1])
    show("index all rows", timed(store.index_all)[1])
    last = len(store) - 1
    show("last row", timed(lambda: store.row(last))[1])
    places = random.Random(2).sample(range(len(store)), 2000)
    show("a row at a random place (parsed)", each(lambda: (store.row(place) for place in places)))
    show("private memory since before opening", private_memory() - before, "MB", 1e-6)

    fresh = {"instruction": "q", "output": "a"}
    where = iter(places)
    show("set a field, journal synced", each(lambda: (store.set_field(next(where), "output", "x") for _ in range(100))))
    show("insert", each(lambda: (store.insert(next(where), fresh) for _ in range(100))))
    show("delete", each(lambda: (store.delete(next(where)) for _ in range(100))))
    show("move", each(lambda: (store.move(next(where), next(where)) for _ in range(100))))
    show("undo", each(lambda: (store.undo() for _ in range(400))))
    store.save()
    store.close()

    plain = RowStore.open(path)
    plain.index_all()
    show("insert without a journal", each(lambda: (plain.insert(place, fresh) for place in places)))
    show("delete without a journal", each(lambda: (plain.delete(place) for place in places)))
    show("a row after 4,000 edits", each(lambda: (plain.row(place) for place in places)))
    show("read all rows in order (bytes)", timed(lambda: sum(1 for _ in plain.snapshot().texts()))[1])
    plain.close()

    copies = [timed(lambda: subprocess.run(["cp", path, path.with_suffix(".copy")], check=True))[1] for _ in range(5)]
    synced = [timed(lambda: copy_and_sync(path, path.with_suffix(".copy")))[1] for _ in range(5)]
    store = RowStore.open(path, journals=path.parent / "journals")
    store.index_all()
    saves: list[float] = []
    for n in range(5):
        store.set_field(n, "output", "changed")
        saves.append(timed(store.save)[1])
    show("cp", statistics.median(copies))
    show("cp, then sync of the copy", statistics.median(synced))
    show("save one changed row (synced)", statistics.median(saves))
    print(f"save is {statistics.median(saves) / statistics.median(synced):.2f} × cp with sync")
    show("private memory at the end, since before opening", private_memory() - before, "MB", 1e-6)
    store.close()


def copy_and_sync(source: Path, target: Path) -> None:
    subprocess.run(["cp", source, target], check=True)
    subprocess.run(["sync", target], check=True)


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """What it gave and the seconds it took."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def each(work: Callable[[], Iterator[object]]) -> float:
    """Median seconds of one item."""
    took: list[float] = []
    start = time.perf_counter()
    for _ in work():
        now = time.perf_counter()
        took.append(now - start)
        start = now
    return statistics.median(took)


def private_memory() -> int:
    """Bytes that only this process uses (USS)."""
    rollup = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    return sum(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Private_"))


def show(what: str, value: float, unit: str = "ms", scale: float = 1e3) -> None:
    print(f"  {what:<50} {value * scale:10,.3f} {unit}", flush=True)


if __name__ == "__main__":
    main()
