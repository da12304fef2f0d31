"""An error of ours inside the screen: a sentence on the terminal, the traceback in the log, the terminal as it was."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.demo.files import copy_demo
from tests.terminal import Terminal

BROKEN = """
import sys
from pathlib import Path
from textual import work
from tui.app import BurnishApp

def fail(app):
    raise ValueError("a fault in a handler")

@work
async def fail_later(app):
    raise ValueError("a fault in a worker")

BurnishApp.action_repaint, BurnishApp.action_guide = fail, fail_later
app = BurnishApp(Path(sys.argv[1]))
app.run()
sys.exit(app.return_code)
"""


@pytest.mark.parametrize(("key", "words"), [("\x0c", "a fault in a handler"), ("\x1bOQ", "a fault in a worker")])
def test_a_fault_ends_the_screen_with_a_sentence(tmp_path: Path, key: str, words: str) -> None:
    copy_demo(tmp_path)
    state = {"XDG_STATE_HOME": str(tmp_path / "state")}
    with Terminal([sys.executable, "-c", BROKEN, str(tmp_path)], columns=200, environment=state) as terminal:
        terminal.wait_for("RP2350")
        terminal.wait_for("? Help")
        terminal.send(key)
        assert terminal.end() == 1
        said = " ".join(terminal.text.split())
        log = tmp_path / "state" / "burnish" / "crash.log"
        assert f"burnish: ValueError inside burnish, which is our mistake; details: {log}." in said
        assert "Runs and servers go on" in said
        assert "Traceback" not in said
        assert words in log.read_text()
