"""Text sent to the clipboard of the terminal, which may be on another machine, and kept in a file beside."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from pathlib import Path
from typing import Any

from textual.app import App

from data.errors import BurnishError
from data.wording import byte_size
from tui.crash_log import state_folder

MAX_BYTES = 75_000
"""Terminals drop longer OSC 52 sequences without a word; pyperclip draws the line here too."""


def copied_file() -> Path:
    """Where the text copied last is kept, readable for its owner only."""
    return state_folder() / "copied.txt"


async def send_to_clipboard(app: App[Any], text: str) -> str:
    """Send text with OSC 52, and through tmux where there is one, whose default is to swallow OSC 52.

    Whether it arrived cannot be known, so it is kept in a file as well. Gives the words that follow "row 3 …": where it
    went. Raises BurnishError when it is too long to be sent and cannot be kept either.
    """
    encoded = text.encode("utf-8", "replace")
    fits = len(encoded) <= MAX_BYTES
    if fits:
        app.copy_to_clipboard(text)
        if not app.is_web:
            await _send_through_tmux(encoded)
    whose = "browser" if app.is_web else "terminal"
    too_long = f"{byte_size(len(encoded))} is more than a {whose}'s clipboard takes"
    try:
        await asyncio.to_thread(_keep, encoded)
    except OSError as error:
        if not fits:
            refused = f"{copied_file()} cannot be written ({error.strerror})"
            raise BurnishError(f"Not copied: {too_long}, and {refused}.", title="Not copied") from error
        return f"sent to the {whose}'s clipboard"
    kept = str(copied_file()).replace(str(Path.home()), "~", 1)
    return f"sent to the {whose}'s clipboard, and kept in {kept}" if fits else f"kept in {kept}: {too_long}"


async def _send_through_tmux(encoded: bytes) -> None:
    if "TMUX" not in os.environ:
        return
    with suppress(OSError):  # no tmux here after all: OSC 52 was all that could be done
        process = await asyncio.create_subprocess_exec(
            "tmux", "load-buffer", "-w", "-", stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL
        )
        await process.communicate(encoded)


def _keep(encoded: bytes) -> None:
    path = copied_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(encoded)
