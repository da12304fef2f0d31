"""What tui/display takes for granted. Red means: read how Textual displays again, before pinning another one."""

from __future__ import annotations

import hashlib
import inspect
import io
import textwrap
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import textual
from rich.style import Style
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual._parser import Parser
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen
from textual.strip import Strip

from tui.display.line_app import KNOWN_TEXTUAL, _textual_is_known

ROOT = Path(__file__).parents[3]

READ = {
    App._display: "2dc2767da9031286",
    App._begin_update: "2ed4005fb8df368e",
    App._end_update: "c44fe8abc3f14c37",
    Screen._compositor_refresh: "55663d2f194daeb7",
    LayoutUpdate.__init__: "bbb12180c674e656",
    LayoutUpdate.render_segments: "241f12e4f5ea085a",
    ChopsUpdate.__init__: "0322b11d9d00c27f",
    ChopsUpdate.render_segments: "d6ddb7d34a6c23ec",
    Compositor.render_update: "f2bd27da1b793d1e",
    Compositor.render_full_update: "95c5bf6a388875df",
    Compositor.render_partial_update: "342f61fb3b24dffe",
    Strip.render_ansi: "468827a60445870b",
    Strip.render_style: "a7e0cafb8cf327ce",
    WriterThread: "411a9202bed5a877",
    LinuxDriver.__init__: "8ffb11d084a66090",
    LinuxDriver.start_application_mode: "a6a78976dcf6f302",
    LinuxDriver.stop_application_mode: "8fb0dc87358d4327",
    LinuxDriver._sigtstp_application: "8044421ac7ab32cb",
    LinuxDriver._sigcont_application: "5c1afbf36f9eaa86",
    LinuxDriver._enable_mouse_support: "484d420dce12880f",
    LinuxDriver.disable_input: "d19b820bfe914abc",
    LinuxDriver.close: "e53d5bcd492141df",
    LinuxDriver._run_input_thread: "f535433fe281392a",
    LinuxDriver.run_input_thread: "03c4634c663e82c5",
    LinuxDriver.process_message: "b97b81acaba6033d",
    XTermParser.parse: "218709843b768d87",
    Parser.feed: "73c101c780461d02",
    Parser.tick: "ca5178b1f48d5432",
}
"""What was read, and the SHA-256 of its source without indentation, its first 16 digits."""


def digest(source: Callable[..., Any]) -> str:
    text = textwrap.dedent(inspect.getsource(inspect.unwrap(source)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_the_version_is_pinned_exactly() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"textual=={KNOWN_TEXTUAL}" in project["dependencies"]
    assert textual.__version__ == KNOWN_TEXTUAL
    assert _textual_is_known()


@pytest.mark.parametrize("source", READ, ids=lambda each: each.__qualname__)
def test_textual_displays_as_it_was_read(source: Callable[..., Any]) -> None:
    assert digest(source) == READ[source], f"{source.__qualname__} is not what tui/display was written for"


def test_the_writer_says_how_much_waits() -> None:
    writer = WriterThread(io.StringIO())
    assert writer._queue.qsize() == 0
    writer.write("waits")
    assert writer._queue.qsize() == 1


def test_the_app_has_what_a_frame_needs() -> None:
    app: App[None] = App()
    assert app._sync_available is False
    assert app._batch_count == 0
    assert app._driver is None
    assert (app._running, app._closed) == (False, False)
    assert (SYNC_START, SYNC_END) == ("\x1b[?2026h", "\x1b[?2026l")
    assert Style(bold=True)._ansi is None
    assert Style(link="x")._link == "x"
