"""The two import rules: arrows run downward only, and the screen pulls in nothing heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "transformers", "trl", "peft", "accelerate", "datasets", "bitsandbytes", "vllm", "pandas", "numpy"}
OURS = {"tui", "engine", "data", "themes", "tests"}
MAY = {
    "tui": {"tui", "engine", "data", "themes", "textual", "rich"},
    "engine": {"engine", "data"},
    "data": {"data"},
    "themes": {"themes", "textual"},
}
SCREEN = {"textual", "rich"}


def imported(file: Path) -> set[str]:
    """The top-level names that a file imports, wherever in the file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {each.name.split(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("room", MAY)
def test_arrows_run_downward(room: str) -> None:
    for file in sorted((ROOT / room).rglob("*.py")):
        wrong = imported(file) & (OURS | SCREEN) - MAY[room]
        assert not wrong, f"{file.relative_to(ROOT)} imports {wrong}"


def test_data_knows_no_torch() -> None:
    for file in sorted((ROOT / "data").rglob("*.py")):
        assert not imported(file) & HEAVY, f"{file.relative_to(ROOT)} imports a heavy package"


def test_the_screen_pulls_in_nothing_heavy() -> None:
    """All that the screen and the engine may load in the screen's process, the panes that load late included."""
    modules = ["tui.app", "tui.help", "tui.welcome", "tui.dataset.pane", "tui.training.pane", "tui.compare.pane"]
    code = f"import importlib, sys; [importlib.import_module(m) for m in {modules}]; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & HEAVY
