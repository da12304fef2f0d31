"""The workbench itself, in a pseudo-terminal: after keys and changes of size a repaint changes nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest
from pyte.screens import Char

from engine.demo.files import copy_demo
from tests.terminal import Terminal

ROOT = Path(__file__).parents[3]
KEYS = ["j", "j", "k", "G", "g", "\x1b[6~", "e", "漢字", "x y", "\x1b", "2", "3", "1", "?", "\x1b"]


def cells(terminal: Terminal) -> list[list[Char]]:
    """What stands below the header, whose gauges move by themselves, once nothing more comes."""
    terminal.settle()
    screen = terminal.screen
    return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(1, screen.lines)]


@pytest.mark.live
@pytest.mark.parametrize("seed", range(2))
def test_a_repaint_changes_nothing(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    copy_demo(tmp_path)
    command = [sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())", str(tmp_path)]
    # Without a model no tokenizer is read, whose column would come at a moment of its own.
    places = {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    with Terminal(command, cwd=ROOT, environment=places) as terminal:
        terminal.wait_for("RP2350")
        cells(terminal)
        for step in range(16):
            if step % 6 == 5:
                terminal.resize(random.randint(80, 200), random.randint(24, 50))
            terminal.send(random.choice(KEYS))
            terminal.read(0.1)
        before = cells(terminal)
        terminal.send("\x0c")
        assert cells(terminal) == before
    assert not (tmp_path / "state" / "burnish" / "crash.log").exists()
