"""What is under the table: the row at the cursor in full, or what the model sees of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from data.rows.row import Row
from tui.dataset.detail import RowDetail
from tui.dataset.model_view import ModelView
from tui.dataset.slices import Slices
from tui.dataset.token_count import TokenCounter

if TYPE_CHECKING:
    from engine.models.tokenizer import Tokenizing


class RowPanel(Vertical):
    """Follows the cursor, and reads the tokenizer that the whole pane counts with."""

    DEFAULT_CSS = """
    RowPanel {
        & > RowDetail { height: 1fr; }
        & > ModelView { height: 1fr; }
        &.-viewing > RowDetail { display: none; }
        &.-viewing > ModelView { display: block; }
    }
    """

    class TokensCounted(Message):
        """Tokens can be counted, or more of them are, or it is known why they cannot."""

    class LongRowSeen(Message):
        """A row is shown whose tokens take a while to be counted."""

        def can_replace(self, message: Message) -> bool:
            """One is enough."""
            return isinstance(message, RowPanel.LongRowSeen)

    def __init__(self) -> None:
        super().__init__()
        self.tokens = TokenCounter()
        self.tokens.on_long_row = lambda: self.post_message(self.LongRowSeen())
        self.detail = RowDetail()
        self.view = ModelView(self.tokens)

    def compose(self) -> ComposeResult:
        """One of the two is shown."""
        yield self.detail
        yield self.view

    def show(self, row: Row | None, problem: str | None, losses: str) -> None:
        """Show this row, or nothing, why it cannot be used, and what a run measured of it."""
        self.detail.show(row, problem, losses)
        self.view.show(row)

    @property
    def viewing(self) -> bool:
        """Whether it is shown what the model sees."""
        return self.has_class("-viewing")

    @viewing.setter
    def viewing(self, wanted: bool) -> None:
        self.set_class(wanted, "-viewing")
        # Its size is known only when the layout is done, and then it draws itself.
        self.call_after_refresh(self.view.show_again)

    @work(thread=True, exclusive=True, group="tokenizer", description="read the tokenizer")
    def count_with(self, workspace: Path, wanted: Tokenizing | None) -> None:
        """Count tokens with the tokenizer of this model, or of the one that was trained last in the workspace."""
        with Slices.waited_for():  # it holds the interpreter for 0.1 s and more
            self.tokens.load(workspace, wanted)
        self.post_message(self.TokensCounted())

    @on(LongRowSeen)
    @work(thread=True, exclusive=True, group="long rows", description="count the tokens of long rows")
    def _count_long_rows(self) -> None:
        self.tokens.count_long_rows()
        self.post_message(self.TokensCounted())

    @on(TokensCounted)
    def _show_tokens(self) -> None:
        self.view.show_again()
