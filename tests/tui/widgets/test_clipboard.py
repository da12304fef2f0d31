"""Text on its way to the terminal's clipboard."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from textual.app import App

from data.errors import BurnishError
from tui.widgets.clipboard import MAX_BYTES, copied_file, send_to_clipboard


def put_tmux(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Run the tests inside a tmux that does this."""
    tmux = folder / "tmux"
    tmux.write_text(f"#!/bin/sh\n{script}\n")
    tmux.chmod(tmux.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")


async def test_tmux_gets_the_text_on_its_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_tmux(tmp_path, monkeypatch, 'echo "$@" > "$(dirname "$0")/arguments"\ncat > "$(dirname "$0")/taken"')
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


async def test_what_was_copied_is_also_in_a_file_of_its_owner() -> None:
    async with App[None]().run_test() as pilot:
        went = await send_to_clipboard(pilot.app, "150 MHz – é")
    assert went.startswith("sent to the terminal's clipboard, and kept in ")
    assert went.endswith("copied.txt")
    assert copied_file().read_text(encoding="utf-8") == "150 MHz – é"
    assert stat.S_IMODE(copied_file().stat().st_mode) == 0o600


async def test_what_a_terminal_would_drop_is_only_in_the_file() -> None:
    async with App[None]().run_test() as pilot:
        went = await send_to_clipboard(pilot.app, "x" * (MAX_BYTES + 1))
        assert pilot.app.clipboard == ""
    assert went.endswith("copied.txt: 73 KiB is more than a terminal's clipboard takes")
    assert copied_file().stat().st_size == MAX_BYTES + 1


async def test_a_file_that_cannot_be_written_takes_nothing_from_the_clipboard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    copied_file().mkdir(parents=True)
    async with App[None]().run_test() as pilot:
        assert await send_to_clipboard(pilot.app, "150 MHz") == "sent to the terminal's clipboard"
        with pytest.raises(BurnishError, match="73 KiB is more"):
            await send_to_clipboard(pilot.app, "x" * (MAX_BYTES + 1))


async def test_in_a_browser_it_is_the_browser_s_clipboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no tmux's, which would be that of whoever started the server."""
    put_tmux(tmp_path, monkeypatch, 'touch "$(dirname "$0")/taken"')
    monkeypatch.setattr(App, "is_web", True)
    async with App[None]().run_test() as pilot:
        assert (await send_to_clipboard(pilot.app, "150 MHz")).startswith("sent to the browser's clipboard")
        assert pilot.app.clipboard == "150 MHz"
    assert not (tmp_path / "taken").exists()
