"""Random steps on an emulated terminal: `python -m tests.tui.display.storm [STEPS]` does them and counts wrong cells.

After each step the terminal must show what a terminal shows that is sent everything anew, attributes included, and,
where all glyphs are ones on whose cells the emulator and Rich agree, what a terminal shows that Textual itself sends
the same updates. (A repaint may show more: Textual 8.2.8 does not draw every text area again that it has wrapped anew.)
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from random import Random
from typing import Any

from rich.console import RenderableType
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Resize
from textual.geometry import Size
from textual.messages import TerminalSupportsSynchronizedOutput
from textual.pilot import Pilot
from textual.screen import ModalScreen, Screen
from textual.widgets import DataTable, Footer, Header, Static, TextArea

from tests.tui.display.captured import driver_of, on_terminal, resize
from tests.tui.display.emulator import Emulator
from tui.display.line_app import LineApp
from tui.display.picture import Picture

STEPS = 10_000
SETTLED = ["one", "two words", "漢字かな", "über", "Ωμέγα", "한국어", "", "→ ✓ │", "      "]
"""Words on whose cells Rich and the emulator agree."""
UNSETTLED = [
    *SETTLED,
    "👩‍👩‍👧 family",
    "🇩🇪🇯🇵",
    "👍🏽ok",
    "😀",
    "⚠️ 1️⃣",
    "e\u0301 n\u0303\u0323",
    "שלום עולם",
    "مرحبا 12",
    "नमस्ते",
    "\ue0a0 \u200d\ufe0f",
]
STYLES = ["", "bold", "red on blue", "reverse", "underline italic", "#102030 on #ffeedd", "strike dim"]
THEMES = ["textual-dark", "textual-light", "nord", "ansi-dark"]


class Question(ModalScreen[None]):
    """A screen over another one."""

    def compose(self) -> ComposeResult:
        """Its words."""
        yield Static("Really?")


class Workplace(LineApp[None]):
    """A little of everything that draws. What Textual would send goes to another terminal."""

    def __init__(self) -> None:
        super().__init__()
        self.plain = Emulator(1, 1)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if isinstance(renderable, ChopsUpdate | LayoutUpdate) and not self._batch_count:
            compositor = screen._compositor
            if compositor.size != (self.plain.screen.columns, self.plain.screen.lines):
                self.plain = Emulator(*compositor.size)
                self.plain.feed(compositor.render_full_update().render_segments(self.console))
            self.plain.feed(renderable.render_segments(self.console))
        super()._display(screen, renderable)

    def compose(self) -> ComposeResult:
        """A header, a table, an editor and a line."""
        yield Header()
        with Horizontal():
            yield DataTable[str](id="table")
            yield TextArea("some text\nin lines", id="editor")
        yield Static("line", id="line", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Rows for the table."""
        table = self.query_one(DataTable)
        table.add_columns("number", "word")
        for number in range(40):
            table.add_row(str(number), SETTLED[number % len(SETTLED)])


@dataclass
class Storm:
    """Steps chosen by a seed."""

    random: Random
    words: list[str]

    async def step(self, pilot: Pilot[Any]) -> None:
        """Change something, or have the terminal changed."""
        app, random = pilot.app, self.random
        assert isinstance(app, Workplace)
        match random.randrange(13):
            case 0:
                app.query_one("#line", Static).update(self._text())
            case 1:
                app.query_one("#line", Static).styles.text_style = random.choice(["none", "bold", "reverse", "italic"])
            case 2:
                app.query_one(TextArea).insert(self._word() + random.choice(["", " ", "\n"]))
            case 3:
                editor = app.query_one(TextArea)
                editor.move_cursor((random.randrange(9), random.randrange(30)), select=random.random() < 0.3)
            case 4:
                app.query_one(DataTable).move_cursor(row=random.randrange(40))
            case 5:
                app.query_one(DataTable).update_cell_at((random.randrange(40), 1), self._styled())  # type: ignore[arg-type]
            case 6 if random.random() < 0.3:
                await resize(pilot, random.randint(20, 90), random.randint(5, 25))
            case 7:
                await self._repair(pilot)
            case 8 if len(app.screen_stack) == 1:
                await app.push_screen(Question())
            case 8:
                await app.pop_screen()
            case 9 if random.random() < 0.2:
                app.theme = random.choice(THEMES)
            case 10:
                app.query_one("#editor").display = random.random() < 0.7
            case 11:
                table = app.query_one(DataTable)
                table.scroll_relative(y=random.choice([-5, -1, 1, 1, 2, 9]), animate=False)
            case _:
                app.query_one("#line", Static).update(" " * random.randint(0, 60) + self._word())
        await _drawn(app)
        # The terminal answers whatever it was asked, so that nothing is held back.
        while app._flow.asking:
            app.post_message(TerminalSupportsSynchronizedOutput())
            await _drawn(app)

    async def _repair(self, pilot: Pilot[Any]) -> None:
        """Something else wrote on the terminal: ctrl+l, or ctrl+z and fg."""
        app = pilot.app
        assert isinstance(app, Workplace)
        driver = driver_of(app)
        driver.terminal.feed("\x1b[3;3H\x1b[31mnoise from another program\x1b[m")
        if self.random.random() < 0.5:
            app.resend()
        else:
            driver.send_message(Resize(app.size, Size(*app.size)))
            await pilot.pause()

    def _word(self) -> str:
        return self.random.choice(self.words)

    def _text(self) -> str:
        return "".join(self._word() for _ in range(self.random.randint(0, 12)))

    def _styled(self) -> Any:
        from rich.text import Text

        return Text(self._word(), style=self.random.choice(STYLES))


async def _drawn(app: Workplace) -> None:
    """Wait until what was asked for up to now is drawn; Textual's pilot waits for an idle processor besides."""
    drawn = asyncio.Event()
    app.call_later(app.call_after_refresh, drawn.set)
    await drawn.wait()


def wrong_cells(app: LineApp[Any]) -> int:
    """Cells of the terminal that are not what one shows that was sent everything anew."""
    picture = app._picture
    assert picture is not None
    whole = Picture(*picture.size)
    whole.rows = picture.rows
    expected = Emulator(*picture.size)
    expected.feed("".join(whole.frame((0, 0))))
    return driver_of(app).terminal.differing(expected)


async def rage(seed: int, steps: int, words: list[str]) -> int:
    """So many steps; gives the wrong cells, counted after each."""
    storm, wrong = Storm(Random(seed), words), 0
    app = Workplace()
    async with on_terminal(app) as pilot:
        app.post_message(TerminalSupportsSynchronizedOutput())
        for _ in range(steps):
            await storm.step(pilot)
            wrong += wrong_cells(app)
            if words is SETTLED:
                wrong += driver_of(app).terminal.differing(app.plain)
        assert app._sends_cells, "a fault left the display to Textual: see the crash log"
    return wrong


def main() -> int:
    """All steps in storms of 500, every second one with all kinds of glyphs; 1 when a cell is wrong."""
    steps, wrong = int(sys.argv[1]) if len(sys.argv) > 1 else STEPS, 0
    # Where one set of cells is rubbish, the seed finds it again.
    for seed in range(-(-steps // 500)):
        found = asyncio.run(rage(seed, min(500, steps - 500 * seed), UNSETTLED if seed % 2 else SETTLED))
        if found:
            print(f"  seed {seed}: {found} wrong cells")
        wrong += found
    print(f"  {steps:,} random steps on an emulated terminal: {wrong} wrong cells")
    return 1 if wrong else 0


if __name__ == "__main__":
    os.environ["TERM"] = "xterm-256color"
    sys.exit(main())
