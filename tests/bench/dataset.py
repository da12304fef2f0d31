"""The dataset pane on a JSONL file of 1,000,000 rows and about 300 MB: `make bench-data`."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.store import generate
from tests.terminal import Terminal

ROWS = 1_000_000
KEYS = 60
MANY = "chip"
"""A word of nearly every row."""
FEW = "question 77777"


def main() -> int:
    """Generate the file, measure, print; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--folder", type=Path, help="where the file goes (default: the usual temporary folder)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        path = Path(folder) / "rows.jsonl"
        generate(path, asked.rows)
        print(f"dataset pane, 120×40, {asked.rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB", flush=True)
        met = list(measure(path, asked.rows))
    print("every target is met" if all(met) else "a target is MISSED")
    return 0 if all(met) else 1


def measure(path: Path, rows: int) -> Iterator[bool]:
    """Print each figure; whether each target holds."""
    burnish = [str(Path(sys.executable).with_name("burnish")), str(path)]
    with Terminal(burnish) as terminal:
        seen = b""
        while b"\x1b[1;1H" not in seen:
            seen += terminal.read(5)
        painted = time.perf_counter() - terminal.started
        first = terminal.wait_for("question 0:")
        yield _show("first rows, after the first paint", first - painted, 0.5)
        indexed = terminal.wait_for(f"{rows:,} rows ")
        while f"{rows:,} rows …" in terminal.text:
            terminal.read(0.01)
        indexed = max(indexed, time.perf_counter() - terminal.started)
        yield _show("index complete, after the first rows", indexed - first, 1.5)
        yield _show("End shows the last row", _press(terminal, "G", f"question {rows - 1}:"), 0.050)
        terminal.send("g")
        terminal.wait_for("question 0:")
        for words, limit in ((MANY, 1.5), (FEW, 1.5), (f"output:{MANY}", 6.0)):
            yield from _filter(terminal, words, rows, limit)
        yield from _type_while_filtering(terminal, rows)
        yield _show("private memory", _private(terminal.process.pid), 150, "MB", 1e-6)
        yield from _save(terminal, path)


def _filter(terminal: Terminal, words: str, rows: int, limit: float) -> Iterator[bool]:
    """A filter over all rows: when its first hits are there, when all are."""
    terminal.send("/")
    _wait_for_line(terminal, " /")
    terminal.send(words)
    started = time.perf_counter()
    terminal.wait_for(f" of {rows:,}")
    first = time.perf_counter() - started
    while not _complete(terminal, rows):
        terminal.read(0.01)
    yield _show(f"filter {words}, all hits", time.perf_counter() - started, limit)
    _show(f"filter {words}, first hits", first)
    terminal.send("\x1b")
    while f" of {rows:,}" in terminal.text:
        terminal.read(0.05)
    terminal.wait_for("c Check")
    # Cancelled in the middle of another one.
    terminal.send("/")
    _wait_for_line(terminal, " /")
    terminal.send(f"output:{MANY}")
    terminal.wait_for(f" of {rows:,}")
    terminal.send("\x15")  # clears what was typed; a terminal holds escape back for 100 ms, as it may begin a sequence
    started = time.perf_counter()
    while f" of {rows:,}" in terminal.text:
        terminal.read(0.01)
    yield _show("filter cancelled", time.perf_counter() - started, 0.100)
    terminal.send("\x1b")
    terminal.wait_for("c Check")


def _wait_for_line(terminal: Terminal, start: str) -> None:
    """Until a line begins so."""
    deadline = time.perf_counter() + 30
    while not any(line.startswith(start) for line in terminal.text.splitlines()):
        terminal.read(0.05)
        assert time.perf_counter() < deadline, terminal.text


def _complete(terminal: Terminal, rows: int) -> bool:
    line = next((line for line in terminal.text.splitlines() if line.startswith(" / ")), "")
    return f" of {rows:,}" in line and "…" not in line


def _type_while_filtering(terminal: Terminal, rows: int) -> Iterator[bool]:
    """Keys in the editor, each until it is painted, while a filter reads every row."""
    terminal.send("/")
    _wait_for_line(terminal, " /")
    terminal.send("~no such words")
    terminal.send("\r")
    terminal.wait_for("filter")
    terminal.send("a")
    terminal.wait_for("Keep")
    took: list[float] = []
    for number in range(KEYS):
        key = "jqz"[number % 3]
        before = terminal.text.count(key)
        started = time.perf_counter()
        terminal.send(key)
        while terminal.text.count(key) == before:
            terminal.read(0.5)
            assert time.perf_counter() - started < 10, terminal.text
        took.append(time.perf_counter() - started)
    busy = "…" in terminal.text.splitlines()[1]
    took.sort()
    _show(f"typing while a filter runs{'' if busy else ' (it ended meanwhile)'}, median", statistics.median(took))
    yield _show("typing while a filter runs, 95th", took[int(len(took) * 0.95)], 0.050)
    terminal.send("\x1b")
    terminal.wait_for("again")
    terminal.send("\x1b")
    terminal.wait_until_gone("Keep")
    terminal.send("\x1b")
    terminal.wait_for("question 0:")


def _save(terminal: Terminal, path: Path) -> Iterator[bool]:
    """One changed row, against `cp` of the file."""
    copy = path.with_suffix(".copy")
    copies: list[float] = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run(["cp", path, copy], check=True)
        subprocess.run(["sync", copy], check=True)
        copies.append(time.perf_counter() - started)
        copy.unlink()
    saves: list[float] = []
    for _ in range(3):
        terminal.send("ge")
        terminal.wait_for("Keep")
        terminal.send("!\n")
        terminal.wait_for("1 unsaved")
        terminal.wait_for("c Check")
        started = time.perf_counter()
        terminal.send("w")
        while "unsaved" in terminal.text:
            terminal.read(5)  # until something is painted: a loop here would take a core from what is measured
        saves.append(time.perf_counter() - started)
    cp, save = statistics.median(copies), statistics.median(saves)
    _show("cp and sync of the file", cp)
    _show("save one changed row", save)
    yield _show("save / cp", save / cp, 2.0, "×", 1)


def _press(terminal: Terminal, key: str, text: str) -> float:
    started = time.perf_counter()
    terminal.send(key)
    terminal.wait_for(text)
    return time.perf_counter() - started


def _private(pid: int) -> float:
    """Bytes of memory that are this process's alone."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private"))


def _show(what: str, value: float, limit: float | None = None, unit: str = "ms", scale: float = 1000) -> bool:
    target = "" if limit is None else f"   (target at most {limit * (1000 if unit == 'ms' else 1):,g} {unit})"
    number = f"{value * scale:8,.2f}" if unit == "×" else f"{value * scale:8,.0f}"
    print(f"  {what:<44} {number} {unit}{target}", flush=True)
    return limit is None or value * (1 if unit != "MB" else scale) <= limit


if __name__ == "__main__":
    sys.exit(main())
