"""A terminal smaller than 80×24 shows what fits, says so, and comes back whole when it grows."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest

from engine.demo.files import copy_demo
from tests.terminal import Terminal
from tests.tui.test_app import opened
from tui.app import BurnishApp
from tui.widgets.room import RoomLine

ROOT = Path(__file__).parents[2]
BURNISH = [sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())"]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((80, 24), None),
        ((79, 24), "79×24 is too small for everything; what fits is shown, all of it from 80×24"),
        ((60, 20), "not everything fits below 80×24"),
        ((40, 12), "not everything fits below 80×24"),
        ((20, 5), "less than 80×24"),
        ((20, 3), None),
    ],
)
async def test_a_small_terminal_says_in_one_line_that_it_is(
    size: tuple[int, int], words: str | None, tmp_path: Path
) -> None:
    copy_demo(tmp_path)
    app = BurnishApp(tmp_path)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        line = app.query_one(RoomLine)
        assert bool(line.display) == (words is not None)
        if words is not None:
            assert line.size.height == 1
            assert str(line.content) == f"! {words}"
            await pilot.resize_terminal(80, 24)
            await pilot.pause()
            assert not line.display


@pytest.mark.live
def test_a_storm_of_sizes_leaves_the_right_screen(tmp_path: Path) -> None:
    copy_demo(tmp_path)
    places = {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    random = Random(7)
    with Terminal([*BURNISH, str(tmp_path)], cwd=ROOT, environment={**places, "SSH_CONNECTION": "x"}) as terminal:
        terminal.wait_for("RP2350")
        for keys in ("1", "2", "n", "\x1b", "3", "i", "\x1b", "1", "e", "\x1b", "?", "\x1b", "\x10", "\x1b", "1"):
            terminal.send(keys)
            for _ in range(5):
                terminal.resize(random.choice([1, 2, 5, 20, 40, 79, 80, 200]), random.choice([1, 2, 3, 5, 12, 24, 50]))
                terminal.read(0.03)
            if keys == "\x1b":  # with the next key close behind it, it would be taken for alt
                terminal.settle()
        terminal.resize(1, 1)
        terminal.settle()
        terminal.resize(100, 30)
        terminal.wait_for("RP2350")
        terminal.settle()
        before = terminal.text.splitlines()[1:]  # the first line has figures that move
        terminal.send("\x0c")
        terminal.settle()
        assert terminal.text.splitlines()[1:] == before
        assert terminal.process.poll() is None
        terminal.send("q")
        assert terminal.end() == 0
    assert not (tmp_path / "state" / "burnish" / "crash.log").exists()
