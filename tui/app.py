"""The workbench: wires the panes, the engine and the lines around them together, and holds nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.events import Event, Key, Resize
from textual.screen import Screen
from textual.widgets import Input, TextArea

from themes.loader import variable_defaults
from tui.dataset.slices import Slices
from tui.filling import FillingApp
from tui.quitting import QuittingApp
from tui.settings import read_settings
from tui.terminal_kind import suit_terminal
from tui.themes import watch_themes
from tui.widgets.footer import FooterLine
from tui.widgets.header import HeaderLine
from tui.widgets.room import RoomLine


class BurnishApp(FillingApp, QuittingApp):
    """Three panes over one engine. On a large terminal all are shown; on a small one the active pane has the room."""

    TITLE = "burnish"
    CSS_PATH = "app.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares it without ClassVar
        (0, "-narrow"),
        (100, "-roomy"),
        (160, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - as above
        (0, "-short"),
        (36, "-tall"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "pane('dataset')", "Dataset", id="app.dataset", tooltip="Browse and edit the rows", show=False),
        Binding("2", "pane('training')", "Train", id="app.training", tooltip="Start and watch runs", show=False),
        Binding("3", "pane('compare')", "Compare", id="app.compare", tooltip="Ask both models", show=False),
        Binding("f3", "zoom", "Zoom", id="app.zoom", tooltip="Give the active pane all the room, or share it again"),
        Binding("f2", "guide", "Hints", id="app.guide", tooltip="Show or hide the hints of the demo", show=False),
        Binding("question_mark,f1", "help", "Help", id="app.help", tooltip="Every key of every pane", key_display="?"),
        Binding(
            "f6,apostrophe",
            "jump",
            "Jump",
            id="app.jump",
            tooltip="A letter on each place of the screen; that letter goes there",
            show=False,
        ),
        Binding(
            "f7,exclamation_mark",
            "messages",
            "Messages",
            id="app.messages",
            tooltip="The warnings and errors so far, each in full, with its log",
            show=False,
        ),
        Binding("ctrl+l", "repaint", "Repaint", id="app.repaint", tooltip="Draw the screen anew", show=False),
        Binding(
            "ctrl+z",
            "suspend_process",
            "Suspend",
            id="app.suspend",
            tooltip="Back to the shell; fg returns",
            show=False,
        ),
        Binding("q", "leave", "Quit", id="app.quit", tooltip="Quit; runs and servers go on"),
        Binding(
            "ctrl+c", "interrupt", "Quit", id="app.interrupt", tooltip="Quit; asks once", show=False, priority=True
        ),
        Binding("ctrl+q", "leave", "Quit", id="app.quit-always", tooltip="Quit", show=False, priority=True),
    ]

    def __init__(
        self, workspace: Path, *, dataset: Path | None = None, guided: bool = False, model: str | None = None
    ) -> None:
        super().__init__(workspace, dataset=dataset, guided=guided, model=model)
        settings = read_settings()
        self.own_keys = settings.keys
        """Other keys by the ids of their bindings, as the settings file has them."""
        self.set_keymap(dict(self.own_keys))
        self._problems = [*settings.problems, *suit_terminal(self, settings)]

    def compose(self) -> ComposeResult:
        """The frame, which is painted at once; what needs more imports is mounted right after that."""
        yield HeaderLine(self.workspace.name)
        yield Container(id="panes")
        yield RoomLine()
        yield self.flash_line
        yield FooterLine()

    def get_system_commands(self, screen: Screen[Any]) -> Iterator[SystemCommand]:
        """Every key's action for the command palette, with the pane that it works in."""
        from tui.palette import commands

        return commands(self, screen, iter(super().get_system_commands(screen)))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our variables, for Textual's own themes."""
        return variable_defaults()

    def on_resize(self, event: Resize) -> None:
        """Say so where the terminal is too small; Textual hands the event to the display's own handler too."""
        for line in self.screen_stack[0].query(RoomLine):
            line.judge(event.size)

    async def on_event(self, event: Event) -> None:
        """A key takes the flash away before it does anything else."""
        if isinstance(event, Key) and not event.is_forwarded:
            Slices.key_pressed()
            if self.screen is self.flash_line.screen:  # else it cannot be seen
                self.flash_line.key_pressed()
        await super().on_event(event)

    # -- keys of the whole screen -------------------------------------------------------------------------------------

    def get_key_display(self, binding: Binding) -> str:
        """A key as the footer calls it; where ? is a character that is typed, the help has its other key."""
        if binding.id == "app.help" and isinstance(self.focused, Input | TextArea):
            return "f1"
        return super().get_key_display(binding)

    def action_help(self) -> None:
        """Show every key."""
        from tui.help import HelpScreen

        self.push_screen(HelpScreen())

    def action_guide(self) -> None:
        """Show or hide the demo's hints."""
        if self.query("Guide"):
            self._guide.toggle()

    def action_repaint(self) -> None:
        """Draw everything anew, after something else wrote on the terminal."""
        self.resend()

    async def _panes_stand(self) -> None:
        """Say what of the settings and the themes cannot be used, now and whenever a theme changes."""
        if self.own_keys:
            from tui.keymap import mistakes

            self._problems += await asyncio.to_thread(mistakes, self.own_keys)
        if self._problems:
            more = len(self._problems) - 1
            rest = f" (and {more} more; `burnish keys` lists them)" if more else ""
            self._flash(f"{self._problems[0]}{rest}", "warning")
        watch_themes(self, lambda sentence: self._flash(sentence, "warning"))
