"""The form in which an answer is put right, to become a row of a dataset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui.dataset.field import FieldArea
from tui.literal import literal
from tui.widgets.scroll import Scroll


@dataclass(frozen=True, slots=True)
class Correction:
    """What the form begins with, and what it gives back."""

    question: str
    right: str
    """The answer as it should be."""
    file: str
    """Where the row goes, relative to the workspace."""


class CorrectionForm(Vertical):
    """In the place of the answers while it is open. Nothing is written before ctrl+s."""

    BINDING_GROUP_TITLE = "Correcting an answer"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+s,ctrl+j", "keep", "Add the row", key_display="^s", id="correction.keep", tooltip="Add it to the file"
        ),
        Binding("escape", "leave", "Leave", id="correction.leave", tooltip="Back to the answers; nothing is added"),
        Binding("tab", "app.focus_next", "Next", show=False, id="correction.next", tooltip="To the next field"),
        Binding("shift+tab", "app.focus_previous", "Back", show=False, id="correction.back", tooltip="A field back"),
    ]
    DEFAULT_CSS = """
    CorrectionForm {
        display: none; height: 1fr;
        &.-open { display: block; }
        & > .correction-title { height: auto; max-height: 2; color: $accent; }
        & > .correction-problem { height: auto; display: none; }
        & > .correction-problem.-shown { display: block; }
        & > Scroll { height: 1fr; scrollbar-size-vertical: 1; }
        & .correction-label { height: 1; color: $text-muted; margin-top: 1; }
        & #correction-into { height: 1; margin-top: 1; }
        & #correction-into > Static { width: 6; color: $text-muted; }
        & #correction-into > Input {
            width: 1fr; height: 1; border: none; padding: 0; background: $surface; color: $foreground;
            &:focus { border: none; background: $panel; }
        }
    }
    """

    class Kept(Message):
        """The row is to be added."""

        def __init__(self, draft: Correction) -> None:
            super().__init__()
            self.draft = draft

    class Left(Message):
        """Nothing is to be added."""

    def __init__(self) -> None:
        super().__init__()
        self._title = Static("", classes="correction-title", markup=False)
        self._problem = Static("", classes="correction-problem", markup=False)
        self._fields = Scroll(can_focus=False)
        self._file = Input(compact=True, select_on_focus=False)
        self._file.cursor_blink = False

    def compose(self) -> ComposeResult:
        """What it does, what stands in the way, the fields, the file."""
        yield self._title
        yield self._problem
        yield self._fields
        with Horizontal(id="correction-into"):
            yield Static("into", markup=False)
            yield self._file

    async def open(self, title: str, draft: Correction) -> None:
        """Take the keyboard, the cursor in the answer."""
        self._title.update(literal(title, one_line=True))
        self.warn("")
        self._file.value = draft.file
        await self._fields.remove_children()
        question, right = FieldArea("question", draft.question), FieldArea("right answer", draft.right)
        labels = [Static(name, classes="correction-label", markup=False) for name in ("question", "right answer")]
        await self._fields.mount_all([labels[0], question, labels[1], right])
        self.add_class("-open")
        right.focus()
        right.go_to(len(draft.right))

    def take_keyboard(self) -> None:
        """Take the keyboard."""
        self._fields.query(FieldArea).last().focus()

    def close(self) -> None:
        """Hide; whoever called gives the focus to something else."""
        self.remove_class("-open")

    def warn(self, sentence: str) -> None:
        """Say why the row was not added; what was typed stays."""
        self._problem.update(Content.styled(literal(sentence, one_line=True), "$disagrees"))
        self._problem.set_class(bool(sentence), "-shown")

    @property
    def draft(self) -> Correction:
        """What is typed."""
        question, right = self._fields.query(FieldArea)
        return Correction(question.value, right.value, self._file.value.strip())

    def action_keep(self) -> None:
        """Add the row."""
        draft = self.draft
        missing = next(
            (
                name
                for name, value in (("question", draft.question), ("right answer", draft.right), ("file", draft.file))
                if not value.strip()
            ),
            "",
        )
        if missing:
            self.warn(f"The {missing} is empty.")
        else:
            self.post_message(self.Kept(draft))

    def action_leave(self) -> None:
        """Add nothing."""
        self.post_message(self.Left())
