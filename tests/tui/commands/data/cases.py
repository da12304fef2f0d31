"""Running a command of the group in a test."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tui.cli import main


def said(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """What `burnish data …` prints when it does what it is told."""
    assert main(["data", *map(str, words)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def told(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    """What it prints with `--json`: one value on one line."""
    out = said(capsys, *words, "--json")
    assert out.count("\n") == 1
    return json.loads(out)


def refused(capsys: pytest.CaptureFixture[str], *words: object, code: int = 2) -> str:
    """The one sentence with which it refuses."""
    assert main(["data", *map(str, words)]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err
