"""The batches that a workspace has, newest first."""

from __future__ import annotations

import time
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.message import Message

from engine.evaluation.wording import share_words
from engine.reports import BatchListed
from tui.literal import literal
from tui.widgets.chosen_lines import ChosenLines
from tui.widgets.lines import Line, cut

_ID = 24
_MADE = 13
_STATE = 16


class BatchList(ChosenLines):
    """One line each; enter shows its rows."""

    DEFAULT_CSS = """
    BatchList { height: 1fr; padding: 0 1; }
    """
    BINDING_GROUP_TITLE = "Earlier evaluations"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="batches.open", tooltip="Show the rows of this evaluation"),
    ]

    class Opened(Message):
        """A batch is to be shown."""

        def __init__(self, batch_id: str) -> None:
            super().__init__()
            self.batch_id = batch_id

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._batches: tuple[BatchListed, ...] = ()

    def show_batches(self, batches: tuple[BatchListed, ...]) -> None:
        """Show these from now on."""
        self._batches = batches
        self.draw()

    def length(self) -> int:
        """How many there are."""
        return len(self._batches)

    def nothing(self) -> str:
        """What to do where there is none."""
        return "no evaluation yet; n starts one"

    def heading(self, width: int) -> Line:
        """Names of the columns."""
        text = f"  {'evaluation':<{_ID}}{'made':<{_MADE}}{'answers':<{_STATE}}{'right':<24}of"
        return ((cut(text, width), "dim"),)

    def line(self, index: int, width: int, *, chosen: bool) -> Line:
        """One batch."""
        each = self._batches[index]
        batch = each.batch
        made = time.strftime("%m-%d %H:%M", time.localtime(batch.made))
        sign = "▶" if each.running else "✓" if each.answered == batch.total else "■"
        state = f"{sign} {each.answered:,}/{batch.total:,}" + (f" !{each.failed:,}" if each.failed else "")
        shares = "  ".join(f"{literal(arm.arm, one_line=True)} {share_words(arm)}" for arm in each.arms)
        name = cut(batch.id, _ID - 1)
        text = f"{name}{' ' * (_ID - cell_len(name))}{made:<{_MADE}}{state:<{_STATE}}{shares:<23} "
        text += literal(batch.source, one_line=True)
        return (
            ("▸ " if chosen else "  ", "cursor-accent" if chosen else ""),
            (cut(text, width - 2), "cursor" if chosen else ""),
        )

    def action_open(self) -> None:
        """Show the rows."""
        if self._batches:
            self.post_message(self.Opened(self._batches[self._at].batch.id))
