"""A Textual app for thin lines: it sends changed cells instead of painted regions, and no frame behind a stalled one.

All that burnish knows of how Textual 8.2.8 displays a frame is in this folder. tests/tui/display/test_contract.py fails
when Textual's part of it changes; with any other version at run time the app displays as Textual does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import textual
from rich.color import ColorSystem
from rich.console import RenderableType
from textual import on
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ReturnType
from textual.driver import Driver
from textual.events import DescendantFocus, Event, InputEvent, Resize
from textual.filter import Monochrome, NoColor
from textual.geometry import Size
from textual.messages import ExitApp
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Input, TextArea

from tui.display.colourless import Colourless
from tui.display.flow import SILENCE, Flow
from tui.display.intake import PasteUnfinished
from tui.display.pen import fills
from tui.display.picture import Picture
from tui.messages import Flashed

KNOWN_TEXTUAL = "8.2.8"
"""The version whose display this is written for; pyproject.toml pins the same."""

OFF_SWITCH = "BURNISH_PLAIN_DISPLAY"
"""Set to 1 in the environment, it leaves the display to Textual."""

_RETRY = 0.01
"""Seconds until the next look at a line that was behind."""

_LAST_ANSWERS = 1.0
"""Seconds that the end, or a stop, waits for answers which the shell would take for typed otherwise."""


def _textual_is_known() -> bool:
    """Whether the installed Textual is the known one, by the name of its metadata: reading them takes 15 ms."""
    return Path(textual.__file__).parent.with_name(f"textual-{KNOWN_TEXTUAL}.dist-info").is_dir()


class LineApp(App[ReturnType]):
    """An app whose frames cost what changed. Any fault of its own display leaves the rest to Textual's."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._sends_cells = os.environ.get(OFF_SWITCH) != "1" and _textual_is_known()
        self._picture: Picture | None = None
        self._terminal_size: Size | None = None
        self._erases = fills(os.environ)
        self._flow = Flow()
        self._retry: asyncio.TimerHandle | None = None
        self._next: list[Callable[[], object]] = []
        """What is done when the terminal has answered; nothing is sent until then."""
        self._ends = False
        self.quiet = False
        """Whether nothing moves by itself or under the mouse: no blinking, no hovering, no animation."""

    def get_driver_class(self) -> type[Driver]:
        """Our own terminal in place of Textual's; the web and tests have theirs."""
        driver = super().get_driver_class()
        if driver.__name__ != "LinuxDriver" or not _textual_is_known():
            return driver
        from tui.display.line_driver import LineDriver

        return LineDriver

    def be_quiet(self) -> None:
        """From now on nothing moves by itself or under the mouse."""
        self.quiet = True
        self.animation_level = "none"

    def without_colour(self) -> None:
        """Send no colours; for when the theme is chosen. Textual would send greys."""
        colourless = Colourless(self.current_theme)
        self._filters = [each for each in self._filters if not isinstance(each, Monochrome | NoColor)] + [colourless]
        self.watch(self, "theme", lambda: colourless.wear(self.current_theme), init=False)

    @on(DescendantFocus)
    def _hold_cursor(self, event: DescendantFocus) -> None:
        if self.quiet and isinstance(event.widget, Input | TextArea):
            event.widget.cursor_blink = False

    @on(PasteUnfinished)
    def _tell_of_paste(self) -> None:
        words = "A paste has not ended: its end was lost on the way. Press escape to end it."
        self.post_message(Flashed(words, severity="warning"))

    def resend(self) -> None:
        """Send every cell, after something else wrote on the terminal."""
        if self._sends_cells and self._picture is not None:
            self._picture.forget()
            self._flow.forget()
            self._send()
        else:
            self.refresh(repaint=True, layout=True)

    def on_resize(self, event: Resize) -> None:
        """What a terminal of another size shows is unknown, and so is what one shows when the app resumes.

        Textual tells of a resume as of a resize without pixels; one with pixels and the known size says nothing new.
        """
        self._terminal_size = event.size
        if self._picture is None or not self._sends_cells:
            return
        if event.size != self._picture.size or event.pixel_size is None:
            self._picture.forget()
            self._flow.forget()
        self._send()

    async def on_event(self, event: Event) -> None:
        """What comes from the terminal tells that its line is there."""
        if isinstance(event, InputEvent):
            self._flow.heard()
        await super().on_event(event)

    def on_terminal_supports_synchronized_output(self) -> None:
        """The terminal has come to a question: what was sent before it is on the screen."""
        self._flow.answered()
        if not self._flow.asking:
            self._go_on()
        self._send()

    def on_exit_app(self, message: ExitApp) -> None:
        """Wait a moment for answers that are on their way."""
        if self._flow.asking and not self._ends:
            self._ends = True
            message.prevent_default()
            self.after_answers(lambda: self.post_message(ExitApp()))

    def after_answers(self, do: Callable[[], object]) -> None:
        """Give the terminal away when no answer is on its way any more, or in a moment; nothing is sent meanwhile."""
        if not self._flow.asking:
            do()
            return
        self._next.append(do)
        asyncio.get_running_loop().call_later(_LAST_ANSWERS, self._go_on)

    def _go_on(self) -> None:
        waiting, self._next = self._next, []
        for do in waiting:
            do()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Take a frame over from Textual's compositor, where it is one for a terminal."""
        if not self._sends_cells or self._batch_count or renderable is None or not self._has_terminal:
            super()._display(screen, renderable)
            return
        if not isinstance(renderable, ChopsUpdate | LayoutUpdate):
            super()._display(screen, renderable)
            self._picture = None
            return
        try:
            self._draw(screen, renderable)
        except Exception as error:  # noqa: BLE001 - see _give_up
            self._give_up(error)
        else:
            self._send()
        self.post_display_hook()

    @property
    def _has_terminal(self) -> bool:
        driver = self._driver
        if driver is None or driver.is_headless or driver.is_inline:
            return False
        return self._running and not self._closed

    def _draw(self, screen: Screen[Any], update: ChopsUpdate | LayoutUpdate) -> None:
        """Put an update on the picture."""
        compositor = screen._compositor
        if self._picture is None or self._picture.size != compositor.size:
            self._picture = Picture(*compositor.size, erases=self._erases)
            if not isinstance(update, LayoutUpdate) or update.region != compositor.size.region:
                update = compositor.render_full_update()
        system = self.console._color_system or ColorSystem.TRUECOLOR
        pieces = _painted(update) if isinstance(update, LayoutUpdate) else _cut(update)
        for x, y, strip in pieces:
            self._picture.put(x, y, strip, system)

    def _send(self) -> None:
        """Write what differs, unless the line is behind or the terminal got another size: then the next frame does."""
        picture, driver = self._picture, self._driver
        if picture is None or driver is None or not self._has_terminal or not self._sends_cells:
            return
        if self._terminal_size is not None and picture.size != self._terminal_size:
            return
        writer = getattr(driver, "_writer_thread", None)
        if writer is not None and writer._queue.qsize():
            self._try_again_in(_RETRY)
            return
        if not self._flow.open or self._next or self._ends:
            self._try_again_in(SILENCE)
            return
        try:
            x, y = self.screen.outer_size.clamp_offset(self.cursor_position)
            frame = self._flow.send(picture.frame((x, y)))
        except Exception as error:  # noqa: BLE001 - see _give_up
            self._give_up(error)
            return
        if frame:
            driver.write(f"{SYNC_START}{frame}{SYNC_END}" if self._sync_available else frame)
            driver.flush()

    def _give_up(self, error: Exception) -> None:
        """Whatever is wrong here, the app goes on with Textual's display, which paints everything anew."""
        from tui.crash_log import write_crash

        self._sends_cells = False
        with contextlib.suppress(OSError):
            write_crash(error)
        self.refresh(repaint=True, layout=True)

    def _try_again_in(self, seconds: float) -> None:
        """Look again after so long at the latest."""
        loop = asyncio.get_running_loop()
        if self._retry is not None:
            if self._retry.when() <= loop.time() + seconds:
                return
            self._retry.cancel()
        self._retry = loop.call_later(seconds, self._try_again)

    def _try_again(self) -> None:
        self._retry = None
        if not self._batch_count:
            self._send()


def _painted(update: LayoutUpdate) -> Iterator[tuple[int, int, Strip]]:
    """The strips of a whole frame with their places, as `LayoutUpdate.render_segments` lays them out."""
    for y, line in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in line:
            yield x, y, strip
            x += strip.cell_length


def _cut(update: ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """The strips of a part of a frame with their places, as `ChopsUpdate.render_segments` lays them out."""
    for y, first, last in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x > last or end <= first:
                continue
            yield x, y, strip if x >= first and end <= last else strip.crop(0, min(end, last) - x)
