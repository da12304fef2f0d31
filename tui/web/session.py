"""One open page: the process that draws its screen, started without a shell and ended with the page."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Any, cast

from textual_serve.app_service import AppService

from tui.literal import literal

GRACE = 8.0
"""Seconds that a screen has to end by itself."""

_WAITING = 1 << 14
"""Bytes of frames that wait here for a slow browser; the rest waits in the screen, which then leaves frames out."""

_LARGEST = 1000
"""Columns and lines that a page can ask for."""

_NOT_OURS = ("TMUX", "TMUX_PANE", "STY", "TEXTUAL", "TEXTUAL_LOG")
"""Variables of the terminal that the server runs in: with the first three, text would go to tmux or screen there."""


class Session(AppService):
    """A process of the screen behind a websocket."""

    def __init__(self, words: Sequence[str], *, folder: str, say: Callable[[str], None], **page: Any) -> None:
        super().__init__("burnish", **page)
        self._words = tuple(words)
        self._folder = folder
        self._say = say
        self._ending = asyncio.Lock()
        """The end of the page and that of the server may come together, and AppService can be stopped once."""

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        """What the terminal of this page can do, which is not the terminal that the server runs in."""
        environment = super()._build_environment(width, height)
        for name in _NOT_OURS:
            environment.pop(name, None)
        environment["TERM"] = "xterm-256color"
        environment["COLORTERM"] = "truecolor"
        environment["TEXTUAL_DRIVER"] = "tui.display.web_line:WebLineDriver"
        return environment

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """Start the screen in a process group of its own: ctrl+c in the server's terminal is not for it."""
        process = await asyncio.create_subprocess_exec(
            *self._words,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(_bounded(width), _bounded(height)),
            start_new_session=True,
            limit=_WAITING,
        )
        self._opened = process
        self._stdin = process.stdin
        self._process = cast(Process, _WithoutErrors(process))
        return process

    async def run(self) -> None:
        """Hand frames to the page until the screen ends; then say what it said last, and close the page."""
        process = self._opened
        assert process.stdout is not None
        assert process.stderr is not None
        errors = asyncio.create_task(process.stderr.read())
        await super().run()
        # A page that is gone takes no more frames; the screen still writes some while it ends.
        while await process.stdout.read(_WAITING):
            continue
        if words := (await errors).decode("utf-8", "replace").strip():
            self._say(literal(words))
        await process.wait()
        with contextlib.suppress(ConnectionError, RuntimeError):
            await self.remote_close()

    async def on_meta(self, data: bytes) -> None:
        """Do what the screen asks of its page: open a link of the web, or take a file."""
        wish = json.loads(data)
        if wish["type"] == "open_url" and not wish["url"].startswith(("http://", "https://")):
            return  # such a link may come from a model's answer
        if wish["type"] != "deliver_file_start":
            await super().on_meta(data)
            return
        await self._download_manager.create_download(
            app_service=self,
            delivery_key=wish["key"],
            file_name=PurePath(wish["path"]).name,
            open_method="download",
            mime_type=wish["mime_type"] or "application/octet-stream",
            encoding=wish["encoding"],
            name=wish["name"],
        )
        # The page's script would look for it outside of our folder. As a download it does not replace the page.
        address = f"{self._folder}/download/{wish['key']}"
        await self.remote_write_str(json.dumps(["open_url", {"url": address, "new_tab": False}]))

    async def stop(self) -> None:
        """End the screen; one that does not is killed, with what it started in its group."""
        async with self._ending:
            ending = asyncio.create_task(super().stop())
            try:
                await asyncio.wait({ending}, timeout=GRACE)
            finally:
                if not ending.done():
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(self._opened.pid, signal.SIGKILL)
            await ending

    async def set_terminal_size(self, width: int, height: int) -> None:
        """Tell the screen how large its page is."""
        await super().set_terminal_size(_bounded(width), _bounded(height))


class _WithoutErrors:
    """A process whose errors are read elsewhere: AppService writes them to the terminal as they are."""

    def __init__(self, process: Process) -> None:
        self.stdout = process.stdout
        self.stderr = asyncio.StreamReader()
        self.stderr.feed_eof()


def _bounded(cells: int) -> int:
    return max(1, min(cells, _LARGEST))
