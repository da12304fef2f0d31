"""Stylesheets choose widgets by the name of their class, so a name stands for one widget only."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import textual.containers
import textual.widgets

TUI = Path(__file__).parent.parent.parent / "tui"


def styled_classes() -> dict[str, list[str]]:
    """Every class of ours that brings styles of its own, and the files it is in."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(TUI.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any(
                isinstance(each, ast.Assign)
                and any(isinstance(target, ast.Name) and target.id == "DEFAULT_CSS" for target in each.targets)
                for each in node.body
            ):
                found[node.name].append(str(file.relative_to(TUI)))
    return found


def test_no_two_widgets_share_a_name() -> None:
    shared = {name: files for name, files in styled_classes().items() if len(files) > 1}
    assert not shared


def test_no_widget_has_the_name_of_one_of_textual() -> None:
    assert not styled_classes().keys() & {*vars(textual.widgets)["__all__"], *vars(textual.containers)}
