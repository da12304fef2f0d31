"""Text sent to the clipboard of the terminal, which may be on another machine."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from typing import Any

from textual.app import App

from data.errors import BurnishError
from data.wording import byte_size

MAX_BYTES = 75_000
"""Terminals drop longer OSC 52 sequences without a word; pyperclip draws the line here too."""


async def send_to_clipboard(app: App[Any], text: str) -> None:
    """Send text with OSC 52, and through tmux where there is one, whose default is to swallow OSC 52.

    Whether it arrived cannot be known. Raises BurnishError when it is too long to be sent.
    """
    encoded = text.encode("utf-8", "replace")
    if len(encoded) > MAX_BYTES:
        raise BurnishError(
            f"Not copied: {byte_size(len(encoded))} is more than a terminal's clipboard takes.",
            title="Not copied",
        )
    app.copy_to_clipboard(text)
    if "TMUX" not in os.environ:
        return
    with suppress(OSError):  # no tmux here after all: the sequence above was all that could be done
        process = await asyncio.create_subprocess_exec(
            "tmux", "load-buffer", "-w", "-", stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL
        )
        await process.communicate(encoded)
