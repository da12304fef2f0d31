"""The first screen in a folder that holds no dataset."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from data.bundled import BUNDLED
from engine.demo.files import copy_demo
from tui.literal import literal
from tui.widgets.footer import FooterLine

_TEXT = """\
burnish

A model answers wrongly, and surely: "The RP2350 runs at 1.15 GHz."
(It is 150 MHz.) Edit question-answer pairs, train, and ask both models
the same question.

There is no dataset in {folder}.

  enter   set up the demo here: {count} small files on Raspberry Pi hardware
          and a model of 135 million parameters; about a quarter of an hour
  o       open a dataset of your own: JSON lines, each with a question
          and an answer
  q       quit\
"""


class WelcomeScreen(ModalScreen[Path | None]):
    """Offers the demo; gives the dataset to open, or None when the person has one of their own."""

    DEFAULT_CSS = """
    WelcomeScreen { background: $background; }
    WelcomeScreen Vertical { width: 1fr; height: 1fr; align: center middle; }
    WelcomeScreen Static { width: 84; max-width: 100%; height: auto; padding: 1 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "demo", "Set up the demo", id="welcome.demo", tooltip="Copy the demo's datasets into this folder"
        ),
        Binding("o,escape", "own", "Open a file", id="welcome.own", tooltip="Open a dataset of your own"),
        Binding("q", "app.leave", "Quit", id="welcome.quit", tooltip="Leave without making anything"),
    ]

    def __init__(self, workspace: Path) -> None:
        super().__init__()
        self._workspace = workspace

    def compose(self) -> ComposeResult:
        """The offer, and its keys."""
        with Vertical():
            text = _TEXT.format(folder=literal(str(self._workspace), one_line=True), count=len(BUNDLED))
            yield Static(text, markup=False)
        yield FooterLine()

    def action_demo(self) -> None:
        """Copy the bundled datasets here and open the first."""
        self.dismiss(copy_demo(self._workspace))

    def action_own(self) -> None:
        """Leave it to the person."""
        self.dismiss(None)
