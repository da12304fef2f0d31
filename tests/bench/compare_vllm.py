"""Two real vLLM servers asked at once: how far the first words on the screen are behind the servers'."""

from __future__ import annotations

import asyncio
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
from engine.models.resolve import resolve
from engine.serving.pair import start_pair
from engine.serving.servers import endpoint_of, list_servers, stop_server
from tests.terminal import Terminal

FIRST = 0.030
"""Target in seconds, for the first words of either side."""
ROUNDS = 10
COLUMNS = 120

_KEY = "BURNISH_BENCH_KEY"
_SIDES = ("base", "tuned")


def main() -> int:
    """Print the figures; 1 when the target is missed."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        copy_demo(workspace)
        with _relayed(workspace) as (relays, keys):
            first = sorted(_measure(workspace, relays, keys))
    middle, most = statistics.median(first), first[-1]
    print(f"  {'first words behind the server, median':42} {middle * 1000:6.0f} ms")
    print(f"  {f'most of {len(first)}':42} {most * 1000:6.0f} ms   (target at most {FIRST * 1000:.0f} ms)")
    return 0 if most <= FIRST else 1


@contextmanager
def _relayed(workspace: Path) -> Iterator[tuple[list[subprocess.Popen[str]], dict[str, str]]]:
    """Both servers with the bundled model, a relay before each; gives the relays and their clients' keys."""
    model = resolve("smollm2-135m-instruct", report=lambda _: None)
    relays: list[subprocess.Popen[str]] = []
    try:
        pair = asyncio.run(start_pair(workspace, model, model, lambda _: None))
        for server in pair:
            command = [sys.executable, "-m", "tests.bench.compare_relay", str(server.port)]
            relays.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        addresses = [f"http://127.0.0.1:{int(_line(relay))}" for relay in relays]
        names = [f"{_KEY}_{side.upper()}" for side in _SIDES]
        write_arms(
            workspace,
            [
                Arm(side, f"{address}#{endpoint_of(server).model}", key_env=name)
                for side, address, server, name in zip(_SIDES, addresses, pair, names, strict=True)
            ],
        )
        yield relays, {name: endpoint_of(server).api_key or "" for name, server in zip(names, pair, strict=True)}
    finally:
        for relay in relays:
            relay.kill()
            relay.wait()
        for server in list_servers(workspace):
            stop_server(server)


def _measure(workspace: Path, relays: list[subprocess.Popen[str]], keys: dict[str, str]) -> Iterator[float]:
    """Seconds from the first words that pass the relay to those on the screen, of each side and round."""
    burnish = str(Path(sys.executable).with_name("burnish"))
    with Terminal([burnish, str(workspace)], columns=COLUMNS, environment=keys) as terminal:
        terminal.wait_for("RP2350")
        terminal.send("3")
        terminal.wait_for("ask both")
        for number in range(ROUNDS):
            terminal.wait_until_gone("Leave the line")
            terminal.send("i")
            terminal.wait_for("Leave the line")
            terminal.send(f"What is the clock speed of the RP{2350 + number}?\r")
            shown = _shown(terminal)
            yield from (at - float(_line(relay)) for at, relay in zip(shown, relays, strict=True))
            terminal.send("s")
            terminal.wait_until_gone("▸ writing")


def _shown(terminal: Terminal) -> list[float]:
    """The clock at which each half of the screen showed the first words of its answer."""
    middle = COLUMNS // 2
    waiting, shown = set[int](), dict[int, float]()
    while len(shown) < len(_SIDES):
        terminal.read(0.2)
        now = time.perf_counter()
        lines = terminal.screen.display
        for side, half in enumerate(([line[:middle] for line in lines], [line[middle:] for line in lines])):
            if any("▸ waiting" in line for line in half):
                waiting.add(side)
            elif side in waiting:
                shown.setdefault(side, now)
    return [shown[side] for side in range(len(_SIDES))]


def _line(relay: subprocess.Popen[str]) -> str:
    assert relay.stdout is not None
    return relay.stdout.readline()


if __name__ == "__main__":
    sys.exit(main())
