"""Two answers of 300 tokens a second each: how far the screen is behind the servers, and how soon a key is painted."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.chat.arms import Arm, write_arms
from engine.demo.files import copy_demo
from tests.bench.compare_server import PACE, number_of
from tests.terminal import Terminal

FIRST, KEY, BEHIND = 0.030, 0.100, 0.5
"""Targets in seconds: the first words behind the server's, a key to its paint, the newest words behind the server's."""
ROUNDS = 8
KEYS = 60
LOOKS = 60
COLUMNS = 120

_WORD = re.compile(r"\bq([a-j]+)\b")
Server = subprocess.Popen[str]


@contextmanager
def two_servers(workspace: Path, pace: float = PACE) -> Iterator[list[Server]]:
    """Two servers that stream words at a pace, which are the workspace's arms."""
    command = [sys.executable, "-m", "tests.bench.compare_server", str(pace)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in "ab"]
    try:
        ports = [int(_line(server)) for server in running]
        write_arms(workspace, [Arm(name, f"http://127.0.0.1:{port}") for name, port in zip("ab", ports, strict=True)])
        yield running
    finally:
        for server in running:
            server.kill()
            server.wait()


def _line(server: Server) -> str:
    assert server.stdout is not None
    return server.stdout.readline()


def measure(workspace: Path) -> dict[str, tuple[float, float | None]]:
    """Seconds of each figure, with its target."""
    command = [str(Path(sys.executable).with_name("burnish")), str(workspace)]
    with two_servers(workspace) as servers, Terminal(command, columns=COLUMNS) as terminal:
        terminal.wait_for("RP2350")
        terminal.send("3")
        terminal.wait_for("ask both")
        first = sorted(_first_words(terminal, servers) for _ in range(ROUNDS))
        behind = sorted(_behind(terminal, servers))
        keys = sorted(_keys(terminal, servers))
    return {
        "first words behind the server's, median": (statistics.median(first), None),
        "first words behind the server's, most": (first[-1], FIRST),
        "newest words behind the server's, 95th": (behind[int(len(behind) * 0.95)], BEHIND),
        "key to paint, median": (statistics.median(keys), None),
        "key to paint, 95th": (keys[int(len(keys) * 0.95)], KEY),
    }


def ask(terminal: Terminal, servers: list[Server]) -> list[float]:
    """Ask; gives the clock at which each server said its first word."""
    _type(terminal)
    terminal.send("How much memory?\r")
    return [float(_line(server)) for server in servers]


def _type(terminal: Terminal) -> None:
    """Go to the prompt line, and wait until the keys of the pane have made way for those of the line."""
    terminal.wait_until_gone("Leave the line")
    terminal.send("i")
    terminal.wait_for("Leave the line")


def _first_words(terminal: Terminal, servers: list[Server]) -> float:
    begun = ask(terminal, servers)
    shown: dict[int, float] = {}
    while len(shown) < len(begun):
        terminal.read(0.2)
        now = time.perf_counter()
        for side, newest in enumerate(newest_words(terminal)):
            if newest is not None:
                shown.setdefault(side, now)
    terminal.send("s")
    terminal.wait_for("stopped by you")
    return max(shown[side] - start for side, start in enumerate(begun))


def _behind(terminal: Terminal, servers: list[Server]) -> Iterator[float]:
    begun = ask(terminal, servers)
    end = time.perf_counter() + 1.0
    while time.perf_counter() < end:
        terminal.read(0.1)
    for _ in range(LOOKS):
        terminal.read(0.1)
        now = time.perf_counter()
        for start, newest in zip(begun, newest_words(terminal), strict=True):
            yield now - start - (newest or 0) / PACE
    terminal.send("s")
    terminal.wait_for("stopped by you")


def _keys(terminal: Terminal, servers: list[Server]) -> Iterator[float]:
    ask(terminal, servers)
    _type(terminal)
    for _ in range(KEYS):
        for key, there in (("z", True), ("\x7f", False)):
            started = time.perf_counter()
            terminal.send(key)
            while ("> z" in terminal.text) is not there:
                terminal.read(0.5)
                assert time.perf_counter() - started < 10, terminal.text
            yield time.perf_counter() - started


def newest_words(terminal: Terminal) -> tuple[int | None, int | None]:
    """The newest numbered word on each half of the screen."""
    middle = COLUMNS // 2
    halves = ([line[:middle] for line in terminal.screen.display], [line[middle:] for line in terminal.screen.display])
    found = [[number_of(letters) for line in half for letters in _WORD.findall(line)] for half in halves]
    return max(found[0], default=None), max(found[1], default=None)


def main() -> int:
    """Print the figures; 1 when a target is missed."""
    met = True
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        copy_demo(workspace)
        for name, (seconds, target) in measure(workspace).items():
            aim = "" if target is None else f"   (target at most {target * 1000:.0f} ms)"
            print(f"  {name:42} {seconds * 1000:6.0f} ms{aim}")
            met &= target is None or seconds <= target
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
