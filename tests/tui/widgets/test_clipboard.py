"""Text on its way to the terminal's clipboard."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from textual.app import App

from data.errors import BurnishError
from tui.widgets.clipboard import MAX_BYTES, send_to_clipboard


async def test_tmux_gets_the_text_on_its_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmux = tmp_path / "tmux"
    tmux.write_text('#!/bin/sh\necho "$@" > "$(dirname "$0")/arguments"\ncat > "$(dirname "$0")/taken"\n')
    tmux.chmod(tmux.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    async with App[None]().run_test() as pilot:
        await send_to_clipboard(pilot.app, "150 MHz – é")
        assert pilot.app.clipboard == "150 MHz – é"
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "150 MHz – é"
    assert (tmp_path / "arguments").read_text().split() == ["load-buffer", "-w", "-"]


async def test_a_tmux_that_is_not_there_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    async with App[None]().run_test() as pilot:
        await send_to_clipboard(pilot.app, "150 MHz")
        assert pilot.app.clipboard == "150 MHz"


async def test_what_a_terminal_would_drop_is_refused() -> None:
    async with App[None]().run_test() as pilot:
        with pytest.raises(BurnishError, match="73 KiB is more"):
            await send_to_clipboard(pilot.app, "x" * (MAX_BYTES + 1))
        assert pilot.app.clipboard == ""
