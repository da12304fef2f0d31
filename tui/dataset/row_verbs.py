"""What is done with a row or with marked ones: undo and redo, copies, moves, deletions; asking both models."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from data.errors import BurnishError
from data.wording import counted
from tui.dataset.desk import RowDesk
from tui.messages import Flashed, QuestionChosen
from tui.widgets.clipboard import send_to_clipboard

_VERBS = {"delete", "undo", "redo", "duplicate", "shift", "ask", "copy"}


class RowVerbs(Vertical):
    """The desk, and verbs that need no more than the rows at the cursor."""

    BINDING_GROUP_TITLE = "Changing rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "d", "delete", "Delete", id="dataset.delete", tooltip="Delete the marked rows, or the one at the cursor"
        ),
        Binding("u", "undo", "Undo", id="dataset.undo", tooltip="Take the last change back, saved or not"),
        Binding("t", "ask", "Ask both", id="dataset.ask", tooltip="Ask both models the question of this row"),
        Binding("ctrl+r", "redo", "Redo", show=False, id="dataset.redo", tooltip="Do again what was undone"),
        Binding(
            "J", "shift(1)", "Move down", show=False, id="dataset.move-down", tooltip="Move the row one place down"
        ),
        Binding("K", "shift(-1)", "Move up", show=False, id="dataset.move-up", tooltip="Move the row one place up"),
        Binding("D", "duplicate", "Duplicate", show=False, id="dataset.duplicate", tooltip="Copy the row below itself"),
        Binding("y", "copy", "Copy", show=False, id="dataset.copy", tooltip="Send the marked rows to the clipboard"),
    ]
    DEFAULT_CSS = """
    RowVerbs { height: 1fr; }
    """

    def __init__(self, desk: RowDesk) -> None:
        super().__init__()
        self.desk = desk

    def compose(self) -> ComposeResult:
        """The desk."""
        yield self.desk

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What cannot be done now is not offered."""
        if action not in _VERBS:
            return True
        desk, store = self.desk, self.desk.store
        if store is None or not desk.table.has_focus or desk.editor.draft is not None:
            return False
        match action:
            case "undo":
                return store.can_undo
            case "redo":
                return store.can_redo
            case "shift" if desk.browser.filtered or desk.browser.order is not None:
                return False
        return desk.table.index is not None

    def action_undo(self) -> None:
        """Take the last change back."""
        self.desk.do(lambda edits: edits.undo())

    def action_redo(self) -> None:
        """Do again what was undone."""
        self.desk.do(lambda edits: edits.redo())

    def action_duplicate(self) -> None:
        """Copy the row at the cursor."""
        if (index := self.desk.table.index) is not None:
            self.desk.do(lambda edits: edits.duplicate(index))

    def action_shift(self, step: int) -> None:
        """Move the row at the cursor one place up or down."""
        index, store = self.desk.table.index, self.desk.store
        if index is not None and store is not None and 0 <= index + step < len(store):
            self.desk.do(lambda edits: edits.move(index, index + step))

    def action_delete(self) -> None:
        """Delete the marked rows, or the one at the cursor."""
        indices = set(self.desk.table.marked) or {index for index in [self.desk.table.index] if index is not None}
        if indices:
            self.desk.do(lambda edits: edits.delete(indices))

    def action_ask(self) -> None:
        """Ask both models."""
        row = self.desk.table.row
        if row is None or row.values is None or self.desk.format is None:
            return
        if question := self.desk.format.question(row.values).strip():
            self.post_message(QuestionChosen(question, self.desk.format.answer(row.values), row.number))
        else:
            self._flash(f"row {row.number} asks nothing", "warning")

    async def action_copy(self) -> None:
        """Send rows to the terminal's clipboard, as they are in the file."""
        store, here = self.desk.store, self.desk.table.index
        if store is None or here is None:
            return
        indices = sorted(self.desk.table.marked) or [here]
        try:
            went = await send_to_clipboard(self.app, "\n".join(store.text(index) for index in indices))
        except BurnishError as error:
            self._flash(error.sentence, "error")
            return
        what = f"row {here + 1}" if len(indices) == 1 else counted(len(indices))
        self._flash(f"{what} {went}")

    def _flash(self, text: str, severity: str = "information") -> None:
        self.post_message(Flashed(text, severity=severity).set_sender(self))
